"""Consistent batch reads of DynamoDB that repeat what it leaves unprocessed.

Owns the size of a request and the repetition. The callers own the limits and their error.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingest.backoff import Backoff, pause
from ingest.errors import IngestError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MOST_KEYS = 100
"""The most keys of a request, by DynamoDB."""

TableKey = tuple[str, Mapping[str, Any]]
"""A table and a primary key in it."""


class UnprocessedKeysError(IngestError):
    """DynamoDB left keys unprocessed in every attempt."""

    def __init__(self) -> None:
        """Set the reason `unprocessed_keys`."""
        super().__init__("unprocessed_keys")


def read_items(
    client: "DynamoDBClient", keys: Sequence[TableKey], *, backoff: Backoff, attempts: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each item under these keys with its table, in any order.

    Args:
        client: Sends the requests.
        keys: The keys. A key without an item yields nothing.
        backoff: The wait between two attempts.
        attempts: How often a request is sent at most.

    Raises:
        UnprocessedKeysError: Some keys stay unprocessed. Errors of DynamoDB pass through.
    """
    for start in range(0, len(keys), _MOST_KEYS):
        wanted: dict[str, Any] = {}
        for table, key in keys[start : start + _MOST_KEYS]:
            wanted.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
        for attempt in range(attempts):
            response = client.batch_get_item(RequestItems=wanted)
            for table, items in response["Responses"].items():
                yield from ((table, item) for item in items)
            wanted = dict(response.get("UnprocessedKeys", {}))
            if not wanted:
                break
            pause(backoff, attempt)
        else:
            raise UnprocessedKeysError
