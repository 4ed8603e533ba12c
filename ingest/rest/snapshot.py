"""Parsing of an alert of GitHub's REST API into an AlertEvent with the action `reconciled`.

Owns how a listed alert maps to an event: its state, its closing and its branch. Null or missing
times and unknown values never fail; what they mean is in `payloads.alert_object`. Pure.
"""

from datetime import datetime

from ingest import instant
from ingest.errors import InvalidAlertError
from ingest.events.alert_event import AlertEvent
from ingest.payloads.alert_object import AlertObject, is_page_of
from ingest.payloads.details_object import details_of
from ingest.payloads.repository_object import seen_repository
from ingest.payloads.values import mapping_or_empty, text
from ingest.terms import Action, ClosedAs, Ref

_DELIVERY = "reconciled"
"""The delivery id of all snapshots: they have no delivery."""


def snapshot_of(
    alert: object,
    *,
    repository: object,
    default_branch: str | None,
    observed_at: datetime,
    keep_actors: bool = False,
) -> AlertEvent:
    """Return the event that a listed alert describes.

    Args:
        alert: An alert of a list, or a single one.
        repository: The object of the repository: the one in an alert of an organisation's list, or
            the repository itself. It needs its `full_name`.
        default_branch: The default branch of the repository. None for the lists of an organisation
            and an enterprise, which contain only alerts of default branches.
        observed_at: When GitHub sent the alert, by the response's `Date`.
        keep_actors: Whether the event names the person who dismissed the alert.

    Raises:
        InvalidAlertError: A value is missing or invalid. The reason names it.
    """
    alert_json, repository_json = mapping_or_empty(alert), mapping_or_empty(repository)
    read = AlertObject.of(alert_json, now=observed_at)
    closed_as, closed_at = _closing(read)
    event = AlertEvent(
        delivery_id=_DELIVERY,
        action=Action.RECONCILED,
        repository=text(repository_json, "full_name", "repository_invalid"),
        number=read.number,
        url=read.url,
        created_at=read.created_at,
        happened_at=_happened_at(read, closed_as, closed_at),
        received_at=instant.cut(observed_at),
        closed_as=closed_as,
        closed_at=closed_at,
        severity=read.severity,
        tool=read.tool,
        rule=read.rule,
        ref=_ref(read.instance_ref, default_branch),
        seen=seen_repository(repository_json, times=(instant.cut(observed_at),)),
        details=details_of(alert_json, keep_actors=keep_actors),
    )
    if not is_page_of(event):
        raise InvalidAlertError("alert_url_invalid")
    return event


def _closing(alert: AlertObject) -> tuple[ClosedAs | None, datetime | None]:
    """Return how and when an alert was closed.

    The times decide where the state is not known here.
    """
    match alert.state:
        case "open" | None:
            return None, None
        case "fixed":
            return ClosedAs.FIXED, alert.fixed_at or alert.changed_at
        case "dismissed":
            return alert.dismissal, alert.dismissed_at or alert.changed_at
    if alert.dismissed_at is not None:
        return alert.dismissal, alert.dismissed_at
    return (None, None) if alert.fixed_at is None else (ClosedAs.FIXED, alert.fixed_at)


def _happened_at(
    alert: AlertObject, closed_as: ClosedAs | None, closed_at: datetime | None
) -> datetime | None:
    """Return since when the alert is in this state, or None if only the observation is known."""
    if alert.updated_at is None or (closed_as is not None and closed_at is None):
        return None
    return alert.updated_at if closed_at is None else max(alert.updated_at, closed_at)


def _ref(instance_ref: str | None, default_branch: str | None) -> Ref:
    if default_branch is None:
        return Ref.DEFAULT
    if instance_ref is None:
        return Ref.NONE
    is_default = instance_ref.removeprefix("refs/heads/") == default_branch
    return Ref.DEFAULT if is_default else Ref.OTHER
