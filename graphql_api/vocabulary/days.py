"""The scalar Day: a UTC day, written as a day, as an instant in it, or relative to now.

Owns that grammar. An instant is an RFC 3339 timestamp or a number of milliseconds since 1970; the
relative form is Grafana's: `now`, then any number of steps `-30d`, `+1w` and roundings `/M`, with
the units s, m, h, d, w (from Monday), M, Q and y. A rounding goes down in `from` and up in `to`.
Pure: now is passed in.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graphql_api.vocabulary.errors import BadDateError, quoted
from ingest import instant
from rollup.metrics.comparison import Unit
from rollup.metrics.window import Window, add_months, last_of_month, monday, month_number

Day = NewType("Day", str)
"""A day as its client wrote it; `day_of` says which day that is."""

LONGEST = 60
FIRST_YEAR, LAST_YEAR = 2000, 2999

_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH_MS = re.compile(r"\d{12,14}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt].*", re.ASCII)
_STEP = re.compile(r"([+-])(\d{1,6})([smhdwMQy])|/([smhdwMQy])", re.ASCII)
_RELATIVE = re.compile(rf"now(?:{_STEP.pattern})*", re.ASCII)

_MILLISECOND = timedelta(milliseconds=1)
_LENGTHS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_UNITS = {unit.value: unit for unit in Unit}
_MONTHS = {"M": 1, "Q": 3, "y": 12}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ACCEPTED = (
    "Write a day such as 2026-11-23, a timestamp such as 2026-11-23T09:00:00Z or 1795424400000, or "
    "a time relative to now such as now, now-30d, now-24h, now/w or now-1M/M."
)


def parse_day(value: object) -> Day:
    """Return what a client wrote, if it is a day in one of the spellings.

    Raises:
        BadDateError: it is not, or there is no such day between the years 2000 and 2999.
    """
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or len(written) > LONGEST:
        raise BadDateError(f"{quoted(str(value))} is not a Day. {_ACCEPTED}")
    if not _RELATIVE.fullmatch(written):
        _absolute(written)
    return Day(written)


def window_of(first: Day, last: Day, *, now: datetime) -> Window:
    """Return the days from `first`, rounded down, to `last`, rounded up, both included.

    Raises:
        BadDateError: they end before they start, or leave the years 2000 to 2999.
    """
    start, end = first_day(first, now=now), last_day(last, now=now)
    if start > end:
        raise BadDateError(
            f"from must not be after to: {quoted(first)} is {start}, {quoted(last)} is {end}."
        )
    return Window(start, end)


def first_day(written: Day, *, now: datetime) -> date:
    """Return the day that is meant by `from`: roundings go down.

    Raises:
        BadDateError: it is outside the years 2000 to 2999.
    """
    try:
        return _day_of(written, now=now, up=False)
    except BadDateError as error:
        raise error.of("from") from error


def last_day(written: Day, *, now: datetime) -> date:
    """Return the day that is meant by `to`: roundings go up to the end of a unit.

    Raises:
        BadDateError: it is outside the years 2000 to 2999.
    """
    try:
        return _day_of(written, now=now, up=True)
    except BadDateError as error:
        raise error.of("to") from error


def unit_of(first: Day) -> Unit | None:
    """Return the unit to which `from` is rounded; days if it is relative and not rounded.

    None for a date or a timestamp, which does not say.
    """
    if not _RELATIVE.fullmatch(first):
        return None
    *_, rounding = (_STEP.findall(first) or [("",)])[-1]
    return _UNITS.get(rounding, Unit.DAY)


def _day_of(written: Day, *, now: datetime, up: bool) -> date:
    if not _RELATIVE.fullmatch(written):
        return _absolute(written)
    at = now
    try:
        for sign, number, unit, rounding in _STEP.findall(written):
            at = _rounded(at, rounding, up) if rounding else _moved(at, int(sign + number), unit)
    except (ValueError, OverflowError) as error:
        raise _out_of_range(written) from error
    return _in_range(at.date(), written)


def _absolute(written: str) -> date:
    try:
        if _ABSOLUTE.fullmatch(written):
            day = date.fromisoformat(written)
        elif _EPOCH_MS.fullmatch(written):
            day = (_EPOCH + int(written) * _MILLISECOND).date()
        elif _TIMESTAMP.fullmatch(written):
            day = instant.parse(written).date()
        else:
            raise BadDateError(f"{quoted(written)} is not a Day. {_ACCEPTED}")
    except (ValueError, OverflowError) as error:
        message = f"{quoted(written)} is not a day in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise BadDateError(f"{message} {_ACCEPTED}") from error
    return _in_range(day, written)


def _in_range(day: date, written: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(written)
    return day


def _out_of_range(written: str) -> BadDateError:
    return BadDateError(
        f"{quoted(written)} is outside the accepted years, {FIRST_YEAR} to {LAST_YEAR}."
    )


def _moved(at: datetime, number: int, unit: str) -> datetime:
    if unit in _MONTHS:
        return datetime.combine(add_months(at.date(), number * _MONTHS[unit]), at.timetz())
    return at + number * _LENGTHS[unit]


def _rounded(at: datetime, unit: str, up: bool) -> datetime:
    if unit in _MONTHS:
        months = _MONTHS[unit]
        first = add_months(at.date().replace(day=1), -(month_number(at.date()) % months))
        if up:
            return _midnight(last_of_month(add_months(first, months - 1))) + _BEFORE_MIDNIGHT
        return _midnight(first)
    length = _LENGTHS[unit]
    start = _midnight(monday(at.date()) if unit == "w" else at.date())
    start += (at - start) // length * length
    return start + length - _MILLISECOND if up else start


_BEFORE_MIDNIGHT = timedelta(days=1) - _MILLISECOND


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


DAY: ScalarDefinition = strawberry.scalar(
    name="Day",
    description=(
        "A UTC day. Write a date (`2026-11-23`), or any time of that day: an RFC 3339 timestamp "
        "with any offset, milliseconds since 1970, or a time relative to now as in Grafana (`now`, "
        "`now-30d`, `now-24h`, `now/w`, `now-1M/M`). The units are s, m, h, d, w (from Monday), M, "
        "Q and y; `/` rounds down in `from` and up in `to`. Grafana's `${__from:date}` and "
        "`${__from}` work too. A time always means the whole day: at noon, `now-24h` is all of "
        "yesterday."
    ),
    serialize=str,
    parse_value=parse_day,
)
