"""The scheduled Lambda that fetches GitHub's hook ranges.

Owns the decoding, and the metric behind the alarm: a failure keeps the last good copy and raises.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges_store import HookRangesStore

logger = Logger()
metrics = Metrics(namespace="GCSMTTR")


@cache
def _store() -> HookRangesStore:
    return HookRangesStore(boto3.client("ssm"), parameter=os.environ["HOOK_RANGES_PARAMETER"])


@logger.inject_lambda_context
@metrics.log_metrics
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Refresh the stored copy: `{"ranges": how many}`."""
    failed = 1
    try:
        ranges = _store().refresh(os.environ["META_URL"])
        failed = 0
    except HookRangesError as error:
        logger.warning("hook ranges kept as they were", reason=error.reason)
        raise
    finally:
        metrics.add_metric("HookRangesRefreshFailed", MetricUnit.Count, failed)
    logger.info("hook ranges refreshed", ranges=len(ranges.networks))
    return {"ranges": len(ranges.networks)}
