"""The scalar DateTime: RFC 3339 in UTC with milliseconds and a `Z`.

Strawberry's own prints `+00:00`, and parses more spellings than the description promises.
"""

import re
from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", str)
"""A moment as the tables hold it, which is also how it is printed: `2026-11-23T09:00:00.000Z`."""

_RFC_3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def print_datetime(value: DateTime) -> str:
    """Return the moment as it goes into an answer."""
    return value


def parse_datetime(value: object) -> DateTime:
    """Return the moment that a client wrote.

    Raises:
        ValueError: it is no RFC 3339 moment in UTC.
    """
    if not isinstance(value, str) or not _RFC_3339_UTC.fullmatch(value):
        raise ValueError("A DateTime is written like 2026-11-23T09:00:00.000Z.")
    moment = datetime.fromisoformat(value).astimezone(UTC)
    return DateTime(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="An RFC 3339 timestamp in UTC that ends in Z, such as `2026-11-23T09:00:00.000Z`.",
    serialize=print_datetime,
    parse_value=parse_datetime,
)
