"""GitHub's object of a code scanning alert, which webhooks and the REST API share.

Owns all knowledge of this object (GitHub Docs, "Webhook events and payloads" and "REST API
endpoints for code scanning"): which values can be missing, null, empty or unknown, and what
replaces them. What an action or a listing makes of it belongs to `webhooks.payload` and
`rest.snapshot`. Pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from ingest.errors import InvalidAlertError
from ingest.events.alert_event import LONGEST_RULE, LONGEST_TOOL, AlertEvent
from ingest.names import folded
from ingest.payloads.values import JsonObject, label, mapping_or_empty, text, text_or_none, time
from ingest.terms import ClosedAs, Severity

_DISMISSALS = {
    "false positive": ClosedAs.FALSE_POSITIVE,
    "won't fix": ClosedAs.WONT_FIX,
    "used in tests": ClosedAs.USED_IN_TESTS,
    "mitigated": ClosedAs.MITIGATED,
}
_SEVERITIES = {severity.value: severity for severity in Severity}
_FUTURE = timedelta(days=1)
"""How far a time can be ahead of its receipt. Clocks differ, but a longer time is not valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertObject:
    """What the object of an alert contains.

    Attributes:
        number: The number of the alert in its repository.
        url: The page of the alert.
        created_at: When the alert was created.
        updated_at: When GitHub changed the alert last, if it is known.
        fixed_at: When the alert was fixed, if it is known.
        dismissed_at: When the alert was dismissed, if it is known.
        state: `open`, `fixed`, `dismissed`, a state that is not known here, or None.
        dismissed_reason: The reason of the dismissal in lower case, or an empty text.
        severity: The severity of the rule.
        tool: The name of the tool.
        rule: The id of the rule.
        instance_ref: The ref of the most recent instance.
        lists_instances: Whether the object lists its instances, as old payloads do.
    """

    number: int
    url: str
    created_at: datetime
    updated_at: datetime | None
    fixed_at: datetime | None
    dismissed_at: datetime | None
    state: str | None
    dismissed_reason: str
    severity: Severity
    tool: str | None
    rule: str | None
    instance_ref: str | None
    lists_instances: bool

    @classmethod
    def of(cls, alert: JsonObject, *, now: datetime) -> Self:
        """Return the content of an object that was received at `now`.

        Raises:
            InvalidAlertError: A value is missing or invalid. The reason names it.
        """
        created_at = _past(alert, "created_at", now)
        updated_at, fixed_at, dismissed_at = (
            _past(alert, name, now) for name in ("updated_at", "fixed_at", "dismissed_at")
        )
        if created_at is None:
            raise InvalidAlertError("created_at_invalid")
        rule = mapping_or_empty(alert.get("rule"))
        reason = text_or_none(alert.get("dismissed_reason"))
        return cls(
            number=_number(alert),
            url=text(alert, "html_url", "alert_url_invalid"),
            created_at=created_at,
            updated_at=updated_at,
            fixed_at=fixed_at,
            dismissed_at=dismissed_at,
            state=text_or_none(alert.get("state")),
            dismissed_reason=(reason or "").lower(),
            severity=_severity(rule),
            tool=label(mapping_or_empty(alert.get("tool")).get("name"), LONGEST_TOOL),
            rule=label(rule.get("id"), LONGEST_RULE),
            instance_ref=text_or_none(
                mapping_or_empty(alert.get("most_recent_instance")).get("ref")
            ),
            lists_instances="instances" in alert,
        )

    @property
    def changed_at(self) -> datetime | None:
        """When GitHub changed the alert last, or None if it never changed the alert."""
        return None if self.updated_at == self.created_at else self.updated_at

    @property
    def dismissal(self) -> ClosedAs:
        """The outcome of a dismissal."""
        return _DISMISSALS.get(self.dismissed_reason, ClosedAs.DISMISSED)

    @property
    def has_unknown_reason(self) -> bool:
        """Whether the reason of the dismissal has no outcome here. It counts as DISMISSED."""
        return self.dismissed_reason != "" and self.dismissed_reason not in _DISMISSALS


def is_page_of(event: AlertEvent) -> bool:
    """Return whether the event's URL is the page of its code scanning alert, on any host."""
    try:
        path = urlsplit(event.url).path
    except ValueError:
        return False
    return folded(path) == folded(f"/{event.repository}/security/code-scanning/{event.number}")


def _past(alert: JsonObject, name: str, now: datetime) -> datetime | None:
    at = time(alert, name)
    if at is not None and at - now > _FUTURE:
        raise InvalidAlertError("time_in_the_future")
    return at


def _number(alert: JsonObject) -> int:
    number = alert.get("number")
    # A bool is not valid, although Python treats it as a number.
    if not isinstance(number, int) or isinstance(number, bool):
        raise InvalidAlertError("alert_number_invalid")
    return number


def _severity(rule: JsonObject) -> Severity:
    for name in ("security_severity_level", "severity"):
        severity = rule.get(name)
        if isinstance(severity, str) and severity.upper() in _SEVERITIES:
            return _SEVERITIES[severity.upper()]
    return Severity.NONE
