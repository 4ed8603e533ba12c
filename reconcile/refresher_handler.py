"""The scheduled Lambda function that fetches GitHub's hook ranges.

Decodes the environment, and stores what was fetched. A failure keeps the last good copy and raises.
Each run reports the age of the copy as a metric, also a run that fails.
"""

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.clients import TABLES, make_at_start
from ingest.errors import HookRangesError
from ingest.metrics.names import HOOK_RANGES_AGE
from ingest.metrics.report import report
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.stored_ranges import StoredRanges
from reconcile.workflow.connected_apps import read_apps
from reconcile.workflow.hook_ranges import download

logger = Logger()


@cache
def _store() -> HookRangesStore:
    return HookRangesStore(
        boto3.client("ssm", config=TABLES.config), parameter=os.environ["HOOK_RANGES_PARAMETER"]
    )


@cache
def _secrets() -> Any:  # noqa: ANN401
    return boto3.client("secretsmanager", config=TABLES.config)


make_at_start(_store, _secrets)


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Refresh the stored copy and return its size, `{"ranges": 12}`.

    Raises:
        HookRangesError: The ranges could not be fetched, read or stored.
    """
    try:
        ranges = download(
            os.environ["META_URL"],
            read_apps=lambda: read_apps(_secrets(), secret_id=os.environ["GITHUB_APPS_SECRET_ID"]),
            refused=lambda error: logger.warning(
                "hook ranges not read as an App", error=type(error).__name__
            ),
        )
        _store().write(StoredRanges(ranges, datetime.now(UTC)))
    except HookRangesError as error:
        logger.warning("hook ranges not refreshed", reason=error.reason)
        _report_age()
        raise
    _report_age()
    logger.info("hook ranges refreshed", ranges=len(ranges.networks))
    return {"ranges": len(ranges.networks)}


def _report_age() -> None:
    """Send the age of the stored copy; send nothing if no copy can be read."""
    try:
        stored = _store().read()
    except HookRangesError as error:
        logger.warning("age of the hook ranges unknown", reason=error.reason)
        return
    if stored is None:
        return
    age_h = stored.age_h(datetime.now(UTC))
    report({HOOK_RANGES_AGE: round(age_h, 3)}, unit=MetricUnit.NoUnit)
