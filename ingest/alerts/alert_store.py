"""The All Events table: reads of rows, and writes on the condition that a row is unchanged.

Owns the requests. Which row follows from an event belongs to `recording`, the format of a row to
`alert_row`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_key, alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.attributes import MOVED_TO, REPOSITORY_NAME
from ingest.names import folded
from ingest.revision import unchanged_since
from ingest.tables import conditional_writes

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class AlertStore:
    """The All Events table, for the recorder and the mover."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, repository: str, number: int) -> AlertRow | None:
        """Return an alert's row from a consistent read, or None if the row does not exist."""
        response = self._client.get_item(
            TableName=self._table, Key=alert_key.key(repository, number), ConsistentRead=True
        )
        item = response.get("Item")
        return None if item is None else alert_row.from_item(item)

    def rows_of(self, repository: str) -> Iterator[AlertRow]:
        """Yield the rows of a repository, page by page, without those of alerts that moved."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="#repository = :repository",
            FilterExpression="attribute_not_exists(#moved)",
            ExpressionAttributeNames={"#repository": REPOSITORY_NAME, "#moved": MOVED_TO},
            ExpressionAttributeValues={":repository": {"S": folded(repository)}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(alert_row.from_item, page["Items"])

    def write(self, row: AlertRow) -> bool:
        """Write a row, and return whether the revision before it was still stored."""
        return conditional_writes.put(self._client, self._put(row))

    def action(self, row: AlertRow) -> dict[str, Any]:
        """Return `write` as a part of a transaction."""
        return {"Put": self._put(row)}

    def _put(self, row: AlertRow) -> dict[str, Any]:
        item = alert_row.to_item(row)
        return {"TableName": self._table, "Item": item, **unchanged_since(row.revision - 1)}
