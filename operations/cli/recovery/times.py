"""Times on the command line: RFC 3339, a day, or an age such as `2d`.

Owns what commands accept as a time. All times are UTC unless they have an offset.
"""

from datetime import UTC, date, datetime, time

import click

from ingest import instant
from operations.cli import durations

_SHAPE = "a time such as 2d, 6h, 30m, 2026-11-23 or 2026-11-23T09:00:00Z"


class Time(click.ParamType[datetime]):
    """A point in time, which can be given as its age."""

    name = "time"

    def convert(
        self,
        value: str | datetime,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """Return the time in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            return parsed(value, now=datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not {_SHAPE}.", param, ctx)


def parsed(text: str, *, now: datetime) -> datetime:
    """Return the time that a text means at present.

    Raises:
        ValueError: The text is not a time.
        OverflowError: The time is not one of the calendar.
    """
    if text == "now":
        return now
    if (age := durations.parsed(text)) is not None:
        return now - age
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return instant.parse(text)


def shown(at: datetime) -> str:
    """Return a time for people, in UTC and without fractions."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def in_json(at: datetime) -> str:
    """Return a time for scripts."""
    return instant.to_text(instant.to_ms(at))
