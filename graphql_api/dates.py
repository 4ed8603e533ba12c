"""The scalar Date: a UTC day, absolute or relative to today in Grafana's grammar.

Owns that grammar: `now`, then any number of steps `-30d`, `+1w` and roundings `/M`; units are d, w
(from Monday), M, Q and y. A rounding goes down in `from` and up in `to`. Pure: today is passed in.
"""

import re
from datetime import date, timedelta
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graphql_api.errors import BadDateError
from rollup.window import Window, add_months, last_of_month, monday, month_number

Date = NewType("Date", str)
"""A day as its client wrote it; `window_of` says which day that is."""

LONGEST = 60
FIRST_YEAR, LAST_YEAR = 2000, 2999

_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_STEP = re.compile(r"([+-])(\d{1,6})([dwMQy])|/([dwMQy])", re.ASCII)
_RELATIVE = re.compile(rf"now(?:{_STEP.pattern})*", re.ASCII)
_MONTHS = {"M": 1, "Q": 3, "y": 12}

_SPELLING = "a day such as 2026-11-23, or relative to today such as now, now-30d, now/w or now-1M/M"


def parse_date(value: object) -> Date:
    """Return what a client wrote, if it is a day.

    Raises:
        BadDateError: it is none, in either spelling, or there is no such day.
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        raise BadDateError(f"A Date is {_SPELLING}.")
    if _ABSOLUTE.fullmatch(value):
        _absolute(value)
    elif not _RELATIVE.fullmatch(value):
        raise BadDateError(f"A Date is {_SPELLING}.")
    return Date(value)


def window_of(first: Date, last: Date, *, today: date) -> Window:
    """Return the days from `first`, rounded down, to `last`, rounded up, both included.

    Raises:
        BadDateError: they end before they start, or leave the years 2000 to 2999.
    """
    start, end = day_of(first, today=today, up=False), day_of(last, today=today, up=True)
    if start > end:
        raise BadDateError(f"from must not be after to: {start} is after {end}.")
    return Window(start, end)


def day_of(written: Date, *, today: date, up: bool) -> date:
    """Return the day that is meant; roundings go up to the last day of a unit if `up`.

    Raises:
        BadDateError: it is outside the years 2000 to 2999.
    """
    if _ABSOLUTE.fullmatch(written):
        return _absolute(written)
    day = today
    try:
        for sign, number, unit, rounding in _STEP.findall(written):
            day = _rounded(day, rounding, up) if rounding else _moved(day, int(sign + number), unit)
    except (ValueError, OverflowError) as error:
        raise _out_of_range(written) from error
    return _in_range(day, written)


def _absolute(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise BadDateError(f"There is no day {written}.") from error
    return _in_range(day, written)


def _in_range(day: date, written: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(written)
    return day


def _out_of_range(written: str) -> BadDateError:
    return BadDateError(f"{written} is outside the years {FIRST_YEAR} to {LAST_YEAR}.")


def _moved(day: date, number: int, unit: str) -> date:
    if unit in _MONTHS:
        return add_months(day, number * _MONTHS[unit])
    return day + timedelta(days=number * (7 if unit == "w" else 1))


def _rounded(day: date, unit: str, up: bool) -> date:
    if unit == "d":
        return day
    if unit == "w":
        return monday(day) + timedelta(days=6 if up else 0)
    months = _MONTHS[unit]
    first = add_months(day.replace(day=1), -(month_number(day) % months))
    return last_of_month(add_months(first, months - 1)) if up else first


DATE: ScalarDefinition = strawberry.scalar(
    name="Date",
    description=(
        "A UTC day: `2026-11-23`, or relative to today as in Grafana: `now`, `now-30d`, `now/w`, "
        "`now-1M/M`. Units are d, w (from Monday), M, Q and y; `/` rounds down in `from` and up in "
        "`to`."
    ),
    serialize=str,
    parse_value=parse_date,
)
