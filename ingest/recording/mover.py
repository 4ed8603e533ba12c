"""Settling of a repository whose name changed or that was deleted: all of its alerts follow.

Owns the order of the writes: first each row, then the repository, on the condition that nobody
wrote it in between. So a mover that ends at any point, or that runs twice, ends with the same rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.backoff import Backoff, pause
from ingest.names import folded
from ingest.recording.next_row import RecordingError, after_deletion
from ingest.recording.relocation import Relocation
from ingest.repositories.repository import Repository
from ingest.repositories.repository_store import RepositoryStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 12
_BACKOFF = Backoff(first_s=0.02, longest_s=0.5)


class Mover:
    """The mover over the tables of alerts and repositories."""

    def __init__(
        self, client: "DynamoDBClient", *, alerts: AlertStore, repositories: RepositoryStore
    ) -> None:
        self._alerts = alerts
        self._repositories = repositories
        self._relocation = Relocation(client, alerts=alerts, repositories=repositories)

    def settle(
        self,
        repository_id: int,
        *,
        has_time: Callable[[], bool],
        seen: Callable[[Repository], object] | None = None,
    ) -> bool:
        """Move the alerts of a repository to its present name, and add its deletion to them.

        Args:
            repository_id: The repository.
            has_time: Returns whether there is time for another row. If not, the repository is
                written again, so that the stream of its table starts the mover again.
            seen: Gets the repository whenever it is read.

        Returns:
            Whether nothing is left to do.

        Raises:
            RecordingError: A row stayed busy. Errors of DynamoDB pass through.
        """
        while True:
            repository = self._repositories.read(repository_id)
            if repository is not None and seen is not None:
                seen(repository)
            if repository is None or not repository.is_pending:
                return True
            for row in self._waiting(repository):
                if not has_time():
                    self._repositories.replace(repository, repository)
                    return False
                if not self._settle_row(row, repository):
                    break
            else:
                settled = replace(repository, moving_from=(), is_deletion_pending=False)
                if self._repositories.replace(repository, settled):
                    return True

    def _waiting(self, repository: Repository) -> Iterator[AlertRow]:
        names = list(repository.moving_from)
        if repository.is_deletion_pending:
            names.append(repository.key_name)
        rows = chain.from_iterable(map(self._alerts.rows_of, names))
        return (row for row in rows if self._is_owner(repository, row))

    def _is_owner(self, repository: Repository, row: AlertRow) -> bool:
        return self._relocation.owner_of(row, reader_id=repository.id) == repository.id

    def _settle_row(self, row: AlertRow, repository: Repository) -> bool:
        """Settle one row, and return whether the repository is still as it was read."""
        for attempt in range(MAX_ATTEMPTS):
            if self._write(row, repository):
                return True
            known = self._repositories.read(repository.id)
            if known is None or _goal(known) != _goal(repository):
                return False
            present = self._alerts.read(row.repository, row.number)
            if present is None or present.moved_to is not None:
                return True
            if not self._is_owner(repository, present):
                return True
            row = present
            pause(_BACKOFF, attempt)
        raise RecordingError("write_contention")

    def _write(self, row: AlertRow, repository: Repository) -> bool:
        if row.repository != folded(repository.key_name):
            return self._relocation.move(row, repository)
        after = after_deletion(row, repository)
        return after is row or self._alerts.write(after)


def _goal(repository: Repository) -> tuple[str, int | None]:
    """Return what the alerts of a repository have to contain."""
    return repository.key_name, repository.deleted_ms
