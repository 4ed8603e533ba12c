"""Cohorts, compared with the plain definition over the alerts created on one day."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, ClosedAs, Severity
from rollup.metrics.cohorts.cohort import Cohort
from rollup.metrics.counts import CLOSED_OUTCOMES, CLOSINGS, Cell, Counts, Outcome
from rollup.metrics.histogram import EXACT_DAYS, bin_of
from rollup.rows.contribution import AlertContribution
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling
from tests.unit.rollup.builders import BASE_MS, DAY_MS
from tests.unit.rollup.test_percentile import PERCENTS, exact_percentile

END_MS = BASE_MS + DAY_MS
DAY = RowKey("octo/cat", "DAY#2026-01-01")
SOME_CLOSINGS = frozenset({Outcome.FIXED, Outcome.WONT_FIX})
KINDS = st.sampled_from([ClosedAs.FIXED, ClosedAs.WONT_FIX, ClosedAs.FALSE_POSITIVE])


class Story(NamedTuple):
    """An alert that is created on the day, and when and how it will be closed, or None."""

    created_ms: int
    time_ms: int | None
    closed_as: ClosedAs

    def is_closed(self, now_ms: int) -> bool:
        return self.time_ms is not None and self.created_ms + self.time_ms <= now_ms


STORIES = st.lists(
    st.builds(
        Story,
        st.integers(BASE_MS, END_MS - 1) | st.just(END_MS - 1),
        st.none()
        | st.integers(1_000, 400 * DAY_MS)
        | st.sampled_from([days * DAY_MS for days in EXACT_DAYS]),
        KINDS,
    ),
    max_size=12,
)
AGES = st.integers(0, 420 * DAY_MS) | st.sampled_from([days * DAY_MS for days in EXACT_DAYS])


def cohort_at(
    stories: Iterable[Story], now_ms: int, closed_as: frozenset[Outcome] = CLOSED_OUTCOMES
) -> Cohort:
    """Return the cohort of the day's row at some time."""
    contributions = [contribution(one, now_ms) for one in stories if one.created_ms <= now_ms]
    counts = Counts.total(one.shares()[DAY].counts for one in contributions)
    cells: dict[Outcome, list[Cell]] = {}
    for key, cell in counts:
        cells.setdefault(key.outcome, []).append(cell)
    totals = {outcome: Cell.total(summed) for outcome, summed in cells.items()}
    return Cohort.of(totals, closed_as=closed_as, age_ms=now_ms - END_MS)


def contribution(story: Story, now_ms: int, *, has_cohort: bool = True) -> AlertContribution:
    is_closed = story.is_closed(now_ms)
    return AlertContribution(
        repository="octo/cat",
        spelling=Spelling(0, "octo/cat"),
        created_ms=story.created_ms,
        severity=Severity.HIGH,
        branch=Branch.DEFAULT,
        tool="CodeQL",
        closed_as=story.closed_as if is_closed else None,
        closed_ms=story.created_ms + (story.time_ms or 0) if is_closed else None,
        reopened_ms=(),
        earlier_closings=(),
        last_event_ms=0,
        has_cohort=has_cohort,
    )


def times_at(stories: list[Story], now_ms: int, closed_as: frozenset[Outcome]) -> list[float]:
    """Return the time of each alert, infinite for one that is open or closed differently."""
    return [
        one.time_ms or 0
        if one.is_closed(now_ms) and CLOSINGS[one.closed_as] in closed_as
        else math.inf
        for one in stories
    ]


@given(STORIES, AGES, st.sampled_from([CLOSED_OUTCOMES, SOME_CLOSINGS]))
def test_numbers_equal_the_definition(
    stories: list[Story], age_ms: int, closed_as: frozenset[Outcome]
) -> None:
    now_ms = END_MS + age_ms
    found = cohort_at(stories, now_ms, closed_as)
    times = times_at(stories, now_ms, closed_as)
    closed = [ms for ms in times if ms < math.inf]
    still_open = sum(not one.is_closed(now_ms) for one in stories)
    assert (found.opened, found.still_open) == (len(stories), still_open)
    assert (found.closed.count, found.closed.total_ms) == (len(closed), sum(closed))
    assert found.uncounted == 0
    assert found.mean_ms == (sum(closed) / len(closed) if closed and not still_open else None)
    for days in EXACT_DAYS:
        within = sum(ms <= days * DAY_MS for ms in times)
        assert found.closed_within(days) == within
        is_known = bool(stories) and age_ms >= days * DAY_MS
        assert found.share_within(days) == (within / len(stories) if is_known else None)


@given(STORIES, AGES, PERCENTS, st.sampled_from([CLOSED_OUTCOMES, SOME_CLOSINGS]))
def test_percentile_counts_open_alerts_as_the_last(
    stories: list[Story], age_ms: int, percent: float, closed_as: frozenset[Outcome]
) -> None:
    now_ms = END_MS + age_ms
    found = cohort_at(stories, now_ms, closed_as).percentile(percent)
    times = sorted(times_at(stories, now_ms, closed_as))
    rank = (len(times) - 1) * percent / 100
    worst = times[math.ceil(rank)] if times else math.inf
    still_open = any(not one.is_closed(now_ms) for one in stories)
    if worst == math.inf or (still_open and worst > age_ms):
        assert found is None
    elif found is None:
        # The bin that contains the time is not over.
        assert still_open
        assert bin_of(int(worst)) == bin_of(age_ms + 1)
    else:
        exact = exact_percentile([int(min(ms, 10**15)) for ms in times], percent)
        is_one_bin = len({bin_of(int(ms)) for ms in times if ms < math.inf}) == 1
        assert abs(found.ms - exact) <= (0.1 if is_one_bin else 0.05) * exact + 1e-6
        assert found.least_ms - 1 <= exact <= found.most_ms + 1


@given(STORIES, AGES, AGES, PERCENTS, st.sampled_from([CLOSED_OUTCOMES, SOME_CLOSINGS]))
def test_value_that_was_known_never_changes(
    stories: list[Story],
    age_ms: int,
    later_ms: int,
    percent: float,
    closed_as: frozenset[Outcome],
) -> None:
    early = cohort_at(stories, END_MS + age_ms, closed_as)
    late = cohort_at(stories, END_MS + age_ms + later_ms, closed_as)
    assert early.percentile(percent) in {None, late.percentile(percent)}
    assert early.mean_ms in {None, late.mean_ms}
    for days in (1, 7, 30, 365):
        assert early.share_within(days) in {None, late.share_within(days)}


def test_days_that_are_not_over_have_no_statistics() -> None:
    stories = [Story(BASE_MS, 1_000, ClosedAs.FIXED)]
    found = cohort_at(stories, END_MS - 1)
    assert (found.opened, found.closed.count) == (1, 1)
    assert [found.percentile(50), found.share_within(1), found.mean_ms] == [None] * 3
    known = cohort_at(stories, END_MS)
    assert known.mean_ms == 1_000
    median = known.percentile(50)
    assert median is not None
    assert median.ms == 1_000


def test_percentile_waits_for_open_alerts_that_could_be_faster() -> None:
    day = DAY_MS
    stories = [
        *(Story(BASE_MS, days * day, ClosedAs.FIXED) for days in (2, 30)),
        Story(BASE_MS, None, ClosedAs.FIXED),
    ]
    assert cohort_at(stories, END_MS + 30 * day - 1).percentile(50) is None
    median = cohort_at(stories, END_MS + 30 * day).percentile(50)
    assert median is not None
    assert median.ms == pytest.approx(30 * day, rel=0.05)
    assert cohort_at(stories, END_MS + 10**10).percentile(51) is None


def test_percentile_stays_the_same_when_the_last_alert_is_closed_in_another_way() -> None:
    fixes = [Story(BASE_MS, 2 * DAY_MS + 5_000_000, ClosedAs.FIXED)] * 3
    stories = [*fixes, Story(BASE_MS, 30 * DAY_MS, ClosedAs.FALSE_POSITIVE)]
    early, late = (cohort_at(stories, END_MS + days * DAY_MS, SOME_CLOSINGS) for days in (20, 40))
    assert (early.still_open, late.still_open) == (1, 0)
    assert early.percentile(50) == late.percentile(50) is not None


def test_closings_counted_by_older_code_are_missing() -> None:
    now_ms = END_MS + 9 * DAY_MS
    old = contribution(Story(BASE_MS, DAY_MS, ClosedAs.FIXED), now_ms, has_cohort=False)
    cells = {key.outcome: cell for key, cell in old.shares()[DAY].counts}
    assert Cohort.of(cells, age_ms=9 * DAY_MS).uncounted == 1


def test_all_row_has_no_cohort() -> None:
    shares = contribution(Story(BASE_MS, DAY_MS, ClosedAs.FIXED), END_MS + 9 * DAY_MS).shares()
    outcomes = {key.outcome for key, _ in shares[RowKey("octo/cat", "ALL")].counts}
    assert outcomes == {Outcome.OPENED, Outcome.FIXED}
    month = {key.outcome for key, _ in shares[RowKey("octo/cat", "MONTH#2026-01")].counts}
    assert month == {Outcome.OPENED, Outcome.FIXED, Outcome.COHORT_FIXED}
