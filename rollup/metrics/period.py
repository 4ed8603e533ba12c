"""Periods: the UTC day, the UTC month, and ALL.

Owns the values of the sort key `period` (`DAY#2026-11-23`, `MONTH#2026-11`, `ALL`). With these, one
query reads the days, or the months, of a window. Pure.
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
    """Return the keys of the periods that contain an instant: its day, its month, and ALL."""
    return _keys_of_day(ms // _DAY_MS)


def day_key(day: date) -> str:
    """Return the key of a UTC day."""
    return f"{_DAY}{day.isoformat()}"


def month_key(day: date) -> str:
    """Return the key of the month that contains a day."""
    return f"{_MONTH}{day.isoformat()[:7]}"


def has_histogram(period: str) -> bool:
    """Return whether rows of this period store durations: days and months do, ALL does not."""
    return period != ALL


def monthly_period(period: str) -> str | None:
    """Return `2026-11` for the key of a month, and None for any other key."""
    return period.removeprefix(_MONTH) if period.startswith(_MONTH) else None


def first_day(period: str) -> date | None:
    """Return the first day of a day or month; None for ALL."""
    if period == ALL:
        return None
    text = period.partition("#")[2]
    return date.fromisoformat(text if period.startswith(_DAY) else f"{text}-01")


def next_key(period: str) -> str | None:
    """Return the key of the next day or month; None for ALL and at the end of the calendar."""
    first = first_day(period)
    if first is None or first > _LAST:
        return None
    if period.startswith(_DAY):
        return day_key(first + timedelta(days=1))
    return month_key(first + timedelta(days=31))


def midnight_ms(day: date) -> int:
    """Return the instant at which a UTC day starts."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000
