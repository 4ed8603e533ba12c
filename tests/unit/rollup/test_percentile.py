"""Percentiles of pooled closings, compared with the durations that the cells count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def percentile_ms(closed: Cell, percent: float) -> float | None:
    found = percentile(closed, percent)
    return None if found is None else found.ms


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
    found = percentile_ms(counted(durations_ms), percent)
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
    assert percentile_ms(counted([ms] * number), percent) == ms


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_median_of_two_times_is_their_mean(one: int, other: int) -> None:
    assert percentile_ms(counted([one, other]), 50) == pytest.approx((one + other) / 2)


def test_percentile_ignores_bins_below_zero() -> None:
    cell = Cell(2, 5 * DAY_MS, {bin_of(3 * DAY_MS): 1, bin_of(2 * DAY_MS): 1, bin_of(DAY_MS): -1})
    assert percentile_ms(cell, 50) == 2.5 * DAY_MS


@given(st.integers(1_000, 10**12), PERCENTS)
def test_percentiles_of_one_closing_are_its_time(ms: int, percent: float) -> None:
    assert percentile_ms(counted([ms]), percent) == ms
