"""Points in time: UTC, with milliseconds.

Owns the text format of a time in details and rows (`2026-11-23T09:00:00.000Z`), its number
(milliseconds since 1970) and the parsing of RFC 3339, section 5.6. Never reads a clock.
"""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# `datetime.fromisoformat` also accepts the weeks, ordinals and compact forms of ISO 8601.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
# Another year is a defect of the sender, and would distort every sum over the alerts.
_YEARS = range(2000, 3000)


def parse(text: str) -> datetime:
    """Return an RFC 3339 time in UTC, cut to milliseconds. Any offset and fraction is accepted.

    Raises:
        ValueError: The text is not an RFC 3339 time, or its year is not 2000 to 2999.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not an RFC 3339 time")
    try:
        at = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a time of the calendar") from error
    if at.year not in _YEARS:
        raise ValueError(f"the year is {at.year}, but must be 2000 to 2999")
    return cut(at)


def cut(at: datetime) -> datetime:
    """Return an aware time in UTC, cut to milliseconds."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def to_ms(at: datetime) -> int:
    """Return an aware time as whole milliseconds since 1970."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(at_ms: int) -> datetime:
    """Return milliseconds since 1970 as an aware time in UTC."""
    return _EPOCH + at_ms * _MILLISECOND


def to_text(at_ms: int) -> str:
    """Return milliseconds since 1970 as an RFC 3339 text in UTC with `Z`. Texts sort by time."""
    return from_ms(at_ms).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> int:
    """Return an RFC 3339 time as milliseconds since 1970.

    Raises:
        ValueError: The text is not valid, see `parse`.
    """
    return to_ms(parse(text))
