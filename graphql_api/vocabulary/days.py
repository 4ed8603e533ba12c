"""The scalar Day: a UTC day, given as a date, as a time of that day, or relative to now.

Owns the grammar of Day. A time is an RFC 3339 timestamp or a number of milliseconds since 1970. The
relative form is Grafana's: `now`, then any number of offsets (`-30d`, `+1w`) and roundings (`/M`).
The units are s, m, h, d, w (from Monday), M, Q and y. A rounding goes down in `from` and up in
`to`. Pure: the caller passes the current time.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graphql_api.vocabulary.errors import BadDateError, quoted
from ingest import instant
from rollup.metrics.baseline import Unit
from rollup.metrics.window import Window, add_months, last_of_month, monday, month_number

Day = NewType("Day", str)
"""The text of a day as the client wrote it. `first_day` and `last_day` return the date."""

LONGEST_DAY = 60
"""The maximum number of characters of a Day."""
FIRST_YEAR, LAST_YEAR = 2000, 2999

_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH_MS = re.compile(r"\d{12,14}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt].*", re.ASCII)
_STEP = re.compile(r"([+-])(\d{1,6})([smhdwMQy])|/([smhdwMQy])", re.ASCII)
_RELATIVE = re.compile(rf"now(?:{_STEP.pattern})*", re.ASCII)

_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = timedelta(days=1) - _MILLISECOND
_UNIT_LENGTHS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_UNITS = {unit.value: unit for unit in Unit}
_UNIT_MONTHS = {"M": 1, "Q": 3, "y": 12}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ACCEPTED = (
    "Write a day such as 2026-11-23, a timestamp such as 2026-11-23T09:00:00Z or 1795424400000, or "
    "a time relative to now such as now, now-30d, now-24h, now/w or now-1M/M."
)


def parse_day(value: object) -> Day:
    """Return the value of an argument as a Day.

    Raises:
        BadDateError: The value is not a Day, or its year is outside 2000 to 2999.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > LONGEST_DAY:
        raise BadDateError(f"{quoted(str(value))} is not a Day. {_ACCEPTED}")
    if not _RELATIVE.fullmatch(text):
        _absolute(text)
    return Day(text)


def window_of(first: Day, last: Day, *, now: datetime) -> Window:
    """Return the window from `first`, rounded down, to `last`, rounded up, both inclusive.

    Raises:
        BadDateError: The window ends before it starts, or a year is outside 2000 to 2999.
    """
    start, end = first_day(first, now=now), last_day(last, now=now)
    if start > end:
        raise BadDateError(
            f"from must not be after to: {quoted(first)} is {start}, {quoted(last)} is {end}."
        )
    return Window(start, end)


def past_window_of(first: Day, last: Day, *, now: datetime) -> Window:
    """Return the window of `window_of`, which must not start in the future.

    Raises:
        BadDateError: It starts in the future, ends before it starts, or a year is out of range.
    """
    window = window_of(first, last, now=now)
    if window.first > now.date():
        raise BadDateError(
            f"from must not be in the future: {quoted(first)} is {window.first}, and today is "
            f"{now.date()}."
        )
    return window


def first_day(text: Day, *, now: datetime) -> date:
    """Return the date of the argument `from`. Roundings go down to the start of a unit.

    Raises:
        BadDateError: The year is outside 2000 to 2999.
    """
    try:
        return _date_of(text, now=now, up=False)
    except BadDateError as error:
        raise error.for_argument("from") from error


def last_day(text: Day, *, now: datetime) -> date:
    """Return the date of the argument `to`. Roundings go up to the end of a unit.

    Raises:
        BadDateError: The year is outside 2000 to 2999.
    """
    try:
        return _date_of(text, now=now, up=True)
    except BadDateError as error:
        raise error.for_argument("to") from error


def unit_of(first: Day) -> Unit | None:
    """Return the unit to which `from` is rounded.

    A relative day without a rounding has the unit day. A date or a timestamp has no unit: None.
    """
    if not _RELATIVE.fullmatch(first):
        return None
    *_, rounding = (_STEP.findall(first) or [("",)])[-1]
    return _UNITS.get(rounding, Unit.DAY)


def _date_of(text: Day, *, now: datetime, up: bool) -> date:
    if not _RELATIVE.fullmatch(text):
        return _absolute(text)
    at = now
    try:
        for sign, amount, unit, rounding in _STEP.findall(text):
            at = _rounded(at, rounding, up) if rounding else _shifted(at, int(sign + amount), unit)
    except (ValueError, OverflowError) as error:
        raise _out_of_range(text) from error
    return _in_range(at.date(), text)


def _absolute(text: str) -> date:
    try:
        if _ABSOLUTE.fullmatch(text):
            day = date.fromisoformat(text)
        elif _EPOCH_MS.fullmatch(text):
            day = (_EPOCH + int(text) * _MILLISECOND).date()
        elif _TIMESTAMP.fullmatch(text):
            day = instant.parse(text).date()
        else:
            raise BadDateError(f"{quoted(text)} is not a Day. {_ACCEPTED}")
    except (ValueError, OverflowError) as error:
        message = f"{quoted(text)} is not a day in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise BadDateError(f"{message} {_ACCEPTED}") from error
    return _in_range(day, text)


def _in_range(day: date, text: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(text)
    return day


def _out_of_range(text: str) -> BadDateError:
    return BadDateError(
        f"{quoted(text)} is outside the accepted years, {FIRST_YEAR} to {LAST_YEAR}."
    )


def _shifted(at: datetime, amount: int, unit: str) -> datetime:
    if unit in _UNIT_MONTHS:
        return datetime.combine(add_months(at.date(), amount * _UNIT_MONTHS[unit]), at.timetz())
    return at + amount * _UNIT_LENGTHS[unit]


def _rounded(at: datetime, unit: str, up: bool) -> datetime:
    if unit in _UNIT_MONTHS:
        months = _UNIT_MONTHS[unit]
        first = add_months(at.date().replace(day=1), -(month_number(at.date()) % months))
        if up:
            return _midnight(last_of_month(add_months(first, months - 1))) + _LAST_MILLISECOND
        return _midnight(first)
    length = _UNIT_LENGTHS[unit]
    start = _midnight(monday(at.date()) if unit == "w" else at.date())
    start += (at - start) // length * length
    return start + length - _MILLISECOND if up else start


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
