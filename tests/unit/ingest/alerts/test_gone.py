"""An alert that GitHub does not have any more: a tombstone, until something is seen of it later."""

from dataclasses import replace
from itertools import permutations

import pytest

from ingest.alerts import alert_row
from ingest.alerts.alert_row import AlertRow, from_item, to_item
from ingest.alerts.change import Change, add, change_of
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.instant import to_ms
from ingest.rest.absence import gone_of
from ingest.rest.drift import Drift, drift_of
from ingest.terms import Action, AlertState, ClosedAs, Severity
from tests.support.alert_events import CREATED, at


def gone(minutes: int) -> AlertEvent:
    return replace(CREATED, action=Action.GONE, happened_at=at(minutes), received_at=at(minutes))


def fixed(minutes: int) -> AlertEvent:
    closed_as = ClosedAs.FIXED
    return replace(CREATED, action=Action.FIXED, closed_as=closed_as, happened_at=at(minutes))


def listed(*, updated: int, observed: int) -> AlertEvent:
    return replace(
        CREATED, action=Action.RECONCILED, happened_at=at(updated), received_at=at(observed)
    )


def row(*events: AlertEvent) -> AlertRow:
    """Return the row after these events, which is the same in any order and with duplicates."""
    rows = set()
    for some in permutations(events):
        changes: frozenset[Change] = frozenset()
        for event in (*some, *some):
            changes = add(changes, change_of(event))
        rows.add(AlertRow("octo/cat", 7, 1, changes))
    (only,) = rows
    return only


@pytest.mark.parametrize(
    ("events", "is_gone"),
    [
        ((CREATED, gone(10)), True),
        ((CREATED, fixed(5), gone(10)), True),
        ((CREATED, fixed(10), gone(10)), True),
        ((CREATED, fixed(11), gone(10)), False),
        ((CREATED, gone(10), fixed(11), gone(12)), True),
        ((CREATED, gone(10), listed(updated=5, observed=9)), True),
        ((CREATED, gone(10), listed(updated=5, observed=10)), True),
        ((CREATED, gone(10), listed(updated=5, observed=11)), False),
        ((gone(10), replace(fixed(0), happened_at=None, received_at=at(11)), CREATED), False),
    ],
)
def test_alert_is_gone_until_something_is_seen_later(
    events: tuple[AlertEvent, ...], is_gone: bool
) -> None:
    after = row(*events)
    assert (after.alert is None) == is_gone
    assert (after.gone_ms is not None) == is_gone


def test_tombstone_has_no_state_and_no_key_of_an_index() -> None:
    tombstone = row(CREATED, fixed(5), gone(10), gone(20))
    item = to_item(tombstone)
    assert item.keys() == {"repositoryName", "alertID", "changes", "revision", "goneAt"}
    assert item["goneAt"] == {"S": "2026-01-01T00:20:00.000Z"}
    assert alert_row.is_tombstone(item)
    assert not alert_row.is_alert(item)
    assert from_item(item) == tombstone


def test_observation_of_absence_alone_is_no_tombstone() -> None:
    unknown = replace(row(gone(10), fixed(5)), expires_s=1_000)
    assert (unknown.alert, unknown.gone_ms) == (None, None)
    assert to_item(unknown).keys() == {
        *("repositoryName", "alertID", "changes", "revision", "expiresAt")
    }


def test_returned_alert_is_as_if_it_had_never_been_gone() -> None:
    seen = listed(updated=5, observed=20)
    alert = row(CREATED, fixed(3), gone(10), seen).alert
    assert alert == row(CREATED, fixed(3), seen).alert
    assert alert is not None
    assert (alert.state, alert.last_change_ms) == (AlertState.OPEN, to_ms(at(5)))


def test_observations_of_one_time_are_one_change() -> None:
    other = replace(gone(10), severity=Severity.LOW, repository="Octo/Cat", tool=None)
    assert len(row(gone(10), other).changes) == 1


def test_facts_of_an_absence_never_count() -> None:
    absent = replace(gone(10), severity=Severity.LOW, repository="Octo/Cat")
    alert = row(CREATED, absent, listed(updated=5, observed=20)).alert
    assert alert is not None
    assert (alert.facts.severity, alert.facts.repository) == (Severity.HIGH, "octo/cat")


def test_absence_makes_stored_alert_a_tombstone() -> None:
    stored = row(CREATED, fixed(5))
    event = gone_of(stored, observed_at=at(10).replace(microsecond=123_456))
    assert event is not None
    assert from_detail(to_detail(event)) == event
    after = replace(stored, changes=add(stored.changes, change_of(event)))
    assert after.gone_ms == to_ms(at(10)) + 123
    assert gone_of(after, observed_at=at(20)) is None
    assert gone_of(row(fixed(5)), observed_at=at(20)) is None


def test_drift_of_a_gone_alert() -> None:
    stored = row(CREATED, gone(10))
    assert drift_of(stored, listed(updated=0, observed=11)) is Drift.RETURNED
    assert drift_of(stored, listed(updated=0, observed=9)) is None
