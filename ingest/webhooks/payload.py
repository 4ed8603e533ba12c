"""Parsing of GitHub's `code_scanning_alert` payload into an AlertEvent.

Owns all knowledge of the payload (GitHub Docs, "Webhook events and payloads"): which values can be
missing, null or empty, and what replaces them. Pure.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from ingest import instant
from ingest.errors import InvalidAlertError, WebhookError
from ingest.event import LONGEST_RULE, LONGEST_TOOL, AlertEvent, cut_label
from ingest.names import folded
from ingest.terms import Action, ClosedAs, Ref, Severity

_DISMISSALS = {
    "false positive": ClosedAs.FALSE_POSITIVE,
    "won't fix": ClosedAs.WONT_FIX,
    "used in tests": ClosedAs.USED_IN_TESTS,
    "mitigated": ClosedAs.MITIGATED,
}
_ACTIONS = {action.value: action for action in Action if action is not Action.RECONCILED}
_SEVERITIES = {severity.value: severity for severity in Severity}
_BY_USER = frozenset({Action.CLOSED_BY_USER, Action.REOPENED_BY_USER})
_UNPROCESSABLE = 422
_FUTURE = timedelta(days=1)
"""How far a time can be ahead of its receipt. Clocks differ, but a longer time is not valid."""


def action_of(payload: object) -> Action | None:
    """Return the action of a payload, or None for an action that has no effect here.

    Raises:
        WebhookError: The payload has no action, 422 `action_missing`.
    """
    action = payload.get("action") if isinstance(payload, dict) else None
    if not isinstance(action, str):
        raise WebhookError(_UNPROCESSABLE, "action_missing")
    return _ACTIONS.get(action)


def has_unknown_reason(payload: Mapping[str, Any], action: Action) -> bool:
    """Return whether a payload is a dismissal for a reason that has no outcome here.

    Such a dismissal counts as DISMISSED.
    """
    reason = _reason(_mapping(payload, "alert"))
    return action is Action.CLOSED_BY_USER and reason != "" and reason not in _DISMISSALS


def event_of(
    payload: Any,  # noqa: ANN401
    *,
    action: Action,
    delivery_id: str,
    body_digest: str,
    now: datetime,
) -> AlertEvent:
    """Return the event that a payload describes, received at `now`.

    The organisation is the owner in `repository.full_name`. The payload's `organization` is not
    read; it differs in old examples.

    Raises:
        WebhookError: 422, with a reason that names what is missing or invalid.
    """
    alert, repository = _mapping(payload, "alert"), _mapping(payload, "repository")
    _check_times(alert, now)
    rule = _mapping_or_empty(alert.get("rule"))
    try:
        event = AlertEvent(
            delivery_id=delivery_id,
            action=action,
            repository=_text(repository, "full_name", "repository_invalid"),
            number=_number(alert),
            url=_text(alert, "html_url", "alert_url_invalid"),
            created_at=_created_at(alert),
            happened_at=_happened_at(alert, action),
            received_at=instant.cut(now),
            closed_as=_closed_as(alert, action),
            severity=_severity(rule),
            tool=_label(_mapping_or_empty(alert.get("tool")).get("name"), LONGEST_TOOL),
            rule=_label(rule.get("id"), LONGEST_RULE),
            ref=_ref(payload, alert, repository, action),
            on_default_branch=_shows_default_branch(alert),
            body_digest=body_digest,
        )
    except InvalidAlertError as error:
        raise WebhookError(_UNPROCESSABLE, error.reason) from error
    if not _is_page_of(event):
        raise WebhookError(_UNPROCESSABLE, "alert_url_invalid")
    return event


def _number(alert: Mapping[str, Any]) -> int:
    number = alert.get("number")
    if type(number) is not int:
        raise WebhookError(_UNPROCESSABLE, "alert_number_invalid")
    return number


def _created_at(alert: Mapping[str, Any]) -> datetime:
    created_at = _time(alert, "created_at")
    if created_at is None:
        raise WebhookError(_UNPROCESSABLE, "created_at_invalid")
    return created_at


def _happened_at(alert: Mapping[str, Any], action: Action) -> datetime | None:
    created_at, updated_at = _time(alert, "created_at"), _time(alert, "updated_at")
    # GitHub never updated such an alert, so its `updated_at` is not the time of this action.
    changed_at = None if updated_at == created_at else updated_at
    match action:
        case Action.CREATED:
            return created_at
        case Action.FIXED:
            return _time(alert, "fixed_at") or changed_at
        case Action.CLOSED_BY_USER:
            return _time(alert, "dismissed_at") or changed_at
        case _:
            return changed_at


def _closed_as(alert: Mapping[str, Any], action: Action) -> ClosedAs | None:
    if action is Action.FIXED:
        return ClosedAs.FIXED
    if action is not Action.CLOSED_BY_USER:
        return None
    return _DISMISSALS.get(_reason(alert), ClosedAs.DISMISSED)


def _reason(alert: Mapping[str, Any]) -> str:
    reason = alert.get("dismissed_reason")
    return reason.lower() if isinstance(reason, str) else ""


def _severity(rule: Mapping[str, Any]) -> Severity:
    for name in ("security_severity_level", "severity"):
        severity = rule.get(name)
        if isinstance(severity, str) and severity.upper() in _SEVERITIES:
            return _SEVERITIES[severity.upper()]
    return Severity.NONE


def _label(value: object, longest: int) -> str | None:
    if not isinstance(value, str):
        return None
    printable = "".join(character for character in value if character.isprintable())
    return cut_label(printable, longest) or None


def _ref(
    payload: Mapping[str, Any],
    alert: Mapping[str, Any],
    repository: Mapping[str, Any],
    action: Action,
) -> Ref:
    """Return where the change happened.

    A user's action applies to every ref, and its `ref` is empty. Then the most recent instance can
    show that the alert is on the default branch. It never limits the action to another ref, since
    that would leave a reopened alert closed.
    """
    instance = _mapping_or_empty(alert.get("most_recent_instance"))
    refs = (payload.get("ref"), instance.get("ref"))
    ref = next((ref for ref in refs if isinstance(ref, str) and ref), None)
    if ref is None:
        return Ref.NONE
    default = repository.get("default_branch")
    if ref.removeprefix("refs/heads/") == default:
        return Ref.DEFAULT
    return Ref.NONE if action in _BY_USER else Ref.OTHER


def _shows_default_branch(alert: Mapping[str, Any]) -> bool:
    """Return whether a payload shows that the alert is on the default branch.

    "Events for alerts found outside the default branch will return a `null` value until they are
    dismissed or fixed" (GitHub Docs, on `alert.state`). So `open` occurs only on the default
    branch, and `fixed` and `dismissed` occur on every branch. The change itself can happen on
    another ref: an alert that is open on the default branch can be fixed on a pull request, and
    that fix does not close it. Payloads that list `instances` are older than this rule, and are
    `open` on every branch.
    """
    return alert.get("state") == "open" and "instances" not in alert


def _check_times(alert: Mapping[str, Any], now: datetime) -> None:
    for name in ("created_at", "updated_at", "fixed_at", "dismissed_at"):
        at = _time(alert, name)
        if at is not None and at - now > _FUTURE:
            raise WebhookError(_UNPROCESSABLE, "time_in_the_future")


def _is_page_of(event: AlertEvent) -> bool:
    """Return whether the event's URL is the page of its code scanning alert, on any host.

    The header with the name of the event is not signed. A signed alert of another kind, such as a
    Dependabot alert, can arrive under the name of this event. Its page shows the kind.
    """
    try:
        path = urlsplit(event.url).path
    except ValueError:
        return False
    return folded(path) == folded(f"/{event.repository}/security/code-scanning/{event.number}")


def _mapping(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    if not isinstance(value, dict):
        raise WebhookError(_UNPROCESSABLE, f"{name}_missing")
    return value


def _mapping_or_empty(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(holder: Mapping[str, Any], name: str, reason: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str):
        raise WebhookError(_UNPROCESSABLE, reason)
    return value


def _time(alert: Mapping[str, Any], name: str) -> datetime | None:
    value = alert.get(name)
    if value is None:
        return None
    try:
        return instant.parse(value)
    except (TypeError, ValueError) as error:
        raise WebhookError(_UNPROCESSABLE, f"{name}_invalid") from error
