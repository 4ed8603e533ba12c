"""The baseline of an interval: the same days of the previous unit.

Owns the calendar of comparisons. An interval is moved back by whole units (days, weeks, months,
quarters or years), so that a part of a unit is compared with the same part of an earlier one. Pure:
today is a parameter.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from rollup.metrics.window import Interval, Window, add_months, last_of_month, monday, month_number

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """The unit by which a TOTAL is moved back; the value is Grafana's letter."""

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
    """Return the baseline of an interval.

    A DAY is moved back by a day, a WEEK by a week, a MONTH by a month, and a TOTAL by the number of
    units that it touches up to today. The last day of a month corresponds to the last day of the
    other month, even if that one is shorter or longer.

    Args:
        window: The days of the interval.
        interval: The kind of the interval.
        unit: The unit of a TOTAL; None if the query does not name one.
        today: The current UTC day.
    """
    so_far = window
    if window.first <= today < window.last:
        so_far = Window(window.first, today)
    unit = _UNITS.get(interval) or unit or unit_around(window)
    units = _touched(so_far, unit)
    open_day = _moved(so_far, unit, units).last
    if so_far.last != today:
        return Baseline(_moved(so_far, unit, units), open_day)
    if so_far.first == today:
        return Baseline(None, open_day)
    return Baseline(_moved(Window(so_far.first, today - _DAY), unit, units), open_day)


def unit_around(window: Window) -> Unit:
    """Return the smallest unit that starts with a window and contains it; DAY if there is not any.

    Several months from the first day of a month count as MONTH. A window from a Monday that is also
    the first day of a month counts as WEEK only if it is seven days long.
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
    """Return how many units have a day in a window."""
    if unit is Unit.DAY:
        return window.days
    if unit is Unit.WEEK:
        return (monday(window.last) - monday(window.first)).days // 7 + 1
    months = _MONTHS[unit]
    return month_number(window.last) // months - month_number(window.first) // months + 1


def _moved(window: Window, unit: Unit, units: int) -> Window:
    """Return a window moved back by some units."""
    if unit not in _MONTHS:
        back = units * (7 * _DAY if unit is Unit.WEEK else _DAY)
        return Window(window.first - back, window.last - back)
    months = -units * _MONTHS[unit]
    first, last = add_months(window.first, months), add_months(window.last, months)
    is_end_of_month = window.last == last_of_month(window.last)
    return Window(first, last_of_month(last) if is_end_of_month else last)
