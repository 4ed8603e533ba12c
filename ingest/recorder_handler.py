"""The Lambda function behind the state machine: it records the detail of one AlertEvent.

Decodes the detail, calls the store and encodes the outcome.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.alerts.alert_store import AlertStore
from ingest.detail import from_detail

logger = Logger()


@cache
def _store() -> AlertStore:
    return AlertStore(
        boto3.client("dynamodb"),
        table=os.environ["ALL_EVENTS_TABLE"],
        unknown_changes_days=int(os.environ["UNKNOWN_CHANGES_DAYS"]),
    )


@logger.inject_lambda_context
def handler(detail: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Record one event and return `{"outcome": "stored" | "kept" | "unchanged"}`.

    Raises:
        InvalidAlertError: The detail is not valid.
        RecordingError: The event cannot be recorded.
    """
    event = from_detail(detail)
    outcome = _store().record(event)
    logger.info(
        "recorded",
        alert=event.alert_id,
        action=event.action,
        outcome=outcome,
        delivery=event.delivery_id,
    )
    return {"outcome": outcome}
