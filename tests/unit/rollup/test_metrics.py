"""What counts amount to, held against the plain durations that they were counted from."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollup import metrics
from rollup.counts import Cell
from rollup.histogram import EXACT_DAYS, bin_of

DAY_MS = 86_400_000
DURATIONS = st.lists(
    st.integers(1_000, 20 * 365 * DAY_MS)
    | st.sampled_from([days * DAY_MS for days in EXACT_DAYS])
    | st.just(0),
    min_size=1,
    max_size=60,
)
PERCENTS = st.sampled_from([1, 10, 25, 50, 75, 90, 95, 99, 99.9]) | st.floats(1, 99.9)


def counted(durations_ms: list[int]) -> Cell:
    return sum((Cell(1, ms, {bin_of(ms): 1}) for ms in durations_ms), Cell())


def exact_percentile(durations_ms: list[int], percent: float) -> float:
    """The definition, on sorted durations: linear between the closest ranks."""
    ordered = sorted(durations_ms)
    rank = (len(ordered) - 1) * percent / 100
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


@given(DURATIONS, PERCENTS)
def test_any_percentile_is_within_five_percent_of_the_sorted_one(
    durations_ms: list[int], percent: float
) -> None:
    told = metrics.percentile_ms(counted(durations_ms), percent)
    exact = exact_percentile(durations_ms, percent)
    assert told is not None
    assert abs(told - exact) <= 0.05 * exact + 1e-6


@given(DURATIONS)
def test_the_mean_is_exact_and_the_median_the_middle(durations_ms: list[int]) -> None:
    cell = counted(durations_ms)
    assert metrics.mean_ms(cell) == pytest.approx(statistics.fmean(durations_ms))
    assert metrics.percentile_ms(cell, 50) == pytest.approx(
        statistics.median(durations_ms), rel=0.05, abs=1e-6
    )


@given(DURATIONS, st.sampled_from(EXACT_DAYS))
def test_the_share_within_some_days_is_exact(durations_ms: list[int], days: int) -> None:
    within = sum(ms <= days * DAY_MS for ms in durations_ms)
    assert metrics.share_within(counted(durations_ms), days) == within / len(durations_ms)


@given(st.integers(1_000, 10**12), PERCENTS)
def test_every_percentile_of_one_closing_is_its_own_time(ms: int, percent: float) -> None:
    assert metrics.percentile_ms(counted([ms]), percent) == ms


def test_nothing_has_no_average() -> None:
    assert metrics.mean_ms(Cell()) is None
    assert metrics.percentile_ms(Cell(), 50) is None
    assert metrics.share_within(Cell(), 30) is None
    assert metrics.mean_age_ms(Cell(), now_ms=5) is None
    assert metrics.rate(3, 0) is None
    # Counted without durations, as in the row of all time.
    assert metrics.percentile_ms(Cell(3, 300), 50) is None


def test_a_share_within_other_days_is_refused_even_of_nothing() -> None:
    with pytest.raises(ValueError, match="no exact edge at 31 days"):
        metrics.share_within(Cell(), 31)


def test_changes_are_relative_to_what_was_before() -> None:
    assert metrics.relative_change(5, 4) == 0.25
    assert metrics.relative_change(0, 4) == -1
    assert metrics.relative_change(5, 0) is None
    assert metrics.relative_change(None, 4) is None
    assert metrics.relative_change(5, None) is None


def test_the_mean_age_is_never_negative() -> None:
    assert metrics.mean_age_ms(Cell(2, 300), now_ms=250) == 100
    assert metrics.mean_age_ms(Cell(2, 300), now_ms=100) == 0


def test_a_hundred_thousand_closings_in_one_cell_stay_exact() -> None:
    cell = Cell(100_000, 100_000 * 3 * DAY_MS, {bin_of(3 * DAY_MS): 100_000})
    assert metrics.mean_ms(cell) == 3 * DAY_MS
    assert metrics.share_within(cell, 3) == 1
    assert metrics.share_within(cell, 2) == 0
