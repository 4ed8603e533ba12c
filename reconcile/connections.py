"""The Connections table: how far each task of a connection to GitHub has come.

Owns the format of a row and the conditional write: of two runs of the same task, one fails. A
connection is an account or a repository of one GitHub server, such as `github.com/acme`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from github_rest.servers import Server
from ingest.names import folded
from ingest.revision import REVISION, unchanged_since
from reconcile import progress as of_progress
from reconcile.errors import OvertakenError
from reconcile.progress import Progress

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CONNECTION = "connection"
TASK = "task"
BACKFILL = "backfill"
"""The task that reads a whole source once."""
_PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored progress, None if there is none yet, and the revision of its row."""

    progress: Progress | None
    revision: int


def connection_of(server: Server, source: str) -> str:
    """Return the connection to a source of a server, such as `github.com/acme`. Pure."""
    return folded(f"{urlsplit(server.web_url).netloc}/{source}")


class Connections:
    """The row of one task of one connection."""

    def __init__(
        self, client: "DynamoDBClient", *, table: str, connection: str, task: str = BACKFILL
    ) -> None:
        self._client = client
        self._table = table
        self._key = {CONNECTION: {"S": connection}, TASK: {"S": task}}

    def read(self) -> Saved:
        """Return the stored progress, from a consistent read."""
        response = self._client.get_item(TableName=self._table, Key=self._key, ConsistentRead=True)
        item = response.get("Item")
        if item is None:
            return Saved(None, 0)
        return Saved(of_progress.from_json(item[_PROGRESS]["S"]), int(item[REVISION]["N"]))

    def save(self, progress: Progress, *, revision: int) -> int:
        """Store the progress if the row still has the revision, and return the new revision.

        Raises:
            OvertakenError: Another run saved its progress in the meantime.
        """
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **self._key,
                    _PROGRESS: {"S": of_progress.to_json(progress)},
                    REVISION: {"N": str(revision + 1)},
                },
                **unchanged_since(revision),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise OvertakenError from error
            raise
        return revision + 1
