"""The stored alerts of one page, from one consistent batch read. Never writes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.alerts import alert_key, alert_row
from ingest.backoff import Backoff
from ingest.tables.batch_reads import UnprocessedKeysError, read_items
from reconcile.comparison import AlertName, Stored
from reconcile.errors import StoredAlertsBusyError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 10
_BACKOFF = Backoff(first_s=0.05, longest_s=2.0)


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
        keys = [(self._table, alert_key.key(repository, number)) for repository, number in names]
        found = read_items(self._client, keys, backoff=_BACKOFF, attempts=MAX_ATTEMPTS)
        try:
            rows = [alert_row.from_item(item) for _, item in found]
        except UnprocessedKeysError as error:
            raise StoredAlertsBusyError from error
        return {(row.repository, row.number): row for row in rows}
