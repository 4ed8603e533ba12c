"""Recording of events in the All Events table: read, add the change, fold, write conditionally.

Owns the reads and writes of the recorder, and how long the changes of an alert that was never
created are stored. The meaning of a change belongs to `lifecycle`, the format of a row to
`alert_row`.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key, alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.attributes import CHANGES
from ingest.alerts.change import add, change_of, details_of
from ingest.backoff import Backoff, pause
from ingest.errors import IngestError
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import newest
from ingest.names import folded
from ingest.revision import unchanged_since

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_CHANGES = 1_000
"""The most changes of one alert. Further changes are refused."""
MAX_CHANGES_BYTES = 300_000
"""The most bytes of packed changes, so that a row stays far below DynamoDB's 400 KB."""

UNKNOWN_CHANGES_DAYS = 90
"""The default of the setting for how long changes wait for their alert's creation."""

MAX_ATTEMPTS = 12
_BACKOFF = Backoff(first_s=0.02, longest_s=0.5)
_DAY_S = 86_400


class Recorded(StrEnum):
    """The outcome of recording an event.

    STORED: the alert contains it. KEPT: the alert was not created yet, and the event is stored
    until the alert is created or until the event expires. UNCHANGED: it was recorded before.
    """

    STORED = "stored"
    KEPT = "kept"
    UNCHANGED = "unchanged"


class RecordingError(IngestError):
    """An event cannot be recorded: `too_many_changes` or `write_contention`."""


class AlertStore:
    """The All Events table, for the recorder.

    `unknown_changes_days` is how long changes wait for their alert's creation. `clock` returns
    seconds since 1970.
    """

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
        """Return an alert's row from a consistent read, or None if the row does not exist."""
        response = self._client.get_item(
            TableName=self._table, Key=alert_key.key(repository, number), ConsistentRead=True
        )
        item = response.get("Item")
        return None if item is None else alert_row.from_item(item)

    def record(self, event: AlertEvent) -> Recorded:
        """Add the change that an event reports to its alert, exactly once.

        A concurrent write of the same row is detected, and the event is recorded after it. Errors
        of DynamoDB pass through.

        Raises:
            RecordingError: The alert has too many changes, or its row stayed busy.
        """
        change, reported = change_of(event), details_of(event)
        for attempt in range(MAX_ATTEMPTS):
            stored = self.read(event.repository, event.number)
            before = stored.changes if stored else frozenset()
            changes = add(before, change)
            details_before = stored.details if stored else None
            details = newest(details_before, reported)
            if changes == before and details == details_before:
                return Recorded.UNCHANGED
            row = AlertRow(
                folded(event.repository),
                event.number,
                stored.revision + 1 if stored else 1,
                changes,
                int(self._clock()) + self._unknown_changes_s,
                details,
            )
            item = alert_row.to_item(row)
            if len(changes) > MAX_CHANGES or _size_of_changes(item) > MAX_CHANGES_BYTES:
                raise RecordingError("too_many_changes")
            if self._write(item, read=row.revision - 1):
                return Recorded.STORED if row.is_created else Recorded.KEPT
            pause(_BACKOFF, attempt)
        raise RecordingError("write_contention")

    def _write(self, item: dict[str, Any], *, read: int) -> bool:
        try:
            self._client.put_item(TableName=self._table, Item=item, **unchanged_since(read))
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _size_of_changes(item: dict[str, Any]) -> int:
    return len(item[CHANGES]["S"].encode())
