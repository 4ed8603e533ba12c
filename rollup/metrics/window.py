"""Windows of whole UTC days: their intervals, and the periods that cover them.

Owns the calendar arithmetic of the metrics. Pure: today is a parameter.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rollup.metrics.period import day_key, month_key, next_key

_DAY = timedelta(days=1)


class Interval(StrEnum):
    """How a window is divided into intervals."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The days from `first` to `last`, inclusive. Never empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Raise ValueError if the window ends before it starts."""
        if self.first > self.last:
            raise ValueError(f"the window from {self.first} to {self.last} ends before it starts")

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.last + _DAY


def count_of(window: Window, interval: Interval) -> int:
    """Return the number of intervals of a window, without creating them."""
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
    """Return the intervals of a window by time; the first and the last one end at its edges."""
    found = []
    first = window.first
    while first <= window.last:
        last = min(_last_day_of(interval, first, window), window.last)
        found.append(Window(first, last))
        first = last + _DAY
    return found


def cover(window: Window, interval: Interval, *, today: date) -> list[str]:
    """Return the keys of the fewest periods that cover one interval.

    A MONTH or TOTAL is covered by whole months, and by days at its edges. A DAY or WEEK is covered
    by days only. A month that the window contains up to today counts as whole, since no alert has a
    time in the future.
    """
    if interval in {Interval.DAY, Interval.WEEK}:
        return [day_key(window.first + timedelta(days=offset)) for offset in range(window.days)]
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
    """Return the fewest ranges (first key, last key) that contain exactly these keys."""
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
    """Return the same day of another month, or the last day of that month if it is shorter.

    Raises ValueError outside of the calendar.
    """
    year, month = divmod(month_number(day) + months, 12)
    first = date(year, month + 1, 1)
    return min(last_of_month(first), first + timedelta(days=day.day - 1))


def last_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_number(day: date) -> int:
    """Return the number of months since the year 0."""
    return day.year * 12 + day.month - 1


def monday(day: date) -> date:
    """Return the Monday of a day's ISO week."""
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
