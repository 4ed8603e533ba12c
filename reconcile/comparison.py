"""The comparison of one page of GitHub's list with the stored alerts.

Owns which of the listed alerts cause an event. If a page lists an alert twice, the last one counts.
An alert that cannot be read is reported, and never ends the task. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ingest.alerts.alert_row import AlertRow
from ingest.errors import InvalidAlertError
from ingest.events.alert_event import AlertEvent
from ingest.names import folded
from ingest.rest.drift import Drift, drift_of

AlertName = tuple[str, int]
"""The folded repository and the number of an alert."""
Stored = Mapping[AlertName, AlertRow]


@dataclass(frozen=True, slots=True)
class Listed:
    """The alerts of one page.

    Attributes:
        events: The event of each alert, by its name.
        unreadable: The alerts that are invalid: a name for people, and the reason.
    """

    events: Mapping[AlertName, AlertEvent]
    unreadable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A listed alert that differs from the stored one."""

    event: AlertEvent
    drift: Drift


def name_of(event: AlertEvent) -> AlertName:
    """Return the name of an event's alert."""
    return folded(event.repository), event.number


def listed_of(
    alerts: Iterable[Mapping[str, object]],
    event_of: Callable[[Mapping[str, object]], AlertEvent],
) -> Listed:
    """Return the events of a page's alerts."""
    events: dict[AlertName, AlertEvent] = {}
    unreadable: list[tuple[str, str]] = []
    for alert in alerts:
        try:
            event = event_of(alert)
        except InvalidAlertError as error:
            unreadable.append((_label(alert), error.reason))
        else:
            events[name_of(event)] = event
    return Listed(events, tuple(unreadable))


def differences(listed: Listed, stored: Stored) -> tuple[Difference, ...]:
    """Return the listed alerts that differ from the stored ones, in their order."""
    found = ((event, drift_of(stored.get(name), event)) for name, event in listed.events.items())
    return tuple(Difference(event, drift) for event, drift in found if drift is not None)


def drifts_of(found: Iterable[Difference]) -> Mapping[Drift, int]:
    """Return the number of differences of each kind."""
    return Counter(one.drift for one in found)


def _label(alert: Mapping[str, object]) -> str:
    address = alert.get("html_url") or alert.get("url") or f"alert {alert.get('number')}"
    return str(address)[:200]
