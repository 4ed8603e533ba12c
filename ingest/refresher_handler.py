"""The scheduled Lambda function that fetches GitHub's hook ranges.

Decodes the environment and calls the store. A failure keeps the last good copy and raises: the
alarm counts the function's errors.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges_store import HookRangesStore

logger = Logger()


@cache
def _store() -> HookRangesStore:
    return HookRangesStore(boto3.client("ssm"), parameter=os.environ["HOOK_RANGES_PARAMETER"])


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Refresh the stored copy and return its size, `{"ranges": 12}`.

    Raises:
        HookRangesError: The ranges could not be fetched, read or stored.
    """
    try:
        ranges = _store().refresh(os.environ["META_URL"])
    except HookRangesError as error:
        logger.warning("hook ranges not refreshed", reason=error.reason)
        raise
    logger.info("hook ranges refreshed", ranges=len(ranges.networks))
    return {"ranges": len(ranges.networks)}
