"""Statistics of pooled cells, compared with the durations that the cells count."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollup.metrics import ratios
from rollup.metrics.counts import Cell
from rollup.metrics.histogram import EXACT_DAYS, bin_of
from rollup.metrics.percentile import percentile

DAY_MS = 86_400_000
DURATIONS = st.lists(
    st.integers(1_000, 20 * 365 * DAY_MS)
    | st.sampled_from([days * DAY_MS for days in EXACT_DAYS])
    | st.just(0),
    min_size=1,
    max_size=60,
)
CLOSE_DURATIONS = st.tuples(
    st.integers(1_000, 10**12), st.lists(st.floats(1, 1.12), min_size=1)
).map(lambda drawn: [int(drawn[0] * factor) for factor in drawn[1]])
PERCENTS = st.sampled_from([1, 10, 25, 50, 75, 90, 95, 99, 99.9]) | st.floats(1, 99.9)


def counted(durations_ms: list[int]) -> Cell:
    return sum((Cell(1, ms, {bin_of(ms): 1}) for ms in durations_ms), Cell())


def exact_percentile(durations_ms: list[int], percent: float) -> float:
    """Return the percentile by its definition: linear between the closest ranks."""
    ordered = sorted(durations_ms)
    rank = (len(ordered) - 1) * percent / 100
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


@given(DURATIONS | CLOSE_DURATIONS, PERCENTS)
def test_percentile_is_within_five_percent_or_ten_in_a_single_bin(
    durations_ms: list[int], percent: float
) -> None:
    found = ratios.percentile_ms(counted(durations_ms), percent)
    exact = exact_percentile(durations_ms, percent)
    assert found is not None
    is_one_bin = len(set(map(bin_of, durations_ms))) == 1
    assert abs(found - exact) <= (0.1 if is_one_bin else 0.05) * exact + 1e-6


@given(DURATIONS | CLOSE_DURATIONS, PERCENTS)
def test_exact_percentile_and_estimate_lie_within_the_bounds(
    durations_ms: list[int], percent: float
) -> None:
    found = percentile(counted(durations_ms), percent)
    exact = exact_percentile(durations_ms, percent)
    assert found is not None
    slack = 1e-9 * exact + 1e-6
    assert found.least_ms - slack <= exact <= found.most_ms + slack
    assert found.least_ms - slack <= found.ms <= found.most_ms + slack
    assert min(durations_ms) // 1.1 <= found.ms <= max(durations_ms) * 1.1


@given(st.integers(1_000, 10**12), st.integers(1, 50), PERCENTS)
def test_percentiles_of_equal_times_are_exact(ms: int, number: int, percent: float) -> None:
    assert ratios.percentile_ms(counted([ms] * number), percent) == ms


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_median_of_two_times_is_their_mean(one: int, other: int) -> None:
    assert ratios.percentile_ms(counted([one, other]), 50) == pytest.approx((one + other) / 2)


@given(DURATIONS, DURATIONS, PERCENTS)
def test_change_of_a_percentile_has_the_exact_sign_or_is_none(
    now_ms: list[int], before_ms: list[int], percent: float
) -> None:
    change = ratios.percentile_change(counted(now_ms), counted(before_ms), percent)
    now, before = exact_percentile(now_ms, percent), exact_percentile(before_ms, percent)
    if change is None:
        assert before == 0 or abs(now - before) <= 0.21 * (now + before) + 1_000
    else:
        assert (change > 0) == (now > before)
        assert (change < 0) == (now < before)


def test_change_within_the_error_of_estimates_is_none() -> None:
    days = [int(day * DAY_MS) for day in (3.3, 9.3, 20.3)]
    hours_later = [ms + 3_600_000 for ms in days]
    assert ratios.percentile_change(counted(hours_later), counted(days), 50) is None
    assert ratios.percentile_change(counted(days), counted(days), 50) is None
    assert ratios.percentile_change(counted([int(1.5 * ms) for ms in days]), counted(days), 50)
    one, two = counted([100_000]), counted([101_000])
    assert ratios.percentile_change(two, one, 50) == pytest.approx(0.01)
    assert ratios.percentile_change(one, one, 90) == 0
    assert ratios.percentile_change(one, Cell(), 90) is None


def test_percentile_ignores_bins_below_zero() -> None:
    cell = Cell(2, 5 * DAY_MS, {bin_of(3 * DAY_MS): 1, bin_of(2 * DAY_MS): 1, bin_of(DAY_MS): -1})
    assert ratios.percentile_ms(cell, 50) == 2.5 * DAY_MS


@given(DURATIONS)
def test_mean_is_exact_and_median_within_five_percent(durations_ms: list[int]) -> None:
    cell = counted(durations_ms)
    assert ratios.mean_ms(cell) == pytest.approx(statistics.fmean(durations_ms))
    assert ratios.percentile_ms(cell, 50) == pytest.approx(
        statistics.median(durations_ms), rel=0.05, abs=1e-6
    )


@given(DURATIONS, st.sampled_from(EXACT_DAYS))
def test_share_within_days_is_exact(durations_ms: list[int], days: int) -> None:
    within = sum(ms <= days * DAY_MS for ms in durations_ms)
    assert ratios.share_within(counted(durations_ms), days) == within / len(durations_ms)


@given(st.integers(1_000, 10**12), PERCENTS)
def test_percentiles_of_one_closing_are_its_time(ms: int, percent: float) -> None:
    assert ratios.percentile_ms(counted([ms]), percent) == ms


def test_statistics_of_an_empty_cell_are_none() -> None:
    assert ratios.mean_ms(Cell()) is None
    assert ratios.percentile_ms(Cell(), 50) is None
    assert ratios.share_within(Cell(), 30) is None
    assert ratios.mean_age_ms(Cell(), now_ms=5) is None
    assert ratios.rate(3, 0) is None
    # A cell without bins, as in the ALL row.
    assert ratios.percentile_ms(Cell(3, 300), 50) is None


def test_share_within_inexact_days_raises() -> None:
    with pytest.raises(ValueError, match="no exact edge at 31 days"):
        ratios.share_within(Cell(), 31)


def test_change_is_relative_to_the_earlier_value() -> None:
    assert ratios.relative_change(5, 4) == 0.25
    assert ratios.relative_change(0, 4) == -1
    assert ratios.relative_change(5, 0) is None
    assert ratios.relative_change(None, 4) is None
    assert ratios.relative_change(5, None) is None


def test_mean_age_is_never_negative() -> None:
    assert ratios.mean_age_ms(Cell(2, 300), now_ms=250) == 100
    assert ratios.mean_age_ms(Cell(2, 300), now_ms=100) == 0


def test_statistics_of_100000_closings_are_exact() -> None:
    cell = Cell(100_000, 100_000 * 3 * DAY_MS, {bin_of(3 * DAY_MS): 100_000})
    assert ratios.mean_ms(cell) == 3 * DAY_MS
    assert ratios.share_within(cell, 3) == 1
    assert ratios.share_within(cell, 2) == 0
