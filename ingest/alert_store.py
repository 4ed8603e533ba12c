"""Recording an event in the All Events table: read, add the change, fold, write on condition.

Owns the table's I/O of the ingest side. What an event means is `alert`'s, what a row looks like is
`alert_row`'s.
"""

import random
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ingest import alert_key, alert_row
from ingest.alert_row import AlertRow
from ingest.change import ENTERING_ACTIONS, Change, add, change_of
from ingest.errors import IngestError
from ingest.event import AlertEvent
from ingest.names import folded

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_CHANGES = 1_000
"""More changes than this of one alert are refused, so that its row stays far below 400 KB."""

MAX_ATTEMPTS = 12
_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5


def written_at(revision: int) -> dict[str, Any]:
    """The condition of a put: the row still has the revision read; 0 means that there was none."""
    if revision == 0:
        return {"ConditionExpression": "attribute_not_exists(revision)"}
    return {
        "ConditionExpression": "revision = :read",
        "ExpressionAttributeValues": {":read": {"N": str(revision)}},
    }


class Recorded(StrEnum):
    """What became of an event."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


class RecordingError(IngestError):
    """An event that cannot be recorded: `too_many_changes`, or `write_contention`."""


class AlertStore:
    """The All Events table as the recorder sees it."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, repository: str, number: int) -> AlertRow | None:
        """The row of an alert, read consistently, or None if it was never stored."""
        answer = self._client.get_item(
            TableName=self._table, Key=alert_key.key(repository, number), ConsistentRead=True
        )
        item = answer.get("Item")
        return None if item is None else alert_row.from_item(item)

    def record(self, event: AlertEvent) -> Recorded:
        """Add the change that an event tells of to its alert, once, whatever else is written.

        UNKNOWN means that the alert was never stored and that this action may not enter it.
        Raises RecordingError; errors of DynamoDB pass through.
        """
        change = change_of(event)
        for attempt in range(MAX_ATTEMPTS):
            known = self.read(event.repository, event.number)
            if known is None and event.action not in ENTERING_ACTIONS:
                return Recorded.UNKNOWN
            before = known.changes if known else frozenset()
            changes = add(before, change)
            if changes == before:
                return Recorded.UNCHANGED
            if len(changes) > MAX_CHANGES:
                raise RecordingError("too_many_changes")
            if self._write(event, changes, read=known.revision if known else 0):
                return Recorded.STORED
            pause_s = min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)
            time.sleep(random.uniform(0, pause_s))  # noqa: S311
        raise RecordingError("write_contention")

    def _write(self, event: AlertEvent, changes: frozenset[Change], *, read: int) -> bool:
        row = AlertRow(folded(event.repository), event.number, read + 1, changes)
        try:
            self._client.put_item(
                TableName=self._table, Item=alert_row.to_item(row), **written_at(read)
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
