"""The redrive of the mover: it starts again for each repository whose alerts have to move.

Owns how the waiting repositories are found. The mover does nothing for a repository without alerts
to move, so it can run twice.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.repositories.attributes import KEY
from ingest.repositories.repository_row import WAITS_FOR_MOVER
from operations.errors import RedriveError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient

_MOST_STARTS = 100
"""The mover ends before its timeout and continues in its next start."""


class Waiting:
    """The repositories whose alerts have to move or to receive a deletion."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def all(self) -> list[str]:
        """Return the keys of their rows, from a full scan of the table Repositories."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression=WAITS_FOR_MOVER,
            ProjectionExpression=KEY,
            ConsistentRead=True,
        )
        return sorted(item[KEY]["S"] for page in pages for item in page["Items"])

    def has(self, key: str) -> bool:
        """Return whether a repository still waits."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression=f"{KEY} = :key",
            ExpressionAttributeValues={":key": {"S": key}},
            FilterExpression=WAITS_FOR_MOVER,
            ConsistentRead=True,
        )
        return bool(found["Items"])


def move(client: "LambdaClient", waiting: Waiting, *, function: str) -> Iterator[str]:
    """Start the mover for each waiting repository until its alerts have moved, and yield its key.

    Raises:
        RedriveError: The mover fails, or a repository still waits after many starts.
    """
    for key in waiting.all():
        for _ in range(_MOST_STARTS):
            if not waiting.has(key):
                break
            _start(client, function, key)
        else:
            raise RedriveError(f"The alerts of the repository {key} still have to move.")
        yield key


def _start(client: "LambdaClient", function: str, key: str) -> None:
    event = {"Records": [{"dynamodb": {"Keys": {KEY: {"S": key}}}}]}
    reply = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    if "FunctionError" in reply:
        failure = json.loads(reply["Payload"].read())
        what = failure.get("errorType") or failure.get("errorMessage") or reply["FunctionError"]
        raise RedriveError(f"The mover failed for the repository {key}: {what}.")
