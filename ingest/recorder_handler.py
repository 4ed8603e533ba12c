"""The Lambda function behind the state machine: it records the detail of one event.

Decodes the detail, calls the store and encodes the outcome.
"""

import os
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.alerts.alert_store import AlertStore
from ingest.alerts.change import origin_of
from ingest.clients import TABLES, make_at_start
from ingest.events import repository_event
from ingest.events.alert_detail import from_detail
from ingest.events.alert_event import AlertEvent
from ingest.events.repository_event import RepositoryEvent
from ingest.metrics.names import LEVEL, Level, Name
from ingest.metrics.report import counted, report
from ingest.origin import Origin, lags_ms
from ingest.recording.recorder import Recorded, Recorder
from ingest.repositories.repository_store import RepositoryStore

logger = Logger()


@cache
def _repositories() -> RepositoryStore:
    return RepositoryStore(
        boto3.client("dynamodb", config=TABLES.config), table=os.environ["REPOSITORIES_TABLE"]
    )


@cache
def _recorder() -> Recorder:
    client = boto3.client("dynamodb", config=TABLES.config)
    return Recorder(
        client,
        alerts=AlertStore(client, table=os.environ["ALL_EVENTS_TABLE"]),
        repositories=_repositories(),
        unknown_changes_days=int(os.environ["UNKNOWN_CHANGES_DAYS"]),
    )


make_at_start(_recorder, _repositories)


@logger.inject_lambda_context
def handler(detail: dict[str, Any], _context: LambdaContext) -> dict[str, str]:
    """Record one event and return `{"outcome": "stored" | "kept" | "unchanged" | "observed"}`.

    An event about a repository has no `alertID`.

    Raises:
        InvalidAlertError: The detail is not valid.
        RecordingError: The event cannot be recorded.
        RepositoryError: The repository cannot be recorded.
    """
    try:
        return _handled(detail)
    except Exception:
        # The state machine tries again, and keeps the error of the last attempt only.
        logger.exception("not recorded", delivery=detail.get("deliveryId"))
        raise


def _handled(detail: dict[str, Any]) -> dict[str, str]:
    if repository_event.is_detail(detail):
        return _observe(repository_event.from_detail(detail))
    event = from_detail(detail)
    conflicts_before = _recorder().conflicts
    outcome = _recorder().record(event)
    logger.info(
        "recorded",
        alert=event.alert_id,
        action=event.action,
        outcome=outcome,
        delivery=event.delivery_id,
    )
    _report(event, outcome, conflicts=_recorder().conflicts - conflicts_before)
    return {"outcome": outcome}


def _observe(event: RepositoryEvent) -> dict[str, str]:
    origin = Origin(event.delivery_id)
    _repositories().observe(event.seen, deleted_at=event.deleted_at, origin=origin)
    logger.info(
        "observed",
        repository=event.seen.name,
        action=event.action,
        delivery=event.delivery_id,
    )
    return {"outcome": "observed"}


def _report(event: AlertEvent, outcome: Recorded, *, conflicts: int) -> None:
    is_stored = outcome is Recorded.STORED
    values: dict[str, int] = {
        Name.APPLIED: is_stored,
        Name.KEPT: outcome is Recorded.KEPT,
        Name.DUPLICATES: outcome is Recorded.UNCHANGED,
        Name.CONFLICTS: conflicts,
    }
    lags = lags_ms([origin_of(event)] if is_stored else [], now_ms=time.time_ns() // 1_000_000)
    report(counted(values), {LEVEL: Level.ALERT}, lags_ms=lags)
