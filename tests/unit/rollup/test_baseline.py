"""Baselines: the same days of the previous unit, checked against a plain definition."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rollup.metrics.baseline import Unit, baseline, unit_around
from rollup.metrics.window import Interval, Window, add_months, intervals, last_of_month, monday

A_DAY = timedelta(days=1)
DAYS = st.dates(date(2022, 12, 1), date(2027, 1, 31))
WINDOWS = st.builds(lambda a, b: Window(min(a, b), max(a, b)), DAYS, DAYS)
TODAYS = DAYS
MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
LONG_AGO = date(2030, 1, 1)


def window(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


def days_of(one: Window) -> list[date]:
    return [one.first + n * A_DAY for n in range(one.days)]


def before(one: Window, interval: Interval, unit: Unit | None = None) -> tuple[str, str]:
    """Return the first and last day of the baseline of a window in the past."""
    found = baseline(one, interval, unit=unit, today=LONG_AGO).window
    assert found is not None
    return found.first.isoformat(), found.last.isoformat()


@pytest.mark.parametrize(
    ("interval", "first", "last", "expected"),
    [
        # Whole months of any length, and whole quarters.
        ("MONTH", "2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("MONTH", "2026-02-01", "2026-02-28", ("2026-01-01", "2026-01-31")),
        ("MONTH", "2024-03-01", "2024-03-31", ("2024-02-01", "2024-02-29")),
        ("TOTAL", "2026-07-01", "2026-09-30", ("2026-04-01", "2026-06-30")),
        # A month without its end, without its start, without both.
        ("MONTH", "2026-11-01", "2026-11-24", ("2026-10-01", "2026-10-24")),
        ("MONTH", "2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28")),
        ("MONTH", "2026-11-10", "2026-11-30", ("2026-10-10", "2026-10-31")),
        ("MONTH", "2026-11-10", "2026-11-20", ("2026-10-10", "2026-10-20")),
        ("MONTH", "2026-03-30", "2026-03-31", ("2026-02-28", "2026-02-28")),
        ("MONTH", "2026-01-05", "2026-01-09", ("2025-12-05", "2025-12-09")),
        # A week, a part of a week, and a week over the end of a year.
        ("WEEK", "2026-06-01", "2026-06-07", ("2026-05-25", "2026-05-31")),
        ("WEEK", "2026-11-23", "2026-11-24", ("2026-11-16", "2026-11-17")),
        ("WEEK", "2026-11-18", "2026-11-22", ("2026-11-11", "2026-11-15")),
        ("WEEK", "2026-12-28", "2027-01-03", ("2026-12-21", "2026-12-27")),
        ("DAY", "2026-11-01", "2026-11-01", ("2026-10-31", "2026-10-31")),
        # A total: by the smallest unit that starts with it and contains it.
        ("TOTAL", "2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15")),
        ("TOTAL", "2026-11-23", "2026-11-24", ("2026-11-16", "2026-11-17")),
        ("TOTAL", "2026-06-01", "2026-06-07", ("2026-05-25", "2026-05-31")),
        ("TOTAL", "2026-06-01", "2026-06-02", ("2026-05-01", "2026-05-02")),
        ("TOTAL", "2026-11-01", "2026-11-24", ("2026-10-01", "2026-10-24")),
        ("TOTAL", "2026-10-01", "2026-11-24", ("2026-07-01", "2026-08-24")),
        ("TOTAL", "2026-10-01", "2026-11-30", ("2026-07-01", "2026-08-31")),
        ("TOTAL", "2026-01-01", "2026-11-24", ("2025-01-01", "2025-11-24")),
        ("TOTAL", "2024-01-01", "2024-02-29", ("2023-10-01", "2023-11-30")),
        ("TOTAL", "2024-01-01", "2024-12-31", ("2023-01-01", "2023-12-31")),
        # Several months, and days from any date.
        ("TOTAL", "2026-08-01", "2026-11-24", ("2026-04-01", "2026-07-24")),
        ("TOTAL", "2025-12-01", "2026-11-30", ("2024-12-01", "2025-11-30")),
        ("TOTAL", "2026-11-10", "2026-11-24", ("2026-10-26", "2026-11-09")),
    ],
)
def test_baseline_is_the_same_days_of_the_previous_unit(
    interval: str, first: str, last: str, expected: tuple[str, str]
) -> None:
    assert before(window(first, last), Interval(interval)) == expected


@pytest.mark.parametrize(
    ("unit", "first", "last", "expected"),
    [
        # The year so far has the same baseline in January as in November.
        (Unit.YEAR, "2026-01-01", "2026-01-15", ("2025-01-01", "2025-01-15")),
        (Unit.YEAR, "2024-01-01", "2024-02-29", ("2023-01-01", "2023-02-28")),
        (Unit.YEAR, "2025-01-01", "2025-02-28", ("2024-01-01", "2024-02-29")),
        (Unit.QUARTER, "2026-10-01", "2026-10-15", ("2026-07-01", "2026-07-15")),
        (Unit.QUARTER, "2026-07-01", "2026-11-24", ("2026-01-01", "2026-05-24")),
        (Unit.MONTH, "2026-01-01", "2026-02-10", ("2025-11-01", "2025-12-10")),
        (Unit.WEEK, "2026-06-01", "2026-06-02", ("2026-05-25", "2026-05-26")),
        (Unit.WEEK, "2026-11-16", "2026-11-24", ("2026-11-02", "2026-11-10")),
        # Days that happen to start on a Monday or on the first of a month.
        (Unit.DAY, "2026-11-16", "2026-11-24", ("2026-11-07", "2026-11-15")),
        (Unit.DAY, "2026-11-01", "2026-11-24", ("2026-10-08", "2026-10-31")),
    ],
)
def test_total_moves_back_by_the_unit_of_its_query(
    unit: Unit, first: str, last: str, expected: tuple[str, str]
) -> None:
    assert before(window(first, last), Interval.TOTAL, unit) == expected


def test_unit_applies_only_to_totals() -> None:
    november = window("2026-11-01", "2026-11-24")
    for unit in Unit:
        assert before(november, Interval.MONTH, unit) == ("2026-10-01", "2026-10-24")


@pytest.mark.parametrize(
    ("interval", "first", "last", "expected", "level"),
    [
        # Both sides leave out today, but open alerts are the current ones.
        ("TOTAL", "2026-11-01", "2026-11-24", ("2026-10-01", "2026-10-23"), "2026-10-24"),
        ("MONTH", "2026-11-01", "2026-11-24", ("2026-10-01", "2026-10-23"), "2026-10-24"),
        ("WEEK", "2026-11-23", "2026-11-24", ("2026-11-16", "2026-11-16"), "2026-11-17"),
        ("TOTAL", "2026-10-26", "2026-11-24", ("2026-09-26", "2026-10-24"), "2026-10-25"),
        # A window to the end of the month, quarter or year counts up to today.
        ("TOTAL", "2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-23"), "2026-10-24"),
        ("MONTH", "2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-23"), "2026-10-24"),
        ("TOTAL", "2026-10-01", "2026-12-31", ("2026-07-01", "2026-08-23"), "2026-08-24"),
        ("TOTAL", "2026-01-01", "2026-12-31", ("2025-01-01", "2025-11-23"), "2025-11-24"),
        ("WEEK", "2026-11-23", "2026-11-29", ("2026-11-16", "2026-11-16"), "2026-11-17"),
        # Today alone has a baseline only for open alerts.
        ("DAY", "2026-11-24", "2026-11-24", None, "2026-11-23"),
        ("TOTAL", "2026-11-24", "2026-11-30", None, "2026-11-23"),
        # Windows in the past or in the future are complete.
        ("WEEK", "2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15"), "2026-11-15"),
        ("DAY", "2026-11-25", "2026-11-25", ("2026-11-24", "2026-11-24"), "2026-11-24"),
    ],
)
def test_baseline_leaves_out_today_and_later_days(
    interval: str, first: str, last: str, expected: tuple[str, str] | None, level: str
) -> None:
    found = baseline(window(first, last), Interval(interval), unit=None, today=date(2026, 11, 24))
    days = found.window and (found.window.first.isoformat(), found.window.last.isoformat())
    assert (days, found.open_day.isoformat()) == (expected, level)


def plainly_before(one: Window, months: int) -> list[date]:
    """Return the baseline of a window moved back by some months, by a definition for each day.

    These are the days of the earlier months that correspond to a day of the window. The last days
    of a longer month correspond to the last day of a shorter one.
    """
    earlier = Window(add_months(one.first.replace(day=1), -months), one.first - A_DAY)
    return [day for day in days_of(earlier) if is_like(day, one, months)]


def is_like(day: date, one: Window, months: int) -> bool:
    month = add_months(day.replace(day=1), months)
    last = last_of_month(month)
    return one.first <= (month.replace(day=day.day) if day.day <= last.day else last) <= one.last


@given(WINDOWS, st.sampled_from([1, 3, 12]))
def test_baseline_of_months_matches_day_by_day_definition(one: Window, months: int) -> None:
    """The window starts on the first day of a unit."""
    unit = {number: unit for unit, number in MONTHS.items()}[months]
    start = one.first.replace(day=1)
    start = add_months(start, -((start.month - 1) % months))
    one = Window(start, one.last)
    units = (one.last.year * 12 + one.last.month - 1) // months
    units -= (start.year * 12 + start.month - 1) // months
    found = baseline(one, Interval.TOTAL, unit=unit, today=LONG_AGO).window
    assert found is not None
    assert days_of(found) == plainly_before(one, months * (units + 1))


@given(WINDOWS)
def test_baseline_of_partial_months_matches_day_by_day_definition(one: Window) -> None:
    for part in intervals(one, Interval.MONTH):
        found = baseline(part, Interval.MONTH, unit=None, today=LONG_AGO).window
        assert found is not None
        if plain := plainly_before(part, 1):
            assert days_of(found) == plain
        else:
            # The 29th to 31st of a month after a shorter one.
            assert days_of(found) == [last_of_month(add_months(part.first, -1))]


@given(WINDOWS)
def test_baseline_of_weeks_and_days_has_the_same_weekdays(one: Window) -> None:
    for interval, days in ((Interval.WEEK, 7), (Interval.DAY, 1)):
        for part in intervals(one, interval):
            found = baseline(part, interval, unit=None, today=LONG_AGO).window
            assert found is not None
            assert days_of(found) == [day - days * A_DAY for day in days_of(part)]


@given(WINDOWS)
def test_total_from_monday_moves_back_by_the_fewest_whole_weeks(one: Window) -> None:
    one = Window(monday(one.first), one.last)
    found = baseline(one, Interval.TOTAL, unit=Unit.WEEK, today=LONG_AGO).window
    assert found is not None
    weeks = -(-one.days // 7)
    assert days_of(found) == [day - 7 * weeks * A_DAY for day in days_of(one)]


@given(WINDOWS, st.sampled_from(Interval), st.none() | st.sampled_from(Unit), TODAYS)
def test_baseline_ends_before_its_interval_starts(
    one: Window, interval: Interval, unit: Unit | None, today: date
) -> None:
    if unit in MONTHS:
        first = one.first.replace(day=1)
        one = Window(add_months(first, -((first.month - 1) % MONTHS[unit])), one.last)
    elif unit is Unit.WEEK:
        one = Window(monday(one.first), one.last)
    for part in intervals(one, interval):
        found = baseline(part, interval, unit=unit, today=today)
        assert found.open_day < part.first
        assert found.window is None or found.window.last <= found.open_day


@given(WINDOWS, st.sampled_from(Interval), TODAYS)
def test_window_into_the_future_has_the_baseline_of_the_days_up_to_today(
    one: Window, interval: Interval, today: date
) -> None:
    assume(one.first <= today < one.last)
    unit = unit_around(one)
    so_far = Window(one.first, today)
    found = baseline(intervals(so_far, interval)[-1], interval, unit=unit, today=today)
    same = next(part for part in intervals(one, interval) if part.first <= today <= part.last)
    assert baseline(same, interval, unit=unit, today=today) == found
