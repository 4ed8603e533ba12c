"""A section of the status: facts for people and for scripts, and what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        what: A sentence about it.
        next_step: A command, or what to do where no command does it.
    """

    what: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the status.

    Attributes:
        key: Its name in the JSON document.
        title: Its name for people.
        rows: What it is about, with the text for it.
        facts: The same for scripts.
        findings: What is wrong.
    """

    key: str
    title: str
    rows: tuple[tuple[str, str], ...]
    facts: Mapping[str, object]
    findings: tuple[Finding, ...] = ()


def ago(at: datetime, now: datetime) -> str:
    """Return a time with its age, such as `2026-11-23 09:00 UTC, 2 hours ago`."""
    return f"{at:%Y-%m-%d %H:%M} UTC, {age(now - at)} ago"


def age(duration: timedelta) -> str:
    """Return a duration in its largest unit, cut to a whole number."""
    for name, unit in _UNITS:
        if (number := duration // unit) >= 1:
            return counted(number, name, f"{name}s")
    return "less than a minute"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun, such as `1 message` and `2 messages`."""
    return f"{number:,} {one if number == 1 else many}"
