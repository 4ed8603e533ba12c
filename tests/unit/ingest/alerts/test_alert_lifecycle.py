"""The lifecycle of an alert: the effect of each action, in any order and with duplicates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.alerts import alert_row, packed_changes
from ingest.alerts.alert_key import key, state_key
from ingest.alerts.alert_row import AlertRow, state_from_item, to_item
from ingest.alerts.change import Change, Facts, Kind, add, change_of
from ingest.alerts.lifecycle import Alert, fold, gone_ms_of
from ingest.events.alert_event import AlertEvent
from ingest.instant import to_ms
from ingest.names import alert_id, parse_alert_id
from ingest.terms import Action, AlertState, Branch, ClosedAs, Ref, Severity
from tests.support.examples import examples

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def event(
    action: Action,
    *,
    happened: int | None = None,
    received: int = 1_000,
    ref: Ref = Ref.DEFAULT,
    closed_as: ClosedAs | None = None,
    closed: int | None = None,
    delivery: str = "d",
    severity: Severity = Severity.HIGH,
) -> AlertEvent:
    if action is Action.FIXED:
        closed_as = ClosedAs.FIXED
    return AlertEvent(
        delivery_id=delivery,
        action=action,
        repository="octo/cat",
        number=7,
        url="https://github.com/octo/cat/security/code-scanning/7",
        created_at=START,
        happened_at=None if happened is None else at(happened),
        received_at=at(received),
        closed_as=closed_as,
        severity=severity,
        tool="CodeQL",
        rule="js/xss",
        ref=ref,
        closed_at=None if closed is None else at(closed),
    )


def changes_of(*events: AlertEvent) -> frozenset[Change]:
    changes: frozenset[Change] = frozenset()
    for one in events:
        changes = add(changes, change_of(one))
    return changes


def folded(*events: AlertEvent) -> Alert:
    """Return the alert after these events; assert that order and duplicates do not matter."""
    outcomes = {
        packed_changes.pack_changes(changes_of(*some, *some)) for some in permutations(events)
    }
    assert len(outcomes) == 1
    alert = fold(changes_of(*events))
    assert alert is not None
    return alert


CREATED = event(Action.CREATED, happened=0)


def test_created_alert_is_open() -> None:
    alert = folded(CREATED)
    assert alert.state is AlertState.OPEN
    assert alert.branch is Branch.DEFAULT


def test_fix_closes_at_reported_time() -> None:
    alert = folded(CREATED, event(Action.FIXED, happened=30))
    assert alert.closing is not None
    assert (alert.closing.closed_as, alert.closing.closed_ms) == (ClosedAs.FIXED, to_ms(at(30)))


def test_fix_without_time_closes_at_earliest_receipt() -> None:
    late = event(Action.FIXED, received=90, delivery="f")
    early = event(Action.FIXED, received=40, delivery="f")
    alert = folded(CREATED, late, early)
    assert alert.closing is not None
    assert alert.closing.closed_ms == to_ms(at(40))


def test_late_creation_does_not_reopen_closed_alert() -> None:
    late_creation = event(Action.CREATED, happened=60, delivery="again")
    assert folded(event(Action.FIXED, happened=30), late_creation).state is AlertState.CLOSED


@pytest.mark.parametrize("kind", [kind for kind in ClosedAs if kind is not ClosedAs.FIXED])
def test_dismissal_keeps_its_reason(kind: ClosedAs) -> None:
    dismissed = event(Action.CLOSED_BY_USER, happened=5, closed_as=kind, ref=Ref.NONE)
    alert = folded(CREATED, dismissed)
    assert alert.closing is not None
    assert alert.closing.closed_as is kind


def test_fix_on_pull_request_keeps_default_branch_alert_open() -> None:
    fix = event(Action.FIXED, happened=30, ref=Ref.OTHER)
    assert folded(CREATED, fix).state is AlertState.OPEN
    elsewhere = event(Action.CREATED, happened=0, ref=Ref.OTHER)
    assert folded(elsewhere, fix).state is AlertState.CLOSED


def test_dismissal_on_another_ref_closes_default_branch_alert() -> None:
    dismissed = event(Action.CLOSED_BY_USER, happened=5, closed_as=ClosedAs.WONT_FIX, ref=Ref.OTHER)
    assert folded(CREATED, dismissed).state is AlertState.CLOSED


def test_fixes_on_other_refs_do_not_count_after_alert_reaches_default_branch() -> None:
    alert = folded(
        event(Action.CREATED, happened=0, ref=Ref.OTHER),
        event(Action.FIXED, happened=30, ref=Ref.OTHER),
        event(Action.APPEARED_IN_BRANCH, happened=60, ref=Ref.DEFAULT),
    )
    assert alert.state is AlertState.OPEN
    assert alert.branch is Branch.DEFAULT


def test_alert_open_on_default_branch_counts_there_when_seen_on_another_ref() -> None:
    def elsewhere(action: Action, minutes: int, *, shown: bool) -> AlertEvent:
        one = event(action, happened=minutes, ref=Ref.OTHER)
        return replace(one, on_default_branch=shown)

    older = elsewhere(Action.APPEARED_IN_BRANCH, 10, shown=True)
    fix, again = (elsewhere(a, 20, shown=True) for a in (Action.FIXED, Action.REOPENED))
    alert = folded(older, fix, again)
    assert (alert.branch, alert.state, alert.reopened_ms) == (Branch.DEFAULT, AlertState.OPEN, ())
    alone = folded(
        elsewhere(Action.APPEARED_IN_BRANCH, 10, shown=False), replace(fix, on_default_branch=False)
    )
    assert (alone.branch, alone.state) == (Branch.OTHER, AlertState.CLOSED)


def test_reopening_removes_closing_and_keeps_creation_time() -> None:
    alert = folded(CREATED, event(Action.FIXED, happened=30), event(Action.REOPENED, happened=40))
    assert alert.state is AlertState.OPEN
    assert alert.facts.created_ms == to_ms(START)
    assert alert.reopened_ms == (to_ms(at(40)),)


def test_reopening_on_another_ref_keeps_default_branch_alert_closed() -> None:
    alert = folded(
        CREATED,
        event(Action.FIXED, happened=30),
        event(Action.REOPENED, happened=40, ref=Ref.OTHER),
    )
    assert alert.state is AlertState.CLOSED
    assert alert.reopened_ms == ()


def test_closing_without_time_does_not_replace_closing_with_time() -> None:
    alert = folded(
        CREATED,
        event(Action.FIXED, happened=30),
        event(
            Action.CLOSED_BY_USER,
            received=50,
            closed_as=ClosedAs.WONT_FIX,
            delivery="u",
            ref=Ref.NONE,
        ),
    )
    assert alert.closing is not None
    assert alert.closing.closed_as is ClosedAs.FIXED


def test_closing_and_reopening_at_same_time_leave_alert_open() -> None:
    assert (
        folded(CREATED, event(Action.FIXED, happened=30), event(Action.REOPENED, happened=30)).state
        is AlertState.OPEN
    )


def test_two_closings_at_same_time_fold_to_one_state_in_any_order() -> None:
    folded(
        CREATED,
        event(Action.CLOSED_BY_USER, happened=5, closed_as=ClosedAs.WONT_FIX),
        event(Action.CLOSED_BY_USER, happened=5, closed_as=ClosedAs.FALSE_POSITIVE),
    )


def test_snapshot_sets_whole_state() -> None:
    closed = event(Action.RECONCILED, happened=50, received=60, closed_as=ClosedAs.FIXED, closed=20)
    alert = folded(CREATED, closed)
    assert alert.closing is not None
    assert alert.closing.closed_ms == to_ms(at(20))
    assert (
        folded(
            event(Action.FIXED, happened=10), event(Action.RECONCILED, happened=50, received=60)
        ).state
        is AlertState.OPEN
    )


def test_snapshot_overrides_untimed_changes_received_before_it_but_keeps_reopenings() -> None:
    snapshot = event(
        Action.RECONCILED, happened=50, received=60, closed_as=ClosedAs.FIXED, closed=50
    )
    reopened = event(Action.REOPENED, received=55, delivery="r")
    alert = folded(CREATED, snapshot, reopened)
    assert alert.state is AlertState.CLOSED
    assert alert.reopened_ms == (to_ms(at(55)),)
    later = event(Action.REOPENED, received=61, delivery="r2")
    assert folded(CREATED, snapshot, later).state is AlertState.OPEN


def test_snapshot_does_not_override_later_change_with_reported_time() -> None:
    snapshot = event(Action.RECONCILED, happened=50, received=60)
    assert folded(CREATED, snapshot, event(Action.FIXED, happened=55)).state is AlertState.CLOSED


def test_facts_come_from_newest_change() -> None:
    alert = folded(CREATED, event(Action.FIXED, happened=9, severity=Severity.LOW))
    assert alert.facts.severity is Severity.LOW


@pytest.mark.parametrize(
    "some",
    [
        (),
        (event(Action.FIXED, happened=30),),
        (
            event(Action.CLOSED_BY_USER, happened=5, closed_as=ClosedAs.WONT_FIX),
            event(Action.REOPENED, happened=6),
            event(Action.REOPENED_BY_USER, received=7),
        ),
    ],
)
def test_changes_without_creation_make_no_alert(
    some: tuple[AlertEvent, ...],
) -> None:
    assert fold(changes_of(*some)) is None
    item = to_item(AlertRow("octo/cat", 7, 1, changes_of(*some)))
    assert set(item) == {"repositoryName", "alertID", "changes", "revision"}
    assert not alert_row.is_alert(item)


@pytest.mark.parametrize(
    "entering",
    [
        CREATED,
        event(Action.APPEARED_IN_BRANCH, happened=0),
        event(Action.RECONCILED, happened=0, received=1),
    ],
)
def test_closing_received_before_creation_counts_after_creation_arrives(
    entering: AlertEvent,
) -> None:
    alert = folded(event(Action.FIXED, happened=30), entering)
    assert alert.closing is not None
    assert alert.closing.closed_ms == to_ms(at(30))
    assert alert_row.is_alert(to_item(AlertRow("octo/cat", 7, 1, changes_of(entering))))


_MINUTES = st.integers(0, 6)
_EVENTS = st.builds(
    event,
    st.sampled_from([a for a in Action if a is not Action.CLOSED_BY_USER]),
    happened=st.none() | _MINUTES,
    received=st.integers(0, 8),
    ref=st.sampled_from(Ref),
    severity=st.sampled_from([Severity.HIGH, Severity.LOW]),
    delivery=st.sampled_from(["a", "b", "c"]),
) | st.builds(
    event,
    st.sampled_from([Action.CLOSED_BY_USER, Action.RECONCILED]),
    happened=st.none() | _MINUTES,
    received=st.integers(0, 8),
    ref=st.sampled_from(Ref),
    closed_as=st.sampled_from([ClosedAs.WONT_FIX, ClosedAs.FALSE_POSITIVE]),
    delivery=st.sampled_from(["a", "b", "c"]),
)


@settings(max_examples=examples(400))
@given(
    st.lists(_EVENTS, min_size=1, max_size=7).flatmap(
        lambda events: st.tuples(st.just(events), st.permutations(events + events[:3]))
    )
)
def test_any_order_and_duplicates_give_same_row(
    orders: tuple[list[AlertEvent], list[AlertEvent]],
) -> None:
    first, second = (changes_of(*some) for some in orders)
    assert first == second
    row = AlertRow("octo/cat", 7, 1, first)
    item = to_item(row)
    assert item == to_item(AlertRow("octo/cat", 7, 1, second))
    assert alert_row.from_item(item) == row
    assert alert_row.is_alert(item) == (row.alert is not None)
    assert alert_row.is_tombstone(item) == (row.is_created and row.alert is None)
    if row.alert is not None:
        assert state_from_item(item) == row.alert


@settings(max_examples=examples(300))
@given(st.lists(_EVENTS, min_size=1, max_size=6))
def test_other_refs_neither_fix_nor_reopen_default_branch_alert(
    events: list[AlertEvent],
) -> None:
    changes = changes_of(CREATED, *events)
    kept = {c for c in changes if not c.concerns_another_ref}
    if gone_ms_of(changes) is not None or gone_ms_of(kept) is not None:
        return
    every, some = fold(changes), fold(kept)
    assert every is not None
    assert some is not None
    assert every.closing == some.closing
    assert every.reopened_ms == some.reopened_ms
    assert every.earlier_closings == some.earlier_closings


def test_parsed_alert_id_equals_built_one() -> None:
    assert parse_alert_id(alert_id("octo/cat", 22)) == ("octo/cat", 22)
    assert parse_alert_id("octo/cat/x") is None
    assert parse_alert_id("22") is None


def test_ids_and_keys_ignore_case() -> None:
    assert parse_alert_id("Octo/Cat/22") == ("octo/cat", 22)
    assert key("Octo/Cat", 22) == key("octo/cat", 22)
    assert state_key("Octo", AlertState.OPEN) == "octo#OPEN"
    assert alert_id("Octo/Cat", 22) == "Octo/Cat/22"


def test_packed_changes_of_unknown_version_are_refused() -> None:
    with pytest.raises(ValueError, match="have version 99, but must have 2"):
        packed_changes.unpack_changes('{"version":99}')


def test_facts_sort_by_every_field() -> None:
    one = Facts(1, "o", "u", Severity.LOW, None, None)
    other = Facts(1, "o", "u", Severity.LOW, "CodeQL", None)
    assert sorted([other, one], key=lambda facts: facts.key) == [one, other]
    assert Kind.CREATED < Kind.CLOSED < Kind.REOPENED < Kind.SNAPSHOT
