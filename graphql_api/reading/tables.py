"""The tables of a deployment, and the requests for alerts and for the names of organisations.

Owns `Listing`, the form of every list: the table or index, the condition, and the keys of a row
that are its position. Builds requests and never sends them. The modules that own the rows also own
the format of their keys.
"""

import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.cursor import OutdatedCursorError
from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from rollup.rows import attributes as names
from rollup.rows import overview_row
from rollup.rows.overview_row import Level

ALERT_ATTRIBUTES = (
    *(of_alert.REPOSITORY_NAME, of_alert.ALERT_ID, of_alert.ORGANISATION_NAME),
    *(of_alert.REPOSITORY_SPELLING, of_alert.ALERT_URL, of_alert.STATE, of_alert.CREATED_AT),
    *(of_alert.CLOSED_AT, of_alert.CLOSED_AS, of_alert.SEVERITY, of_alert.TOOL, of_alert.RULE),
    of_alert.BRANCH,
)
"""The attributes of an alert that every index of All Events contains. The projection of an index
cannot change in place, so `alert_details` reads all others from the table."""
IN_EVERY_ALERT = of_alert.STATE
"""A row of All Events without this attribute contains changes of an alert never created."""
IN_EVERY_TOTAL = {
    overview_row.REPOSITORY: names.ORGANISATION_NAME,
    overview_row.ORGANISATION: names.LISTED,
}
"""By level: an ALL row without this attribute does not count anything any more."""

_NUMBER = re.compile(r"[0-9]{1,15}")
_MAX_KEY_BYTES = 1_024
"""The limit of DynamoDB for a sort key. A partition key can have twice as many."""


class Tables(NamedTuple):
    """The names of the tables that queries read."""

    all_events: str
    repository_overview: str
    organisation_overview: str
    repositories: str

    def overview(self, level: Level) -> str:
        """Return the name of the table with the rows of a level."""
        if level is overview_row.REPOSITORY:
            return self.repository_overview
        return self.organisation_overview


class Listing(NamedTuple):
    """A list: the request that reads it, and the keys that distinguish its rows.

    Attributes:
        operation: The operation of DynamoDB.
        request: The parameters of the operation, without a limit and a start.
        position: The key attributes in which rows of the list differ, with DynamoDB's type letter.
        shared: The key attributes that have the same value in all rows.
        organisation: The organisation of all rows, None for rows of all organisations. A limited
            key can only read lists of its organisations.
        is_selective: Whether a filter can drop most of the rows that are read.
        kept: The values that the cursors of the list contain beside a position.
        accepts: Whether a row belongs to the list, where DynamoDB cannot decide it; None: all do.
    """

    operation: Literal["query", "scan"]
    request: dict[str, Any]
    position: tuple[tuple[str, str], ...]
    shared: dict[str, dict[str, str]]
    organisation: str | None
    is_selective: bool = False
    kept: tuple[str, ...] = ()
    accepts: Callable[[Item], bool] | None = None

    def position_of(self, keys: Item) -> tuple[str, ...]:
        """Return the position of a row, or of a last evaluated key."""
        return tuple(keys[name][kind] for name, kind in self.position)

    def start_after(self, position: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return the ExclusiveStartKey for the rows after a position.

        Raises:
            OutdatedCursorError: The position does not have the keys of this list. An earlier
                version of the list had other keys.
        """
        kinds = [kind for _, kind in self.position]
        if len(position) != len(kinds) or not all(map(_is_valid_key, kinds, position)):
            raise OutdatedCursorError
        own = {
            name: {kind: value} for (name, kind), value in zip(self.position, position, strict=True)
        }
        return {**self.shared, **own}


def _is_valid_key(kind: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if kind == "N":
        return _NUMBER.fullmatch(value) is not None
    return 0 < len(value.encode()) <= _MAX_KEY_BYTES


def alert_request(tables: Tables, repository: str, number: int) -> dict[str, Any]:
    """Return the GetItem request for one alert."""
    return {
        "TableName": tables.all_events,
        "Key": alert_key.key(repository, number),
        **projection(ALERT_ATTRIBUTES),
    }


def all_alerts(tables: Tables) -> Listing:
    """Return the list of all alerts, in no particular order."""
    return Listing(
        operation="scan",
        request={
            "TableName": tables.all_events,
            **projection(ALERT_ATTRIBUTES),
            "FilterExpression": f"attribute_exists(#{IN_EVERY_ALERT})",
        },
        position=((of_alert.REPOSITORY_NAME, "S"), (of_alert.ALERT_ID, "N")),
        shared={},
        organisation=None,
    )


def organisations(tables: Tables) -> Listing:
    """Return the list of the names of all organisations, in order."""
    listed = {"S": overview_row.LISTED_ORGANISATIONS}
    return Listing(
        operation="query",
        request={
            "TableName": tables.organisation_overview,
            "IndexName": overview_row.LISTED,
            "KeyConditionExpression": f"{names.LISTED} = :listed",
            "ExpressionAttributeValues": {":listed": listed},
        },
        position=((names.ORGANISATION_NAME, "S"), (names.PERIOD, "S")),
        shared={names.LISTED: listed},
        organisation=None,
    )


def projection(attributes: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of a request that selects only these attributes, each as `#name`."""
    aliases = {f"#{name}": name for name in attributes}
    return {"ProjectionExpression": ",".join(aliases), "ExpressionAttributeNames": aliases}


def periods_between(
    name_attribute: str, name: str, first: str, last: str, shown: tuple[str, ...]
) -> dict[str, Any]:
    """Return the part of a query for the rows of a name whose periods are in a range of keys.

    Args:
        name_attribute: The partition key of the table or index.
        name: The value of the partition key.
        first: The key of the first period, see `rollup.metrics.period`.
        last: The key of the last period, inclusive.
        shown: The attributes to return beside these two keys.
    """
    is_in_range = f"#{names.PERIOD} BETWEEN :first AND :last"
    return {
        **projection((name_attribute, names.PERIOD, *shown)),
        "KeyConditionExpression": f"#{name_attribute} = :name AND {is_in_range}",
        "ExpressionAttributeValues": {
            ":name": {"S": name},
            ":first": {"S": first},
            ":last": {"S": last},
        },
    }
