"""The stored alerts of one page, from one consistent batch read.

Owns the repetition of reads that DynamoDB leaves unprocessed. Never writes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key, alert_row
from ingest.backoff import Backoff, pause
from reconcile.comparison import AlertName, Stored
from reconcile.errors import StoredAlertsBusyError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 10
_BACKOFF = Backoff(first_s=0.05, longest_s=2.0)
_MOST_KEYS = 100


class StoredAlerts:
    """The All Events table, for comparisons."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, names: Iterable[AlertName]) -> Stored:
        """Return the rows of these alerts. An alert that is not stored has none.

        Raises:
            StoredAlertsBusyError: Some of them stay unprocessed. Errors of DynamoDB pass through.
        """
        keys = [alert_key.key(repository, number) for repository, number in names]
        rows = (
            alert_row.from_item(item)
            for start in range(0, len(keys), _MOST_KEYS)
            for item in self._items(keys[start : start + _MOST_KEYS])
        )
        return {(row.repository, row.number): row for row in rows}

    def _items(self, keys: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        wanted: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        for attempt in range(MAX_ATTEMPTS):
            response = self._client.batch_get_item(RequestItems=wanted)
            yield from response["Responses"].get(self._table, ())
            wanted = response.get("UnprocessedKeys")
            if not wanted:
                return
            pause(_BACKOFF, attempt)
        raise StoredAlertsBusyError
