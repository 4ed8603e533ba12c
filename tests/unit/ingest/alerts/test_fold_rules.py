"""Edge cases of the fold: each test fails when one rule, or a part of it, is missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.change import ENTERING_ACTIONS, Change, Closing, Facts, Kind, add, change_of
from ingest.alerts.lifecycle import Alert, fold
from ingest.events.alert_event import AlertEvent
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
def test_changes_that_differ_have_different_order(one: Change, other: Change) -> None:
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
def test_set_folds_to_same_state_in_any_iteration_order(changes: list[Change]) -> None:
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


def fixed(*, reported: int | None = None, received: int = 0, delivery: str = "f") -> AlertEvent:
    return replace(
        CREATED,
        delivery_id=delivery,
        action=Action.FIXED,
        happened_at=None if reported is None else at(reported),
        received_at=at(received),
        closed_as=ClosedAs.FIXED,
    )


def snapshot(*, reported: int | None, observed: int, closed: int | None = None) -> AlertEvent:
    return replace(
        CREATED,
        action=Action.RECONCILED,
        happened_at=None if reported is None else at(reported),
        received_at=at(observed),
        closed_as=None if closed is None else ClosedAs.WONT_FIX,
        closed_at=None if closed is None else at(closed),
    )


def changes_of(*events: AlertEvent) -> frozenset[Change]:
    changes: frozenset[Change] = frozenset()
    for event in events:
        changes = add(changes, change_of(event))
    return changes


def folded(*events: AlertEvent) -> Alert:
    (alert,) = {fold(changes_of(*some)) for some in permutations(events)}
    assert alert is not None
    return alert


def closed_minutes(alert: Alert) -> float | None:
    if alert.closing is None:
        return None
    return (alert.closing.closed_ms - alert.facts.created_ms) / 60_000


def test_later_closing_with_time_replaces_earlier_one() -> None:
    assert closed_minutes(folded(CREATED, fixed(reported=30), fixed(reported=40))) == 40


def test_closing_without_time_keeps_earliest_receipt() -> None:
    first, second = fixed(received=30, delivery="a"), fixed(received=40, delivery="b")
    assert closed_minutes(folded(CREATED, first, second)) == 30


def test_repeated_delivery_is_one_change_with_earliest_receipt() -> None:
    again = [fixed(received=minutes) for minutes in (30, 20, 40, 20)]
    for some in permutations(again):
        (change,) = changes_of(*some)
        assert change == change_of(fixed(received=20))


def test_snapshot_overrides_untimed_change_received_when_it_was_observed() -> None:
    assert folded(snapshot(reported=10, observed=60), fixed(received=60)).state is AlertState.OPEN
    assert folded(snapshot(reported=10, observed=60), fixed(received=61)).state is AlertState.CLOSED


def test_later_observed_snapshot_decides_which_untimed_changes_count() -> None:
    snapshots = snapshot(reported=10, observed=20), snapshot(reported=10, observed=60)
    assert folded(*snapshots, fixed(received=40)).state is AlertState.OPEN


def test_later_observed_snapshot_of_same_time_sets_state() -> None:
    for first, second in ((5, None), (None, 5), (5, 7), (7, 5)):
        earlier = snapshot(reported=10, observed=20, closed=first)
        later = snapshot(reported=10, observed=60, closed=second)
        assert closed_minutes(folded(earlier, later)) == second


def test_snapshot_without_time_uses_observation_time() -> None:
    change = change_of(snapshot(reported=None, observed=60, closed=5))
    assert change.receipt is None
    assert change.at_ms == change.observed_ms


def test_change_that_does_not_count_still_updates_facts() -> None:
    elsewhere = replace(fixed(reported=30), ref=Ref.OTHER, severity=Severity.LOW)
    alert = folded(CREATED, elsewhere)
    assert (alert.state, alert.facts.severity) == (AlertState.OPEN, Severity.LOW)
    assert alert.last_change_ms == change_of(elsewhere).at_ms


def test_entering_actions_are_those_that_describe_a_whole_alert() -> None:
    assert {
        Action.CREATED,
        Action.APPEARED_IN_BRANCH,
        Action.RECONCILED,
    } == ENTERING_ACTIONS


def test_snapshot_without_closing_time_keeps_time_of_same_closing() -> None:
    def closed_sometime(observed: int, closed_as: ClosedAs = ClosedAs.FIXED) -> AlertEvent:
        return replace(snapshot(reported=None, observed=observed), closed_as=closed_as)

    for fix in (fixed(reported=30), fixed(received=30)):
        assert closed_minutes(folded(CREATED, fix, closed_sometime(60))) == 30
        assert closed_minutes(folded(CREATED, fix, closed_sometime(60), closed_sometime(80))) == 30
    assert closed_minutes(folded(closed_sometime(60), closed_sometime(80))) == 60
    assert closed_minutes(folded(fixed(reported=30), closed_sometime(60, ClosedAs.WONT_FIX))) == 60
    opened = snapshot(reported=40, observed=50)
    assert closed_minutes(folded(fixed(reported=30), opened, closed_sometime(60))) == 60
