"""Parsing of GitHub's `repository` payload into a RepositoryEvent.

Owns which payloads have an effect here, and the time of a deletion. The repository in the payload
is read by `payloads.repository_object`. Pure.
"""

from datetime import datetime, timedelta

from ingest import instant
from ingest.errors import InvalidAlertError, WebhookError
from ingest.events.repository_event import RepositoryAction, RepositoryEvent
from ingest.payloads.repository_object import seen_repository
from ingest.payloads.values import JsonObject, mapping

_UNPROCESSABLE = 422
_ACTIONS = {action.value: action for action in RepositoryAction}
_FUTURE = timedelta(days=1)
"""How far a time can be ahead of its receipt."""


def repository_event_of(
    payload: JsonObject, *, delivery_id: str, now: datetime
) -> RepositoryEvent | None:
    """Return the event that a payload describes, or None for an action without an effect here.

    A payload does not contain the time of a deletion, so the receipt is its time.

    Raises:
        WebhookError: 422, with a reason that names what is missing or invalid.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    if not isinstance(action, str):
        raise WebhookError(_UNPROCESSABLE, "action_missing")
    if action not in _ACTIONS:
        return None
    try:
        seen = seen_repository(mapping(payload, "repository"), times=())
    except InvalidAlertError as error:
        raise WebhookError(_UNPROCESSABLE, error.reason) from error
    if seen is None:
        raise WebhookError(_UNPROCESSABLE, "repository_invalid")
    if seen.seen_at - now > _FUTURE:
        raise WebhookError(_UNPROCESSABLE, "time_in_the_future")
    is_deleted = _ACTIONS[action] is RepositoryAction.DELETED
    return RepositoryEvent(
        delivery_id=delivery_id,
        action=_ACTIONS[action],
        seen=seen,
        received_at=instant.cut(now),
        deleted_at=instant.cut(now) if is_deleted else None,
    )
