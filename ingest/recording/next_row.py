"""The next row of an alert: after an event, after a move to another name, or after a deletion.

Owns the content of that row. A row that was written without an expiry never gets one, since a row
that DynamoDB deletes would start again at revision 1. Pure.
"""

from dataclasses import replace

from ingest.alerts.alert_row import AlertRow, to_item
from ingest.alerts.attributes import CHANGES
from ingest.alerts.change import Change, absence, add, change_of, details_of, origin_of
from ingest.errors import IngestError
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import newest
from ingest.names import folded
from ingest.origin import MOST_ORIGINS, Origins, merged, without_times
from ingest.repositories.name_change import under_name
from ingest.repositories.repository import Repository

MAX_CHANGES = 1_000
"""The most changes of one alert. Further changes are refused."""
MAX_CHANGES_BYTES = 300_000
"""The most bytes of packed changes, so that a row stays far below DynamoDB's 400 KB."""


class RecordingError(IngestError):
    """An event cannot be recorded: `too_many_changes` or `write_contention`."""


def after_event(
    stored: AlertRow | None,
    event: AlertEvent,
    *,
    name: str,
    repository: Repository | None,
    expires_s: int,
) -> AlertRow:
    """Return the row after an event. It is `stored` itself if the event changes nothing.

    Args:
        stored: The row before, or None if it does not exist.
        event: The event.
        name: The name under which the alert is stored, in GitHub's spelling.
        repository: The repository, or None if it is not known.
        expires_s: When the row expires if the alert is not created yet.

    Raises:
        RecordingError: `too_many_changes`.
    """
    before = stored or _nothing(name, event.number)
    added = under_name({change_of(event)}, name, event.number) | _deletion_of(repository)
    changes = _with(before.changes, added)
    details = newest(before.details, details_of(event))
    if stored is not None and changes == stored.changes and details == stored.details:
        return stored
    row = AlertRow(
        folded(name),
        event.number,
        before.revision + 1,
        changes,
        _expiry(stored, expires_s),
        details,
        before.repository_id if repository is None else repository.id,
        origins=merged((_waiting(before), (origin_of(event),)), most=MOST_ORIGINS),
    )
    size = len(to_item(row)[CHANGES]["S"].encode())
    if len(changes) > MAX_CHANGES or size > MAX_CHANGES_BYTES:
        raise RecordingError("too_many_changes")
    return row


def after_arrival(
    row: AlertRow, target: AlertRow | None, *, name: str, repository: Repository
) -> AlertRow:
    """Return the row that contains `row` and `target`, the row that is stored under `name`."""
    before = target or _nothing(name, row.number)
    arriving = under_name(row.changes, name, row.number) | _deletion_of(repository)
    return AlertRow(
        folded(name),
        row.number,
        before.revision + 1,
        _with(before.changes, arriving),
        _expiry(target, row.expires_s),
        newest(before.details, row.details),
        repository.id,
        origins=_moved(row, repository),
    )


def after_departure(row: AlertRow, *, name: str, repository: Repository) -> AlertRow:
    """Return the tombstone of a row that moved to `name`."""
    return AlertRow(
        row.repository,
        row.number,
        row.revision + 1,
        frozenset(),
        repository_id=repository.id,
        moved_to=folded(name),
        origins=_moved(row, repository),
    )


def after_deletion(row: AlertRow, repository: Repository) -> AlertRow:
    """Return the row after the deletion of its repository. It is `row` itself if it has it."""
    changes = _with(row.changes, _deletion_of(repository))
    if changes == row.changes:
        return row
    return replace(
        row,
        revision=row.revision + 1,
        changes=changes,
        repository_id=repository.id,
        origins=_moved(row, repository),
    )


def _nothing(name: str, number: int) -> AlertRow:
    return AlertRow(folded(name), number, 0, frozenset())


def _moved(row: AlertRow, repository: Repository) -> Origins:
    """Return the origins of a row after a change of its repository: first that of the change."""
    return merged((repository.origins, without_times(row.origins)), most=MOST_ORIGINS)


def _waiting(row: AlertRow) -> Origins:
    """Return the origins of changes that wait for the creation of their alert, and take effect."""
    return () if row.is_created or row.moved_to is not None else row.origins


def _deletion_of(repository: Repository | None) -> frozenset[Change]:
    if repository is None or repository.deleted_ms is None:
        return frozenset()
    return frozenset({absence(repository.deleted_ms)})


def _with(changes: frozenset[Change], added: frozenset[Change]) -> frozenset[Change]:
    for change in added:
        changes = add(changes, change)
    return changes


def _expiry(before: AlertRow | None, expires_s: int | None) -> int | None:
    return expires_s if before is None or before.expires_s is not None else None
