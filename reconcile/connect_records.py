"""The rows of the task `connect` in the Connections table: which App was connected, and when.

Owns their format. A row is written when the stack has accepted the first delivery of the App.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconcile.connections import CONNECTION, TASK

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CONNECT = "connect"
"""The task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRecord:
    """A connected account or repository.

    Attributes:
        connection: Its name, such as `github.com/acme`.
        account: The login of the account, or `owner/name`, as GitHub spells it.
        api_url: The address of the REST API of its GitHub.
        app_id: The id of the App that sends its events.
        app_slug: The name of the App in addresses.
        connected_at: The time of the connection, as RFC 3339 text.
    """

    connection: str
    account: str
    api_url: str
    app_id: int
    app_slug: str
    connected_at: str


class ConnectRecords:
    """All rows of the task."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, connection: str) -> ConnectRecord | None:
        """Return the row of a connection, or None if it was never connected."""
        found = self._client.get_item(
            TableName=self._table, Key=_key(connection), ConsistentRead=True
        )
        return _record_of(found["Item"]) if "Item" in found else None

    def all(self) -> tuple[ConnectRecord, ...]:
        """Return the rows of all connections, by their names."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="#task = :connect",
            ExpressionAttributeNames={"#task": TASK},
            ExpressionAttributeValues={":connect": {"S": CONNECT}},
            ConsistentRead=True,
        )
        found = (_record_of(item) for page in pages for item in page["Items"])
        return tuple(sorted(found, key=lambda one: one.connection))

    def save(self, record: ConnectRecord) -> None:
        """Store the row of a connection, in place of an older one."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(record.connection),
                "account": {"S": record.account},
                "apiUrl": {"S": record.api_url},
                "appId": {"N": str(record.app_id)},
                "appSlug": {"S": record.app_slug},
                "connectedAt": {"S": record.connected_at},
            },
        )

    def remove(self, connection: str) -> None:
        """Delete the row of a connection, if there is one."""
        self._client.delete_item(TableName=self._table, Key=_key(connection))


def _key(connection: str) -> dict[str, Any]:
    return {CONNECTION: {"S": connection}, TASK: {"S": CONNECT}}


def _record_of(item: dict[str, Any]) -> ConnectRecord:
    return ConnectRecord(
        connection=item[CONNECTION]["S"],
        account=item["account"]["S"],
        api_url=item["apiUrl"]["S"],
        app_id=int(item["appId"]["N"]),
        app_slug=item["appSlug"]["S"],
        connected_at=item["connectedAt"]["S"],
    )
