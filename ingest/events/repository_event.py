"""RepositoryEvent: what a delivery reports about a repository, and its detail on the event bus.

Owns which actions of the webhook `repository` count, and the fields of the detail, which is small,
versioned JSON. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.events import facts_detail
from ingest.events.alert_event import is_delivery_id
from ingest.facts.repository import SeenRepository

DETAIL_TYPE = "RepositoryEvent"
VERSION = 1
_FIELDS = frozenset({"version", "deliveryId", "action", "repositoryName", "receivedAt"})
_ALL_FIELDS = _FIELDS | {"deletedAt", "repository"}


class RepositoryAction(StrEnum):
    """An action of the webhook `repository` that changes what is stored."""

    CREATED = "created"
    RENAMED = "renamed"
    TRANSFERRED = "transferred"
    DELETED = "deleted"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    PUBLICIZED = "publicized"
    PRIVATIZED = "privatized"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryEvent:
    """What one delivery reports about a repository.

    Attributes:
        delivery_id: The id of the delivery.
        action: What happened.
        seen: The repository after the action.
        received_at: When the delivery was received.
        deleted_at: When the repository was deleted. Set for a deletion, else None.
    """

    delivery_id: str
    action: RepositoryAction
    seen: SeenRepository
    received_at: datetime
    deleted_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise InvalidAlertError if a value is invalid."""
        if not is_delivery_id(self.delivery_id):
            raise InvalidAlertError("delivery_id_invalid")
        if (self.deleted_at is not None) != (self.action is RepositoryAction.DELETED):
            raise InvalidAlertError("deleted_at_invalid")


def is_detail(detail: Mapping[str, object]) -> bool:
    """Return whether a detail describes an event about a repository, not about an alert."""
    return "deletedAt" in detail


def to_detail(event: RepositoryEvent) -> dict[str, object]:
    """Return the event's detail: plain JSON."""
    return {
        "version": VERSION,
        "deliveryId": event.delivery_id,
        "action": event.action.value,
        "repositoryName": event.seen.name,
        "receivedAt": _as_text(event.received_at),
        "deletedAt": None if event.deleted_at is None else _as_text(event.deleted_at),
        "repository": facts_detail.of_repository(event.seen),
    }


def from_detail(detail: object) -> RepositoryEvent:
    """Return the event in a detail.

    Raises:
        InvalidAlertError: `detail_not_an_object`, `version_unknown`, `detail_fields_wrong`, or a
            reason that names the field.
    """
    if not isinstance(detail, dict):
        raise InvalidAlertError("detail_not_an_object")
    if type(detail.get("version")) is not int or detail["version"] != VERSION:
        raise InvalidAlertError("version_unknown")
    if detail.keys() != _ALL_FIELDS:
        raise InvalidAlertError("detail_fields_wrong")
    texts = {name: detail[name] for name in ("deliveryId", "repositoryName")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise InvalidAlertError("repository_invalid")
    if not isinstance(detail["action"], str) or detail["action"] not in set(RepositoryAction):
        raise InvalidAlertError("action_invalid")
    deleted_at = detail["deletedAt"]
    return RepositoryEvent(
        delivery_id=texts["deliveryId"],
        action=RepositoryAction(detail["action"]),
        seen=facts_detail.to_repository(detail["repository"], name=texts["repositoryName"]),
        received_at=_instant(detail["receivedAt"], "received_at_invalid"),
        deleted_at=None if deleted_at is None else _instant(deleted_at, "deleted_at_invalid"),
    )


def _as_text(at: datetime) -> str:
    return instant.to_text(instant.to_ms(at))


def _instant(value: object, reason: str) -> datetime:
    try:
        return instant.parse(value)  # type: ignore[arg-type]  # a TypeError has the same reason
    except (TypeError, ValueError) as error:
        raise InvalidAlertError(reason) from error
