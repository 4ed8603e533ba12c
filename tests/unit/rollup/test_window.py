"""Windows: intervals without gaps, and the fewest periods that cover them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollup.metrics.period import ALL, first_day, monthly_period, next_key
from rollup.metrics.window import (
    Interval,
    Window,
    add_months,
    count_of,
    cover,
    intervals,
    key_ranges,
    last_of_month,
)

DAYS = st.dates(date(2023, 11, 1), date(2026, 12, 31))
WINDOWS = st.builds(lambda a, b: Window(min(a, b), max(a, b)), DAYS, DAYS)
INTERVALS = st.sampled_from(Interval)


def days_of(window: Window) -> list[date]:
    return [window.first + timedelta(days=n) for n in range(window.days)]


def days_of_key(key: str) -> list[date]:
    first = first_day(key)
    assert first is not None
    return days_of(Window(first, last_of_month(first) if monthly_period(key) else first))


@given(WINDOWS, INTERVALS)
def test_intervals_cover_the_window_without_gaps(window: Window, interval: Interval) -> None:
    parts = intervals(window, interval)
    assert [day for part in parts for day in days_of(part)] == days_of(window)
    assert len(parts) == count_of(window, interval)


@given(WINDOWS)
def test_inner_weeks_start_on_monday_and_inner_months_on_the_first(window: Window) -> None:
    for part in intervals(window, Interval.WEEK)[1:-1]:
        assert (part.first.weekday(), part.days) == (0, 7)
    for part in intervals(window, Interval.MONTH)[1:-1]:
        assert (part.first.day, part.last) == (1, last_of_month(part.first))


@given(WINDOWS, INTERVALS, DAYS)
def test_cover_contains_exactly_the_days_of_the_interval_up_to_today(
    window: Window, interval: Interval, today: date
) -> None:
    covered = [day for key in cover(window, interval, today=today) for day in days_of_key(key)]
    assert [day for day in covered if day <= max(today, window.last)] == [
        *days_of(window),
        *(day for day in covered if window.last < day <= today),
    ]
    assert not [day for day in covered if window.last < day <= today]
    assert len(covered) == len(set(covered))


@given(WINDOWS)
def test_cover_of_totals_uses_whole_months_and_of_weeks_only_days(window: Window) -> None:
    today = date(2027, 6, 15)
    keys = cover(window, Interval.TOTAL, today=today)
    whole = [
        part
        for part in intervals(window, Interval.MONTH)
        if part.first.day == 1 and part.last == last_of_month(part.first)
    ]
    assert sum(monthly_period(key) is not None for key in keys) == len(whole)
    assert not any(map(monthly_period, cover(window, Interval.WEEK, today=today)))


def test_current_month_counts_as_whole_up_to_today() -> None:
    window = Window(date(2026, 10, 1), date(2026, 11, 24))
    keys = cover(window, Interval.TOTAL, today=window.last)
    assert keys == ["MONTH#2026-10", "MONTH#2026-11"]
    later = cover(window, Interval.TOTAL, today=date(2026, 11, 25))
    assert later[:2] == ["MONTH#2026-10", "DAY#2026-11-01"]
    assert len(later) == 25


@given(st.sets(st.sampled_from([f"DAY#2024-02-{day:02}" for day in range(1, 30)])))
def test_key_ranges_contain_exactly_the_keys(keys: set[str]) -> None:
    found = []
    for first, last in key_ranges(keys):
        key: str | None = first
        while key is not None and key <= last:
            found.append(key)
            key = next_key(key)
    assert found == sorted(keys)


def test_days_months_and_all_have_separate_ranges() -> None:
    keys = ["MONTH#2026-12", "DAY#2026-11-30", "MONTH#2027-01", ALL, "DAY#2026-12-01"]
    assert key_ranges(keys) == [
        ("ALL", "ALL"),
        ("DAY#2026-11-30", "DAY#2026-12-01"),
        ("MONTH#2026-12", "MONTH#2027-01"),
    ]
    assert next_key(ALL) is None
    assert next_key("DAY#9999-12-31") is None


@given(DAYS, st.integers(-40, 40))
def test_add_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert moved.day == min(day.day, last_of_month(moved).day)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months


def test_window_that_ends_before_it_starts_raises() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Window(date(2026, 1, 2), date(2026, 1, 1))
