"""Parsing of GitHub's `code_scanning_alert` payload into an AlertEvent.

Owns how an action and its payload map to an event (GitHub Docs, "Webhook events and payloads"): the
time of the action, its closing, and where it happened. The alert in the payload is read by
`payloads.alert_object`. Pure.
"""

from dataclasses import replace
from datetime import datetime

from ingest import instant
from ingest.errors import InvalidAlertError, WebhookError
from ingest.events.alert_event import AlertEvent
from ingest.payloads.alert_object import AlertObject, is_page_of
from ingest.payloads.details_object import details_of
from ingest.payloads.repository_object import seen_repository
from ingest.payloads.values import JsonObject, mapping, text, text_or_none
from ingest.terms import OWN_ACTIONS, Action, ClosedAs, Ref

_ACTIONS = {action.value: action for action in Action if action not in OWN_ACTIONS}
_BY_USER = frozenset({Action.CLOSED_BY_USER, Action.REOPENED_BY_USER})
_UNPROCESSABLE = 422


def action_of(payload: object) -> Action | None:
    """Return the action of a payload, or None for an action that has no effect here.

    Raises:
        WebhookError: The payload has no action, 422 `action_missing`.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    if not isinstance(action, str):
        raise WebhookError(_UNPROCESSABLE, "action_missing")
    return _ACTIONS.get(action)


def has_unknown_reason(payload: JsonObject, event: AlertEvent) -> bool:
    """Return whether a payload is a dismissal for a reason that has no outcome here.

    Such a dismissal counts as DISMISSED.
    """
    if event.closed_as is not ClosedAs.DISMISSED:
        return False
    return AlertObject.of(mapping(payload, "alert"), now=event.received_at).has_unknown_reason


def event_of(  # noqa: PLR0913
    payload: JsonObject,
    *,
    action: Action,
    delivery_id: str,
    body_digest: str,
    now: datetime,
    keep_actors: bool = False,
) -> AlertEvent:
    """Return the event that a payload describes, received at `now`.

    The event names a person only if `keep_actors` is set.

    The organisation is the owner in `repository.full_name`. The payload's `organization` is not
    read; it differs in old examples.

    Raises:
        WebhookError: 422, with a reason that names what is missing or invalid.
    """
    try:
        event = _event_of(payload, action, delivery_id, body_digest, now)
        details = details_of(mapping(payload, "alert"), keep_actors=keep_actors)
        event = replace(event, details=details)
    except InvalidAlertError as error:
        raise WebhookError(_UNPROCESSABLE, error.reason) from error
    # The header with the name of the event is not signed. A signed alert of another kind, such as a
    # Dependabot alert, can arrive under the name of this event. Its page shows the kind.
    if not is_page_of(event):
        raise WebhookError(_UNPROCESSABLE, "alert_url_invalid")
    return event


def _event_of(
    payload: JsonObject, action: Action, delivery_id: str, body_digest: str, now: datetime
) -> AlertEvent:
    alert_json, repository = mapping(payload, "alert"), mapping(payload, "repository")
    alert = AlertObject.of(alert_json, now=now)
    times = (alert.created_at, alert.updated_at, alert.fixed_at, alert.dismissed_at)
    return AlertEvent(
        delivery_id=delivery_id,
        action=action,
        repository=text(repository, "full_name", "repository_invalid"),
        number=alert.number,
        url=alert.url,
        created_at=alert.created_at,
        happened_at=_happened_at(alert, action),
        received_at=instant.cut(now),
        closed_as=_closed_as(alert, action),
        severity=alert.severity,
        tool=alert.tool,
        rule=alert.rule,
        ref=_ref(payload, alert, repository, action),
        on_default_branch=_shows_default_branch(alert),
        body_digest=body_digest,
        seen=seen_repository(repository, times=times),
    )


def _happened_at(alert: AlertObject, action: Action) -> datetime | None:
    match action:
        case Action.CREATED:
            return alert.created_at
        case Action.FIXED:
            return alert.fixed_at or alert.changed_at
        case Action.CLOSED_BY_USER:
            return alert.dismissed_at or alert.changed_at
        case _:
            return alert.changed_at


def _closed_as(alert: AlertObject, action: Action) -> ClosedAs | None:
    if action is Action.FIXED:
        return ClosedAs.FIXED
    return alert.dismissal if action is Action.CLOSED_BY_USER else None


def _ref(payload: JsonObject, alert: AlertObject, repository: JsonObject, action: Action) -> Ref:
    """Return where the change happened.

    A user's action applies to every ref, and its `ref` is empty. Then the most recent instance can
    show that the alert is on the default branch. It never limits the action to another ref, since
    that would leave a reopened alert closed.
    """
    ref = text_or_none(payload.get("ref")) or alert.instance_ref
    if ref is None:
        return Ref.NONE
    default = repository.get("default_branch")
    if ref.removeprefix("refs/heads/") == default:
        return Ref.DEFAULT
    return Ref.NONE if action in _BY_USER else Ref.OTHER


def _shows_default_branch(alert: AlertObject) -> bool:
    """Return whether a payload shows that the alert is on the default branch.

    "Events for alerts found outside the default branch will return a `null` value until they are
    dismissed or fixed" (GitHub Docs, on `alert.state`). So `open` occurs only on the default
    branch, and `fixed` and `dismissed` occur on every branch. The change itself can happen on
    another ref: an alert that is open on the default branch can be fixed on a pull request, and
    that fix does not close it. Payloads that list `instances` are older than this rule, and are
    `open` on every branch.
    """
    return alert.state == "open" and not alert.lists_instances
