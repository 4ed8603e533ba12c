"""What a task keeps from one run to the next, as JSON in the Connections table.

Owns the attribute `state` and the conditional write: of two runs of the same task, one fails. Each
module that owns a task owns the content of its state.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ingest.revision import REVISION, unchanged_since
from reconcile.connections import CONNECTION, TASK
from reconcile.errors import OvertakenError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

STATE = "state"
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The state of a task, empty if there is none yet, and the revision of its row."""

    state: State
    revision: int


class TaskStates:
    """The states in one table. A row is a task of a connection."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, connection: str, task: str) -> Kept:
        """Return the state of a task, from a consistent read."""
        key = _key(connection, task)
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item"
        )
        if item is None:
            return Kept({}, 0)
        return Kept(json.loads(item[STATE]["S"]), int(item[REVISION]["N"]))

    def save(self, connection: str, task: str, state: State, *, revision: int) -> int:
        """Store the state if the row still has the revision, and return the new revision.

        Raises:
            OvertakenError: Another run saved its state in the meantime.
        """
        text = json.dumps(state, separators=(",", ":"))
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_key(connection, task),
                    STATE: {"S": text},
                    REVISION: {"N": str(revision + 1)},
                },
                **unchanged_since(revision),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise OvertakenError from error
            raise
        return revision + 1


def _key(connection: str, task: str) -> dict[str, Any]:
    return {CONNECTION: {"S": connection}, TASK: {"S": task}}
