"""Windows of whole UTC days: their intervals, and the rows that cover them.

Owns the calendar arithmetic of the metrics. Pure: today is passed in.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rollup.metrics.period import day_key, month_key, next_key

_DAY = timedelta(days=1)


class Interval(StrEnum):
    """Into what a window is cut."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The days from `first` to `last`, both included. Never empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Hold the order."""
        if self.first > self.last:
            raise ValueError("a window ends before it starts")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.last + _DAY


def count_of(window: Window, interval: Interval) -> int:
    """How many intervals a window has, without making them."""
    match interval:
        case Interval.DAY:
            return window.days
        case Interval.WEEK:
            return (monday(window.last) - monday(window.first)).days // 7 + 1
        case Interval.MONTH:
            return month_number(window.last) - month_number(window.first) + 1
        case Interval.TOTAL:
            return 1


def intervals(window: Window, interval: Interval) -> list[Window]:
    """The intervals of a window by time, the first and the last cut off at its edges."""
    found = []
    first = window.first
    while first <= window.last:
        last = min(_last_day_of(interval, first, window), window.last)
        found.append(Window(first, last))
        first = last + _DAY
    return found


def cover(window: Window, interval: Interval, *, today: date) -> list[str]:
    """The keys of the fewest periods that make up one interval: whole months, days at its edges.

    Days and weeks are made of days alone. A month that the window holds up to today counts as
    whole, since no alert is of the future.
    """
    if interval in {Interval.DAY, Interval.WEEK}:
        return [day_key(window.first + timedelta(days=number)) for number in range(window.days)]
    keys: list[str] = []
    day = window.first
    while day <= window.last:
        month_end = last_of_month(day)
        is_whole = month_end <= window.last or day <= today <= window.last
        if day.day == 1 and is_whole:
            keys.append(month_key(day))
            day = month_end
        else:
            keys.append(day_key(day))
        day += _DAY
    return keys


def key_ranges(keys: Iterable[str]) -> list[tuple[str, str]]:
    """The fewest ranges, first and last key, that hold these keys of days and months, no others."""
    ranges: list[tuple[str, str]] = []
    expected: str | None = None
    for key in sorted(set(keys)):
        if key == expected:
            ranges[-1] = (ranges[-1][0], key)
        else:
            ranges.append((key, key))
        expected = next_key(key)
    return ranges


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last; ValueError out of the calendar."""
    year, month = divmod(month_number(day) + months, 12)
    first = date(year, month + 1, 1)
    return min(last_of_month(first), first + timedelta(days=day.day - 1))


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_number(day: date) -> int:
    """Months since the year 0, to count with."""
    return day.year * 12 + day.month - 1


def monday(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def _last_day_of(interval: Interval, first: date, window: Window) -> date:
    match interval:
        case Interval.DAY:
            return first
        case Interval.WEEK:
            return monday(first) + timedelta(days=6)
        case Interval.MONTH:
            return last_of_month(first)
        case Interval.TOTAL:
            return window.last
