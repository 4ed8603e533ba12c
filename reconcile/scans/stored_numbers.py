"""The numbers of the stored alerts of a repository, in a range.

Owns the query. Rows without a state are left out: they are not alerts, or they are gone already.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.alerts import attributes as names
from ingest.names import LARGEST_ALERT_NUMBER, folded

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class StoredNumbers:
    """The All Events table, for the search for alerts that GitHub does not list."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def between(self, repository: str, after: int, last: int | None) -> Iterator[int]:
        """Yield the numbers after one, up to the last one. None has no end."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="#repository = :repository AND #number BETWEEN :first AND :last",
            FilterExpression="attribute_exists(#state)",
            ProjectionExpression="#number",
            ExpressionAttributeNames={
                "#repository": names.REPOSITORY_NAME,
                "#number": names.ALERT_ID,
                "#state": names.STATE,
            },
            ExpressionAttributeValues={
                ":repository": {"S": folded(repository)},
                ":first": {"N": str(after + 1)},
                ":last": {"N": str(LARGEST_ALERT_NUMBER if last is None else last)},
            },
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield int(item[names.ALERT_ID]["N"])
