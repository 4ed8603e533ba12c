"""Recording an event in the All Events table: read, add the change, fold, write on condition.

Owns the table's I/O of the ingest side, and how long changes of an alert that was never created are
kept. What an event means is `alert`'s, what a row looks like is `alert_row`'s.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key, alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import Change, add, change_of
from ingest.backoff import Backoff, pause
from ingest.errors import IngestError
from ingest.event import AlertEvent
from ingest.names import folded
from ingest.revision import unchanged_since

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_CHANGES = 1_000
"""More changes than this of one alert are refused."""
MAX_CHANGES_BYTES = 300_000
"""Packed changes of more bytes are refused, so that a row stays far below DynamoDB's 400 KB."""

UNKNOWN_CHANGES_DAYS = 90
"""How long changes of an alert that was never created are kept, unless a setting says otherwise."""

MAX_ATTEMPTS = 12
_BACKOFF = Backoff(first_s=0.02, longest_s=0.5)
_DAY_S = 86_400


class Recorded(StrEnum):
    """What became of an event.

    STORED: it is in its alert. KEPT: its alert was never created; it is kept until that happens, or
    until it expires. UNCHANGED: it was recorded before.
    """

    STORED = "stored"
    KEPT = "kept"
    UNCHANGED = "unchanged"


class RecordingError(IngestError):
    """An event that cannot be recorded: `too_many_changes`, or `write_contention`."""


class AlertStore:
    """The All Events table as the recorder sees it. `clock` gives seconds since 1970."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table: str,
        unknown_changes_days: int = UNKNOWN_CHANGES_DAYS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._table = table
        self._unknown_changes_s = unknown_changes_days * _DAY_S
        self._clock = clock

    def read(self, repository: str, number: int) -> AlertRow | None:
        """The row of an alert or of its kept changes, read consistently; None if there is none."""
        answer = self._client.get_item(
            TableName=self._table, Key=alert_key.key(repository, number), ConsistentRead=True
        )
        item = answer.get("Item")
        return None if item is None else alert_row.from_item(item)

    def record(self, event: AlertEvent) -> Recorded:
        """Add the change that an event reports to its alert, once, whatever else is written.

        Raises RecordingError; errors of DynamoDB pass through.
        """
        change = change_of(event)
        for attempt in range(MAX_ATTEMPTS):
            known = self.read(event.repository, event.number)
            before = known.changes if known else frozenset()
            changes = add(before, change)
            if changes == before:
                return Recorded.UNCHANGED
            row = self._row(event, changes, revision=known.revision + 1 if known else 1)
            item = alert_row.to_item(row)
            if len(changes) > MAX_CHANGES or _size_of_changes(item) > MAX_CHANGES_BYTES:
                raise RecordingError("too_many_changes")
            if self._write(item, read=row.revision - 1):
                return Recorded.KEPT if row.alert is None else Recorded.STORED
            pause(_BACKOFF, attempt)
        raise RecordingError("write_contention")

    def _row(self, event: AlertEvent, changes: frozenset[Change], *, revision: int) -> AlertRow:
        expires_s = int(self._clock()) + self._unknown_changes_s
        return AlertRow(folded(event.repository), event.number, revision, changes, expires_s)

    def _write(self, item: dict[str, Any], *, read: int) -> bool:
        try:
            self._client.put_item(TableName=self._table, Item=item, **unchanged_since(read))
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _size_of_changes(item: dict[str, Any]) -> int:
    return len(item["changes"]["S"].encode())
