"""The ids of the public schema: `owner/name/22` for an alert, `2026-11/owner/name` for an overview.

Owns the parsing of ids in arguments. It does not check whether an alert or an overview with the id
exists.
"""

from typing import NamedTuple

from graphql_api.vocabulary.errors import BadMonthError
from graphql_api.vocabulary.month import canonical_month
from graphql_api.vocabulary.names import name_key
from ingest.names import LARGEST_ALERT_NUMBER, parse_alert_id
from rollup.rows.overview_row import REPOSITORY, Level

_LONGEST_ID = 256


class AlertId(NamedTuple):
    """The key of a repository, and the number of the alert in that repository."""

    repository: str
    number: int


class OverviewId(NamedTuple):
    """A month, such as `2026-11`, and the key of a repository or an organisation."""

    month: str
    name: str


def alert_id(text: str) -> AlertId | None:
    """Return the parts of an alert's id, or None if the text is not a valid id."""
    parts = parse_alert_id(text) if len(text) <= _LONGEST_ID else None
    if parts is None or parts[1] > LARGEST_ALERT_NUMBER:
        return None
    repository = name_key(REPOSITORY, parts[0])
    return None if repository is None else AlertId(repository, parts[1])


def overview_id(level: Level, text: str) -> OverviewId | None:
    """Return the parts of an overview's id, or None if the text is not a valid id."""
    month, _, name = text.partition("/")
    key = name_key(level, name)
    if key is None:
        return None
    try:
        return OverviewId(canonical_month(month), key)
    except BadMonthError:
        return None
