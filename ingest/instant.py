"""Points in time as this system keeps them: UTC, to the millisecond.

Owns the one text form of a time in details and rows (`2026-11-23T09:00:00.000Z`), its number
(milliseconds since 1970) and the reading of RFC 3339, section 5.6. Never looks at a clock.
"""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# `datetime.fromisoformat` alone would also take ISO 8601's weeks, ordinals and compact forms.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
# A time outside is a defect of its sender, and would stay in every sum over the alerts.
_YEARS = range(2000, 3000)


def parse(text: str) -> datetime:
    """Read an RFC 3339 time, with or without fraction, at any offset; UTC, cut to milliseconds.

    Raises ValueError for anything else, and for years outside 2000 to 2999.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not an RFC 3339 time")
    try:
        at = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of the calendar") from error
    if at.year not in _YEARS:
        raise ValueError("year outside 2000 to 2999")
    return cut(at)


def cut(at: datetime) -> datetime:
    """Return the same aware instant in UTC, without what is finer than a millisecond."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def to_ms(at: datetime) -> int:
    """Return an aware time as whole milliseconds since 1970."""
    return (at - _EPOCH) // _MILLISECOND


def to_text(at_ms: int) -> str:
    """Write milliseconds since 1970 as RFC 3339 in UTC with `Z`; texts sort as times do."""
    at = _EPOCH + at_ms * _MILLISECOND
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> int:
    """Read a time back as milliseconds since 1970. Raises ValueError as `parse` does."""
    return to_ms(parse(text))
