"""What an interval is compared with: the same days of the unit before.

Owns the calendar of comparisons. An interval is moved back by whole units (days, weeks, months,
quarters or years), so that a part of a unit meets the same part of an earlier one. Pure: today is
passed in.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from rollup.metrics.window import Interval, Window, add_months, last_of_month, monday, month_number

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """By what a TOTAL is moved back; the value is Grafana's letter."""

    DAY = "d"
    WEEK = "w"
    MONTH = "M"
    QUARTER = "Q"
    YEAR = "y"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_UNITS = {Interval.DAY: Unit.DAY, Interval.WEEK: Unit.WEEK, Interval.MONTH: Unit.MONTH}


class Baseline(NamedTuple):
    """The earlier days that an interval is compared with.

    `window` contains the earlier counterparts of the interval's days, except those of today, which
    is not over, and of the days after today. It is None if no day remains.
    `open_day` is the day at whose end the open alerts are compared with those at the end of the
    interval.
    """

    window: Window | None
    open_day: date


def baseline(window: Window, interval: Interval, *, unit: Unit | None, today: date) -> Baseline:
    """Return what an interval is compared with; `unit` is that of a TOTAL, None if it is unknown.

    A DAY is moved back by a day, a WEEK by a week, a MONTH by a month, and a TOTAL by as many units
    as it touches up to today. Where months are shorter or longer, the last day of a month meets the
    last day of the other.
    """
    so_far = window
    if window.first <= today < window.last:
        so_far = Window(window.first, today)
    unit = _UNITS.get(interval) or unit or unit_around(window)
    number = _touched(so_far, unit)
    open_day = _moved(so_far, unit, number).last
    if so_far.last != today:
        return Baseline(_moved(so_far, unit, number), open_day)
    if so_far.first == today:
        return Baseline(None, open_day)
    return Baseline(_moved(Window(so_far.first, today - _DAY), unit, number), open_day)


def unit_around(window: Window) -> Unit:
    """Return the smallest unit that starts as a window does and holds it, days if there is none.

    Several months from the first of one count as months. A window from a Monday that is the first
    of a month counts as a week only if it is a whole one.
    """
    first, last = window.first, window.last
    is_in_week = first == monday(last)
    if is_in_week and (first.day != 1 or window.days == 7):
        return Unit.WEEK
    if first.day != 1:
        return Unit.DAY
    for unit, months in _MONTHS.items():
        if month_number(first) % months == 0 and _touched(window, unit) == 1:
            return unit
    return Unit.MONTH


def _touched(window: Window, unit: Unit) -> int:
    """How many units have a day in a window."""
    if unit is Unit.DAY:
        return window.days
    if unit is Unit.WEEK:
        return (monday(window.last) - monday(window.first)).days // 7 + 1
    months = _MONTHS[unit]
    return month_number(window.last) // months - month_number(window.first) // months + 1


def _moved(window: Window, unit: Unit, number: int) -> Window:
    """Return a window so many units earlier."""
    if unit not in _MONTHS:
        back = number * (7 * _DAY if unit is Unit.WEEK else _DAY)
        return Window(window.first - back, window.last - back)
    months = -number * _MONTHS[unit]
    first, last = add_months(window.first, months), add_months(window.last, months)
    is_end_of_month = window.last == last_of_month(window.last)
    return Window(first, last_of_month(last) if is_end_of_month else last)
