"""Drift: only a listed alert that changes the stored one causes an event."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import Change, add, change_of
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import Details, DetailsReport
from ingest.rest.drift import Drift, drift_of
from ingest.terms import Action, ClosedAs, Ref, Severity
from tests.support.alert_events import CREATED, at

FIXED = replace(
    CREATED, action=Action.FIXED, closed_as=ClosedAs.FIXED, happened_at=at(30), received_at=at(31)
)
UNTIMED_FIX = replace(FIXED, happened_at=None)


def listed(*, observed: int = 100, **changed: Any) -> AlertEvent:
    """Return a snapshot of the open alert."""
    return replace(CREATED, action=Action.RECONCILED, received_at=at(observed), **changed)


def listed_as_fixed(*, closed: int | None, updated: int | None, observed: int = 100) -> AlertEvent:
    return listed(
        observed=observed,
        closed_as=ClosedAs.FIXED,
        closed_at=None if closed is None else at(closed),
        happened_at=None if updated is None else at(updated),
    )


def row(*events: AlertEvent) -> AlertRow:
    changes: frozenset[Change] = frozenset()
    for event in events:
        changes = add(changes, change_of(event))
    return AlertRow("octo/cat", 7, len(events), changes)


def test_alert_without_row_or_creation_is_missing() -> None:
    assert drift_of(None, listed()) is Drift.MISSING
    assert drift_of(row(FIXED), listed()) is Drift.MISSING


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (row(CREATED), listed()),
        (row(CREATED), listed(happened_at=None)),
        (row(CREATED, FIXED), listed_as_fixed(closed=30, updated=30)),
        (row(CREATED, FIXED), listed_as_fixed(closed=30, updated=40)),
        # GitHub does not report when the alert was fixed.
        (row(CREATED, FIXED), listed_as_fixed(closed=None, updated=None)),
        (row(CREATED, UNTIMED_FIX), listed_as_fixed(closed=None, updated=None)),
    ],
)
def test_alert_that_is_stored_as_listed_has_no_drift(stored: AlertRow, seen: AlertEvent) -> None:
    assert drift_of(stored, seen) is None


def test_outdated_page_is_no_drift() -> None:
    assert drift_of(row(CREATED, FIXED), listed(happened_at=at(20))) is None


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (row(CREATED), listed_as_fixed(closed=30, updated=30)),
        (row(CREATED, FIXED), listed(happened_at=at(40))),
        (row(CREATED), listed(severity=Severity.LOW)),
        (row(CREATED), listed(tool="Trivy", happened_at=at(5))),
        (row(replace(CREATED, ref=Ref.OTHER)), listed()),
        (
            row(CREATED, FIXED),
            listed(closed_as=ClosedAs.WONT_FIX, closed_at=at(30), happened_at=at(30)),
        ),
    ],
)
def test_other_state_branch_or_fact_is_stale(stored: AlertRow, seen: AlertEvent) -> None:
    assert drift_of(stored, seen) is Drift.STALE


def test_other_time_of_closing_is_drift_of_closing_time() -> None:
    fixed_earlier = listed_as_fixed(closed=25, updated=40)
    assert drift_of(row(CREATED, FIXED), fixed_earlier) is Drift.CLOSED_AT_ANOTHER_TIME
    timed = listed_as_fixed(closed=25, updated=25)
    assert drift_of(row(CREATED, UNTIMED_FIX), timed) is Drift.CLOSED_AT_ANOTHER_TIME


_TIMES = st.none() | st.integers(0, 60)
_EVENTS = st.builds(
    lambda kind, happened, received: replace(
        kind, happened_at=None if happened is None else at(happened), received_at=at(received)
    ),
    st.sampled_from([CREATED, FIXED, replace(CREATED, action=Action.REOPENED)]),
    _TIMES,
    st.integers(0, 60),
)
_SEEN = st.builds(
    listed, observed=st.integers(61, 99), happened_at=st.builds(at, st.integers(0, 60))
) | (st.builds(listed_as_fixed, closed=_TIMES, updated=_TIMES, observed=st.integers(61, 99)))


@given(st.lists(_EVENTS, max_size=4), _SEEN)
def test_listing_that_was_recorded_has_no_drift(events: list[AlertEvent], seen: AlertEvent) -> None:
    again = replace(seen, received_at=at(200))
    assert drift_of(row(*events, seen), again) is None


def test_only_new_details_are_drift_of_details() -> None:
    stored = row(CREATED)
    seen = replace(listed(), details=Details(path="a"))
    assert drift_of(stored, seen) is Drift.DETAILS
    known = replace(stored, details=DetailsReport(0, Details(path="a")))
    assert drift_of(known, seen) is None
    assert drift_of(known, listed()) is None
    assert drift_of(replace(known, details=DetailsReport(2**60, Details(path="b"))), seen) is None
