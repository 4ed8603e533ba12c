"""Earlier closings of an alert, its newest reported time, and its newest spelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.alerts.alert_row import AlertRow, state_from_item, to_item
from ingest.alerts.change import Change, add, change_of
from ingest.alerts.lifecycle import LAST_KEPT, Alert, fold
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs, Ref, Severity
from tests.support.examples import examples

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


def minute(at_ms: int) -> float:
    return (at_ms / 1_000 - NOW.timestamp()) / 60


def event(
    action: Action, minutes: int | None, *, received: int = 500, ref: Ref = Ref.DEFAULT
) -> AlertEvent:
    return replace(
        CREATED,
        delivery_id=f"{action}-{minutes}-{received}",
        action=action,
        happened_at=None if minutes is None else at(minutes),
        received_at=at(received),
        closed_as=ClosedAs.FIXED if action is Action.FIXED else None,
        ref=ref,
    )


def fixed(minutes: int | None, *, received: int = 500, ref: Ref = Ref.DEFAULT) -> AlertEvent:
    return event(Action.FIXED, minutes, received=received, ref=ref)


def reopened(minutes: int | None, *, received: int = 500) -> AlertEvent:
    return event(Action.REOPENED, minutes, received=received)


def snapshot(minutes: int, *, closed: int | None = None, observed: int = 500) -> AlertEvent:
    return replace(
        event(Action.RECONCILED, minutes, received=observed),
        closed_as=None if closed is None else ClosedAs.FIXED,
        closed_at=None if closed is None else at(closed),
    )


def changes_of(*events: AlertEvent) -> frozenset[Change]:
    changes: frozenset[Change] = frozenset()
    for one in events:
        changes = add(changes, change_of(one))
    return changes


def after(*events: AlertEvent) -> Alert:
    """Return the alert after these events; assert that order and storage do not change it."""
    (alert,) = {fold(changes_of(*some)) for some in permutations(events)}
    assert alert is not None
    assert state_from_item(to_item(AlertRow("octo/cat", 7, 1, changes_of(*events)))) == alert
    return alert


def earlier(*events: AlertEvent) -> list[tuple[float, float]]:
    spans = after(*events).earlier_closings
    return [(minute(one.closed_ms), minute(one.ended_ms)) for one in spans]


def test_present_closing_is_not_an_earlier_closing() -> None:
    assert earlier(CREATED, fixed(30)) == []


def test_reopening_ends_previous_closing() -> None:
    assert earlier(CREATED, fixed(30), reopened(40)) == [(30, 40)]
    assert earlier(CREATED, fixed(30), reopened(40), fixed(50), reopened(60)) == [
        (30, 40),
        (50, 60),
    ]


def test_open_snapshot_ends_previous_closing() -> None:
    assert earlier(CREATED, fixed(30), snapshot(45)) == [(30, 45)]


def test_later_closing_ends_closing_that_it_replaces() -> None:
    assert earlier(CREATED, fixed(30), fixed(40)) == [(30, 40)]
    assert earlier(CREATED, fixed(30), snapshot(50, closed=45)) == [(30, 45)]


def test_repeated_closing_adds_no_earlier_closing() -> None:
    again = replace(fixed(30), severity=Severity.LOW, delivery_id="again")
    assert earlier(CREATED, fixed(30), again, snapshot(50, closed=30)) == []


def test_closing_and_reopening_at_same_time_leave_no_earlier_closing() -> None:
    assert earlier(CREATED, fixed(30), reopened(30)) == []


def test_closing_without_time_replaces_nothing_and_can_be_replaced() -> None:
    assert earlier(CREATED, fixed(30), fixed(None, received=40)) == []
    assert earlier(CREATED, fixed(None, received=30), fixed(40)) == [(30, 40)]


def test_snapshot_with_earlier_closing_time_corrects_later_changes() -> None:
    assert earlier(CREATED, fixed(30), snapshot(50, closed=20)) == []
    assert earlier(CREATED, fixed(10), reopened(20), fixed(30), snapshot(50, closed=15)) == [
        (10, 15)
    ]


def test_closing_overridden_by_snapshot_leaves_no_earlier_closing() -> None:
    silenced = fixed(None, received=40)
    assert earlier(CREATED, silenced, snapshot(45, observed=50)) == []
    assert earlier(CREATED, fixed(None, received=60), snapshot(45, observed=50), reopened(70)) == [
        (60, 70)
    ]


def test_fix_on_another_ref_leaves_no_earlier_closing_on_default_branch() -> None:
    assert earlier(CREATED, fixed(30, ref=Ref.OTHER), reopened(40)) == []
    elsewhere = replace(CREATED, ref=Ref.OTHER)
    assert earlier(elsewhere, fixed(30, ref=Ref.OTHER), fixed(40, ref=Ref.OTHER)) == [(30, 40)]


def test_last_twelve_earlier_closings_are_kept() -> None:
    turns = [turn for n in range(20) for turn in (fixed(10 * n + 1), reopened(10 * n + 5))]
    alert = fold(changes_of(CREATED, *turns))
    assert alert is not None
    assert len(alert.earlier_closings) == len(alert.reopened_ms) == LAST_KEPT == 12
    assert minute(alert.earlier_closings[-1].ended_ms) == 195
    assert state_from_item(to_item(AlertRow("o/r", 7, 1, changes_of(CREATED, *turns)))) == alert


_TURNS = st.dictionaries(st.integers(1, 60), st.booleans(), max_size=30)


@given(_TURNS)
def test_alert_is_closed_at_each_time_whose_last_event_is_a_closing(
    turns: dict[int, bool],
) -> None:
    events = [fixed(m) if is_closing else reopened(m) for m, is_closing in turns.items()]
    alert = fold(changes_of(CREATED, *events))
    assert alert is not None
    spans = [(minute(one.closed_ms), minute(one.ended_ms)) for one in alert.earlier_closings]
    if alert.closing:
        spans.append((minute(alert.closing.closed_ms), 61))
    first = spans[0][0] if len(alert.earlier_closings) == LAST_KEPT else 0
    for now in range(61):
        if now >= first:
            last = max((m for m in turns if m <= now), default=None)
            was_closed = last is not None and turns[last]
            assert was_closed == any(start <= now < end for start, end in spans)


_MINUTES = st.integers(0, 8)
_ANY = st.one_of(
    st.builds(fixed, st.none() | _MINUTES, received=_MINUTES, ref=st.sampled_from(Ref)),
    st.builds(reopened, st.none() | _MINUTES, received=_MINUTES),
    st.builds(snapshot, _MINUTES, closed=st.none() | _MINUTES, observed=_MINUTES),
)


@settings(max_examples=examples(500))
@given(st.lists(_ANY, max_size=9).flatmap(st.permutations))
def test_earlier_closings_ascend_and_never_overlap(
    events: list[AlertEvent],
) -> None:
    alert = fold(changes_of(CREATED, *events))
    assert alert is not None
    spans = [(one.closed_ms, one.ended_ms) for one in alert.earlier_closings]
    if alert.closing:
        spans.append((alert.closing.closed_ms, alert.closing.closed_ms))
    assert all(start <= end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_last_change_is_newest_reported_time_and_never_a_receipt() -> None:
    def newest(*events: AlertEvent) -> float:
        return minute(after(*events).last_change_ms)

    assert newest(CREATED) == 0
    assert newest(CREATED, fixed(None, received=30), reopened(None, received=40)) == 0
    assert newest(CREATED, fixed(20), reopened(None, received=40)) == 20
    assert newest(CREATED, snapshot(25, observed=90)) == 25
    assert newest(CREATED, snapshot(25, closed=24, observed=90), fixed(30, ref=Ref.OTHER)) == 30
    assert newest(CREATED, replace(snapshot(0, observed=90), happened_at=None)) == 0


@given(st.lists(_ANY, min_size=1, max_size=6))
def test_further_change_never_moves_last_change_back(events: list[AlertEvent]) -> None:
    some, every = fold(changes_of(CREATED, *events[1:])), fold(changes_of(CREATED, *events))
    assert some is not None
    assert every is not None
    assert some.last_change_ms <= every.last_change_ms


def spelled(one: AlertEvent, name: str) -> AlertEvent:
    return replace(one, repository=name)


def test_repository_is_spelled_as_in_newest_change() -> None:
    new = "Octo/Cat"
    alert = after(CREATED, spelled(fixed(30), new), spelled(reopened(40), new))
    assert (alert.facts.repository, minute(alert.spelled_ms)) == (new, 40)
    untimed = after(CREATED, fixed(20), spelled(reopened(None, received=40), new))
    assert (untimed.facts.repository, minute(untimed.spelled_ms)) == ("octo/cat", 20)
    assert minute(after(CREATED, fixed(30)).spelled_ms) == 0


@given(st.lists(_ANY, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_further_change_never_makes_spelling_older(
    events: list[AlertEvent], new: list[bool]
) -> None:
    named = [spelled(e, "OCTO/cat") if n else e for e, n in zip(events, new, strict=False)]
    some, every = fold(changes_of(CREATED, *named[1:])), fold(changes_of(CREATED, *named))
    assert some is not None
    assert every is not None
    assert (some.spelled_ms, some.facts.repository) <= (every.spelled_ms, every.facts.repository)


def test_two_spellings_of_repository_share_one_row_with_lower_case_keys() -> None:
    changes = changes_of(CREATED, spelled(fixed(30), "Octo/Cat"))
    item = to_item(AlertRow("octo/cat", 7, 1, changes))
    keys = {name: item[name]["S"] for name in item if name.startswith(("org", "repo"))}
    assert keys == {
        "repositoryName": "octo/cat",
        "repositorySpelling": "Octo/Cat",
        "organisationName": "octo",
        "organisationState": "octo#CLOSED",
        "repositoryState": "octo/cat#CLOSED",
    }


def test_repeated_body_without_time_is_one_change() -> None:
    first = replace(reopened(None, received=40), delivery_id="1", body_digest="ab" * 32)
    again = replace(first, delivery_id="2", received_at=at(30))
    alert = after(CREATED, first, again)
    assert [minute(ms) for ms in alert.reopened_ms] == [30]
    other = replace(again, body_digest="cd" * 32)
    assert len(after(CREATED, first, other).reopened_ms) == 2
