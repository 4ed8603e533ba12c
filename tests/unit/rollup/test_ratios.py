"""Statistics of pooled cells, compared with the durations that the cells count."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollup.metrics import ratios
from rollup.metrics.counts import Cell
from rollup.metrics.histogram import EXACT_DAYS, bin_of
from rollup.metrics.percentile import percentile
from tests.unit.rollup.test_percentile import (
    DAY_MS,
    DURATIONS,
    PERCENTS,
    counted,
    exact_percentile,
    percentile_ms,
)


def change_of(now: Cell, before: Cell, percent: float) -> float | None:
    return ratios.percentile_change(percentile(now, percent), percentile(before, percent))


@given(DURATIONS, DURATIONS, PERCENTS)
def test_change_of_a_percentile_has_the_exact_sign_or_is_none(
    now_ms: list[int], before_ms: list[int], percent: float
) -> None:
    change = change_of(counted(now_ms), counted(before_ms), percent)
    now, before = exact_percentile(now_ms, percent), exact_percentile(before_ms, percent)
    if change is None:
        assert before == 0 or abs(now - before) <= 0.21 * (now + before) + 1_000
    else:
        assert (change > 0) == (now > before)
        assert (change < 0) == (now < before)


def test_change_within_the_error_of_estimates_is_none() -> None:
    days = [int(day * DAY_MS) for day in (3.3, 9.3, 20.3)]
    hours_later = [ms + 3_600_000 for ms in days]
    assert change_of(counted(hours_later), counted(days), 50) is None
    assert change_of(counted(days), counted(days), 50) is None
    assert change_of(counted([int(1.5 * ms) for ms in days]), counted(days), 50)
    one, two = counted([100_000]), counted([101_000])
    assert change_of(two, one, 50) == pytest.approx(0.01)
    assert change_of(one, one, 90) == 0
    assert change_of(one, Cell(), 90) is None


@given(DURATIONS)
def test_mean_is_exact_and_median_within_five_percent(durations_ms: list[int]) -> None:
    cell = counted(durations_ms)
    assert ratios.mean_ms(cell) == pytest.approx(statistics.fmean(durations_ms))
    assert percentile_ms(cell, 50) == pytest.approx(
        statistics.median(durations_ms), rel=0.05, abs=1e-6
    )


@given(DURATIONS, st.sampled_from(EXACT_DAYS))
def test_share_within_days_is_exact(durations_ms: list[int], days: int) -> None:
    within = sum(ms <= days * DAY_MS for ms in durations_ms)
    assert ratios.share_within(counted(durations_ms), days) == within / len(durations_ms)


def test_statistics_of_an_empty_cell_are_none() -> None:
    assert ratios.mean_ms(Cell()) is None
    assert percentile_ms(Cell(), 50) is None
    assert ratios.share_within(Cell(), 30) is None
    assert ratios.mean_age_ms(Cell(), now_ms=5) is None
    assert ratios.rate(3, 0) is None
    # A cell without bins, as in the ALL row.
    assert percentile_ms(Cell(3, 300), 50) is None


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
