"""The ids of the public schema: `owner/name/22` for an alert, `2026-11/owner/name` for an overview.

Owns how they are read from arguments; whether anything has the id is for `reader` to say.
"""

from typing import NamedTuple

from graphql_api.errors import BadMonthError
from graphql_api.month import canonical_month
from ingest.alert_key import parse_alert_id

LONGEST_NAME = 256
"""Longer than any owner/name that GitHub allows, shorter than any key that DynamoDB refuses."""

_GREATEST_NUMBER = 2**31 - 1


class AlertId(NamedTuple):
    """A repository as `owner/name` and the number that an alert has there."""

    repository: str
    number: int


class OverviewId(NamedTuple):
    """A month as `2026-11` and the name of a repository or an organisation."""

    month: str
    name: str


def can_be_a_name(text: str) -> bool:
    """Whether `text` can be a key at all: what cannot is as unknown as any other unknown name."""
    return 0 < len(text) <= LONGEST_NAME


def alert_id(text: str) -> AlertId | None:
    """Return the parts of an alert's id, or None where it cannot be one."""
    if len(text) > LONGEST_NAME + len(str(_GREATEST_NUMBER)):
        return None
    parts = parse_alert_id(text)
    if parts is None or not can_be_a_name(parts[0]) or parts[1] > _GREATEST_NUMBER:
        return None
    return AlertId(*parts)


def overview_id(text: str) -> OverviewId | None:
    """Return the parts of an overview's id, or None where it cannot be one."""
    month, _, name = text.partition("/")
    if not can_be_a_name(name):
        return None
    try:
        return OverviewId(canonical_month(month), name)
    except BadMonthError:
        return None
