"""Moves of one row to another name of its repository, each in one transaction.

Owns which repository a row belongs to, and the conditions of a move: both rows are unchanged, and
the repository still has the name. So an alert is never stored twice and never lost.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.names import folded
from ingest.recording.next_row import after_arrival, after_departure
from ingest.repositories.repository import Repository, former_name
from ingest.repositories.repository_store import RepositoryStore
from ingest.tables import conditional_writes

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Relocation:
    """The rows of All Events, for moves between the names of repositories."""

    def __init__(
        self, client: "DynamoDBClient", *, alerts: AlertStore, repositories: RepositoryStore
    ) -> None:
        self._client = client
        self._alerts = alerts
        self._repositories = repositories

    def owner_of(self, row: AlertRow, *, reader_id: int) -> int:
        """Return the id of the repository that a row belongs to.

        A row without an id was written before the id of its name was known. It belongs to the
        repository that was seen first with the name.

        Args:
            row: A row.
            reader_id: The id that applies if no repository is known by the name.
        """
        if row.repository_id is not None:
            return row.repository_id
        owner = self._repositories.name_owner(row.repository)
        return reader_id if owner is None else owner.first_id

    def move(self, row: AlertRow, repository: Repository) -> bool:
        """Move a row of a repository under its present name.

        Returns:
            Whether the row was moved. Otherwise something changed since it was read.
        """
        name = repository.key_name
        target = self._alerts.read(name, row.number)
        if target is not None and target.moved_to is None:
            owner_id = self.owner_of(target, reader_id=repository.id)
            if owner_id != repository.id:
                self.clear(target, owner_id)
                return False
        return conditional_writes.transact(
            self._client,
            [
                self._alerts.action(after_arrival(row, target, name=name, repository=repository)),
                self._alerts.action(after_departure(row, name=name, repository=repository)),
                self._repositories.condition(repository),
            ],
        )

    def clear(self, row: AlertRow, owner_id: int) -> bool:
        """Move a row out of the way of another repository that has its name now.

        The row goes to the former name of its repository, and the mover takes it from there. The
        write of the repository starts the mover, and makes a mover that runs already start again.

        Returns:
            Whether the row was moved. Otherwise something changed since it was read.
        """
        owner = self._repositories.read(owner_id)
        if owner is None or folded(owner.key_name) == row.repository:
            return False
        name = former_name(row.repository, owner_id)
        target = self._alerts.read(name, row.number)
        waiting = replace(owner, moving_from=_with(owner, name))
        is_done = conditional_writes.transact(
            self._client,
            [
                self._alerts.action(after_arrival(row, target, name=name, repository=owner)),
                self._alerts.action(after_departure(row, name=name, repository=owner)),
                self._repositories.action(owner, waiting),
            ],
        )
        self._repositories.forget(repository_id=owner_id, name=owner.name)
        return is_done


def _with(owner: Repository, name: str) -> tuple[str, ...]:
    if folded(name) == folded(owner.key_name):
        return owner.moving_from
    return tuple(dict.fromkeys((*owner.moving_from, folded(name))))
