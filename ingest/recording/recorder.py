"""Recording of one event: find the alert's row, add the change, and write conditionally.

Owns the name under which an event is recorded, the repetition after a conflict, and how long the
changes of an alert that was never created are stored.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.backoff import Backoff, pause
from ingest.events.alert_event import AlertEvent
from ingest.origin import Origin
from ingest.recording.next_row import RecordingError, after_event
from ingest.recording.relocation import Relocation
from ingest.repositories.repository import Repository
from ingest.repositories.repository_store import RepositoryStore
from ingest.tables import conditional_writes

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

UNKNOWN_CHANGES_DAYS = 90
"""The default of the setting for how long changes wait for their alert's creation."""

MAX_ATTEMPTS = 12
_BACKOFF = Backoff(first_s=0.02, longest_s=0.5)
_DAY_S = 86_400


class Recorded(StrEnum):
    """The outcome of recording an event.

    STORED: the alert contains it. KEPT: the alert was not created yet, and the event is stored
    until the alert is created or until the event expires. UNCHANGED: it was recorded before.
    """

    STORED = "stored"
    KEPT = "kept"
    UNCHANGED = "unchanged"


class Recorder:
    """The recorder over the tables of alerts and repositories.

    `conflicts` counts the attempts that were repeated, since it was made.
    `unknown_changes_days` is how long changes wait for their alert's creation. `clock` returns
    seconds since 1970.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        alerts: AlertStore,
        repositories: RepositoryStore,
        unknown_changes_days: int = UNKNOWN_CHANGES_DAYS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._alerts = alerts
        self._repositories = repositories
        self._relocation = Relocation(client, alerts=alerts, repositories=repositories)
        self._unknown_changes_s = unknown_changes_days * _DAY_S
        self._clock = clock
        self.conflicts = 0

    def record(self, event: AlertEvent) -> Recorded:
        """Add the change that an event reports to its alert, exactly once.

        An event that contains its repository is recorded under the newest name of the repository.
        Another event is recorded under the newest name of the repository that had its name last, or
        else under its own name.

        A concurrent write of the same row is detected, and the event is recorded after it. Errors
        of DynamoDB pass through.

        Raises:
            RecordingError: The alert has too many changes, or its row stayed busy.
            RepositoryError: The rows of its repository stayed busy.
        """
        for attempt in range(MAX_ATTEMPTS):
            repository = self._repository_of(event)
            name = event.repository if repository is None else repository.key_name
            stored = self._alerts.read(name, event.number)
            if self._is_free(stored, repository):
                row = after_event(
                    stored,
                    event,
                    name=name,
                    repository=repository,
                    expires_s=int(self._clock()) + self._unknown_changes_s,
                )
                if row is stored:
                    return Recorded.UNCHANGED
                if self._write(row, stored, name=name, repository=repository):
                    return Recorded.STORED if row.is_created else Recorded.KEPT
            self.conflicts += 1
            self._forget(event, repository)
            pause(_BACKOFF, attempt)
        raise RecordingError("write_contention")

    def _repository_of(self, event: AlertEvent) -> Repository | None:
        if event.seen is not None:
            return self._repositories.observe(event.seen, origin=Origin(event.delivery_id))
        return self._repositories.of_name(event.repository)

    def _forget(self, event: AlertEvent, repository: Repository | None) -> None:
        self._repositories.forget(
            repository_id=None if repository is None else repository.id, name=event.repository
        )

    def _is_free(self, stored: AlertRow | None, repository: Repository | None) -> bool:
        """Return whether no other repository has the row. If one has, make it move away."""
        if stored is None or stored.moved_to is not None or repository is None:
            return True
        owner_id = self._relocation.owner_of(stored, reader_id=repository.id)
        if owner_id == repository.id:
            return True
        self._relocation.clear(stored, owner_id)
        return False

    def _write(
        self,
        row: AlertRow,
        stored: AlertRow | None,
        *,
        name: str,
        repository: Repository | None,
    ) -> bool:
        """Write a row. A new one needs the condition that the repository still has the name.

        A row that exists is protected by its revision: a move changes it.
        """
        if stored is not None and stored.moved_to is None:
            return self._alerts.write(row)
        condition = (
            self._repositories.condition_of_unknown(name)
            if repository is None
            else self._repositories.condition(repository)
        )
        return conditional_writes.transact(self._client, [self._alerts.action(row), condition])
