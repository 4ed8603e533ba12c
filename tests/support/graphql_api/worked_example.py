"""The eleven alerts of the organisation acme in the worked example of docs/metrics.md."""

from dataclasses import replace
from datetime import UTC, datetime

from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import alert, closing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

_Row = tuple[int, str, Severity, Ref, str, tuple[int, int], tuple[int, int] | None, ClosedAs | None]
_WEB, _API = "acme/web", "acme/api"
_FIXED, _MAIN = ClosedAs.FIXED, Ref.DEFAULT

ALERTS: tuple[_Row, ...] = (
    (1, _WEB, Severity.CRITICAL, _MAIN, "CodeQL", (11, 1), (11, 3), _FIXED),
    (2, _WEB, Severity.HIGH, _MAIN, "CodeQL", (11, 1), (11, 11), _FIXED),
    (3, _WEB, Severity.HIGH, _MAIN, "CodeQL", (10, 2), (11, 1), _FIXED),
    (4, _WEB, Severity.MEDIUM, Ref.OTHER, "CodeQL", (11, 5), (11, 6), _FIXED),
    (5, _WEB, Severity.HIGH, _MAIN, "CodeQL", (11, 2), (11, 4), ClosedAs.FALSE_POSITIVE),
    (6, _API, Severity.LOW, _MAIN, "CodeQL", (10, 20), (11, 9), ClosedAs.WONT_FIX),
    (7, _API, Severity.HIGH, _MAIN, "Trivy", (11, 3), None, None),
    (8, _API, Severity.CRITICAL, _MAIN, "CodeQL", (9, 25), None, None),
    (9, _API, Severity.MEDIUM, _MAIN, "Trivy", (10, 5), (10, 15), _FIXED),
    (10, _API, Severity.HIGH, _MAIN, "CodeQL", (10, 10), (10, 14), _FIXED),
    # The rule of this alert has no security severity, only a severity of quality.
    (11, _WEB, Severity.WARNING, _MAIN, "CodeQL", (11, 5), (11, 10), _FIXED),
)
REOPENED = (10, (11, 12))


def events() -> list[AlertEvent]:
    """Return the events of all alerts, in the order of the list."""
    found = []
    for number, repository, severity, ref, tool, created, closed, closed_as in ALERTS:
        first = alert(
            number,
            repository=repository,
            severity=severity,
            ref=ref,
            tool=tool,
            created_at=at(created),
        )
        found.append(first)
        if closed and closed_as:
            found.append(closing(first, at(closed), closed_as))
        if number == REOPENED[0]:
            found.append(
                replace(
                    first,
                    delivery_id="reopened",
                    action=Action.REOPENED,
                    happened_at=at(REOPENED[1]),
                    received_at=at(REOPENED[1]),
                )
            )
    return found


def at(day: tuple[int, int]) -> datetime:
    """Return 09:00 UTC on a day of 2026, from its month and day."""
    return datetime(2026, *day, 9, tzinfo=UTC)
