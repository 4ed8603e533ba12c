"""The scalar DateTime: RFC 3339 in UTC with milliseconds and a `Z`.

Strawberry's own DateTime prints `+00:00` and accepts more forms than its description lists.
"""

import re
from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graphql_api.vocabulary.errors import quoted

DateTime = NewType("DateTime", str)
"""A timestamp as the tables store it and responses show it: `2026-11-23T09:00:00.000Z`."""

_RFC_3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def print_datetime(value: DateTime) -> str:
    """Return the timestamp as it appears in a response."""
    return value


def parse_datetime(value: object) -> DateTime:
    """Return the timestamp that a client wrote.

    Raises:
        ValueError: The value is not an RFC 3339 timestamp in UTC.
    """
    if not isinstance(value, str) or not _RFC_3339_UTC.fullmatch(value):
        raise ValueError(
            f"{quoted(str(value))} is not a DateTime. Write an RFC 3339 timestamp in UTC, such as "
            "2026-11-23T09:00:00.000Z."
        )
    timestamp = datetime.fromisoformat(value).astimezone(UTC)
    return DateTime(timestamp.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="An RFC 3339 timestamp in UTC that ends in Z, such as `2026-11-23T09:00:00.000Z`.",
    serialize=print_datetime,
    parse_value=parse_datetime,
)
