"""Periods: the UTC day, the UTC month and ALL, and the keys under which overviews keep them.

Owns the spelling of the sort key `period` (`DAY#2026-11-23`, `MONTH#2026-11`, `ALL`), built so that
one query reads the days, or the months, of a window. Pure.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

ALL = "ALL"
_DAY = "DAY#"
_MONTH = "MONTH#"
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
_LAST = date.max - timedelta(days=31)


@lru_cache(maxsize=8_192)
def _keys_of_day(ordinal: int) -> tuple[str, str, str]:
    day = _EPOCH + timedelta(days=ordinal)
    return day_key(day), month_key(day), ALL


def periods_of(ms: int) -> tuple[str, str, str]:
    """The keys of the day, the month and ALL that an instant lies in."""
    return _keys_of_day(ms // _DAY_MS)


def day_key(day: date) -> str:
    """The key of a UTC day."""
    return f"{_DAY}{day.isoformat()}"


def month_key(day: date) -> str:
    """The key of the month that a day lies in."""
    return f"{_MONTH}{day.isoformat()[:7]}"


def has_histogram(period: str) -> bool:
    """Whether rows of this period keep durations: days and months do, ALL does not."""
    return period != ALL


def monthly_period(period: str) -> str | None:
    """`2026-11` for the key of a month, None for any other."""
    return period.removeprefix(_MONTH) if period.startswith(_MONTH) else None


def first_day(period: str) -> date | None:
    """The first day of a day's or month's key, None for ALL."""
    if period == ALL:
        return None
    text = period.partition("#")[2]
    return date.fromisoformat(text if period.startswith(_DAY) else f"{text}-01")


def next_key(period: str) -> str | None:
    """The key of the day or month that follows; None for ALL and at the end of the calendar."""
    first = first_day(period)
    if first is None or first > _LAST:
        return None
    if period.startswith(_DAY):
        return day_key(first + timedelta(days=1))
    return month_key(first + timedelta(days=31))


def midnight_ms(day: date) -> int:
    """The instant at which a UTC day starts."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000
