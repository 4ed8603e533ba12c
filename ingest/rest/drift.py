"""Drift: how a stored alert differs from what GitHub lists.

Owns when a listed alert causes an event. The criterion is the fold itself: an alert has drifted if
the event would change its state. So an alert that is stored as GitHub has it causes no write, and
neither does a page that is older than the stored changes. Pure.
"""

from enum import StrEnum

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import Closing, Facts, add, change_of, details_of
from ingest.alerts.lifecycle import Alert, fold
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import newest
from ingest.terms import Branch


class Drift(StrEnum):
    """How a stored alert differs from the listed one."""

    MISSING = "missing"
    """The alert is not stored, or only changes of it are."""
    STALE = "stale"
    """The state, the branch or a fact differs."""
    CLOSED_AT_ANOTHER_TIME = "closedAtAnotherTime"
    """Only the time of the closing differs."""
    DETAILS = "details"
    """Only the description, the tags, the location or the dismisser differ."""
    RETURNED = "returned"
    """The alert is stored as gone, but GitHub lists it again."""


def drift_of(stored: AlertRow | None, listed: AlertEvent) -> Drift | None:
    """Return how a stored alert differs from a listed one, or None if the listing adds nothing.

    Args:
        stored: The row of the alert, or None if there is not any.
        listed: What `snapshot_of` returned for the alert.
    """
    if stored is None or not stored.is_created:
        return Drift.MISSING
    before, after = stored.alert, fold(add(stored.changes, change_of(listed)))
    if after is None:
        return None
    if before is None:
        return Drift.RETURNED
    if _meaning(after) == _meaning(before):
        return Drift.DETAILS if _has_new_details(stored, listed) else None
    if _meaning_but_closing_time(after) == _meaning_but_closing_time(before):
        return Drift.CLOSED_AT_ANOTHER_TIME
    return Drift.STALE


def _has_new_details(stored: AlertRow, listed: AlertEvent) -> bool:
    known = stored.details
    kept = newest(known, details_of(listed))
    return kept is not None and (known is None or kept.details != known.details)


def _meaning(alert: Alert) -> tuple[Facts, Branch, Closing | None]:
    return alert.facts, alert.branch, alert.closing


def _meaning_but_closing_time(alert: Alert) -> tuple[Facts, Branch, str | None]:
    return alert.facts, alert.branch, alert.closing.closed_as if alert.closing else None
