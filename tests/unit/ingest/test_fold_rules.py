"""The rules of the fold at their edges: each test goes red when one rule or part of it is gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.change import ENTERING_ACTIONS, Change, Closing, Facts, Kind, add, change_of
from ingest.alerts.lifecycle import Alert, fold
from ingest.event import AlertEvent
from ingest.terms import Action, AlertState, ClosedAs, Ref, Severity

FACTS = st.builds(
    Facts,
    created_ms=st.integers(0, 1),
    repository=st.sampled_from(["a", "b"]),
    url=st.sampled_from(["a", "b"]),
    severity=st.sampled_from([Severity.HIGH, Severity.LOW]),
    tool=st.sampled_from([None, "a"]),
    rule=st.sampled_from([None, "a"]),
)
CHANGES = st.builds(
    Change,
    at_ms=st.integers(0, 1),
    kind=st.sampled_from(Kind),
    ref=st.sampled_from(Ref),
    facts=FACTS,
    closing=st.none()
    | st.builds(
        Closing, st.sampled_from([ClosedAs.FIXED, ClosedAs.WONT_FIX]), closed_ms=st.integers(0, 1)
    ),
    receipt=st.sampled_from([None, "a", "b"]),
    on_default=st.booleans(),
    observed_ms=st.sampled_from([None, 0, 1]),
)
FIELDS = ("at_ms", "kind", "ref", "closing", "receipt", "on_default", "observed_ms")


@given(CHANGES, CHANGES)
def test_changes_that_differ_in_anything_never_tie(one: Change, other: Change) -> None:
    mixed = [replace(one, **{name: getattr(other, name)}) for name in FIELDS]
    mixed += [
        replace(one, facts=replace(one.facts, **{name: getattr(other.facts, name)}))
        for name in Facts.__slots__
    ]
    if one.closing and other.closing:
        closings = [
            replace(one.closing, closed_ms=other.closing.closed_ms),
            replace(one.closing, closed_as=other.closing.closed_as),
        ]
        mixed += [replace(one, closing=closing) for closing in closings]
    for change in [other, *mixed]:
        assert (change.order == one.order) == (change == one)


@given(st.lists(CHANGES, min_size=1, max_size=5, unique=True).flatmap(st.permutations))
def test_a_set_folds_to_one_state_whatever_it_is_iterated_in(changes: list[Change]) -> None:
    assert fold(changes) == fold(reversed(changes))


NOW = datetime(2026, 1, 1, tzinfo=UTC)
CREATED = AlertEvent(
    delivery_id="created",
    action=Action.CREATED,
    repository="octo/cat",
    number=7,
    url="https://github.com/octo/cat/security/code-scanning/7",
    created_at=NOW,
    happened_at=NOW,
    received_at=NOW,
    closed_as=None,
    severity=Severity.HIGH,
    tool=None,
    rule=None,
    ref=Ref.DEFAULT,
)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def fixed(*, told: int | None = None, received: int = 0, delivery: str = "f") -> AlertEvent:
    return replace(
        CREATED,
        delivery_id=delivery,
        action=Action.FIXED,
        happened_at=None if told is None else at(told),
        received_at=at(received),
        closed_as=ClosedAs.FIXED,
    )


def snapshot(*, told: int | None, observed: int, closed: int | None = None) -> AlertEvent:
    return replace(
        CREATED,
        action=Action.RECONCILED,
        happened_at=None if told is None else at(told),
        received_at=at(observed),
        closed_as=None if closed is None else ClosedAs.WONT_FIX,
        closed_at=None if closed is None else at(closed),
    )


def changes_of(*events: AlertEvent) -> frozenset[Change]:
    changes: frozenset[Change] = frozenset()
    for event in events:
        changes = add(changes, change_of(event))
    return changes


def told(*events: AlertEvent) -> Alert:
    (alert,) = {fold(changes_of(*some)) for some in permutations(events)}
    assert alert is not None
    return alert


def closed_minutes(alert: Alert) -> float | None:
    if alert.closing is None:
        return None
    return (alert.closing.closed_ms - alert.facts.created_ms) / 60_000


def test_a_later_closing_whose_time_is_told_takes_the_place_of_an_earlier_one() -> None:
    assert closed_minutes(told(CREATED, fixed(told=30), fixed(told=40))) == 40


def test_a_later_receipt_never_moves_an_earlier_one() -> None:
    first, second = fixed(received=30, delivery="a"), fixed(received=40, delivery="b")
    assert closed_minutes(told(CREATED, first, second)) == 30


def test_a_delivery_is_one_change_however_often_and_whenever_it_is_received() -> None:
    again = [fixed(received=minutes) for minutes in (30, 20, 40, 20)]
    for some in permutations(again):
        (change,) = changes_of(*some)
        assert change == change_of(fixed(received=20))


def test_a_snapshot_has_seen_what_arrived_in_the_very_instant_it_was_observed() -> None:
    assert told(snapshot(told=10, observed=60), fixed(received=60)).state is AlertState.OPEN
    assert told(snapshot(told=10, observed=60), fixed(received=61)).state is AlertState.CLOSED


def test_of_two_snapshots_the_later_observed_decides_what_was_seen() -> None:
    snapshots = snapshot(told=10, observed=20), snapshot(told=10, observed=60)
    assert told(*snapshots, fixed(received=40)).state is AlertState.OPEN


def test_of_two_snapshots_of_one_time_the_later_observed_sets_the_state() -> None:
    for first, second in ((5, None), (None, 5), (5, 7), (7, 5)):
        earlier = snapshot(told=10, observed=20, closed=first)
        later = snapshot(told=10, observed=60, closed=second)
        assert closed_minutes(told(earlier, later)) == second


def test_a_snapshot_is_never_known_by_its_receipt() -> None:
    change = change_of(snapshot(told=None, observed=60, closed=5))
    assert change.receipt is None
    assert change.at_ms == change.observed_ms


def test_a_change_that_does_not_count_still_brings_the_newest_facts() -> None:
    elsewhere = replace(fixed(told=30), ref=Ref.OTHER, severity=Severity.LOW)
    alert = told(CREATED, elsewhere)
    assert (alert.state, alert.facts.severity) == (AlertState.OPEN, Severity.LOW)
    assert alert.last_change_ms == change_of(elsewhere).at_ms


def test_only_what_tells_of_a_whole_alert_enters_one() -> None:
    assert {
        Action.CREATED,
        Action.APPEARED_IN_BRANCH,
        Action.RECONCILED,
    } == ENTERING_ACTIONS
