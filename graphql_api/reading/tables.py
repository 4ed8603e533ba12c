"""Where the answers are: the tables' names, and the lists that can be read from them in order.

Owns which table or index holds each list, under which condition, and which of a row's keys make its
position there. Builds requests and never sends one; keys are spelled by the modules that own the
rows.
"""

import re
from typing import Any, Literal, NamedTuple

from graphql_api.reading.cursor import OutdatedCursorError
from graphql_api.reading.item import Item
from ingest.alerts import alert_key
from rollup.rows import overview_row
from rollup.rows.overview_row import Level

ALERT_ATTRIBUTES = (
    *("repositoryName", "alertID", "organisationName", "repositorySpelling", "alertURL", "state"),
    *("createdAt", "closedAt", "closedAs", "severity", "tool", "rule", "branch"),
)
IN_EVERY_ALERT = "state"
"""Rows of All Events without it hold changes to an alert that was never created: not an alert."""
IN_EVERY_WHOLE = {overview_row.REPOSITORY: "organisationName", overview_row.ORGANISATION: "listed"}
"""ALL rows without it count nothing any more."""

_NUMBER = re.compile(r"[0-9]{1,15}")
_LONGEST_KEY = 1_024
"""DynamoDB's bound for a sort key, in bytes; partition keys may have twice that."""


class Tables(NamedTuple):
    """The names of the three tables of one deployment."""

    all_events: str
    repository_overview: str
    organisation_overview: str

    def overview(self, level: Level) -> str:
        """Return the name of the table that holds this level's rows."""
        if level is overview_row.REPOSITORY:
            return self.repository_overview
        return self.organisation_overview


class Listing(NamedTuple):
    """One list: the request that reads it, and the keys that tell its rows apart.

    `position` names the key attributes, with DynamoDB's type letter, in which rows of the list
    differ; `shared` holds those in which they are all alike. A selective list has a filter that may
    drop most of the rows that are read. `kept` is what its cursors keep beside a position.
    """

    operation: Literal["query", "scan"]
    request: dict[str, Any]
    position: tuple[tuple[str, str], ...]
    shared: dict[str, dict[str, str]]
    is_selective: bool = False
    kept: tuple[str, ...] = ()

    def place_of(self, keys: Item) -> tuple[str, ...]:
        """Return the place of a row, or of a last evaluated key."""
        return tuple(keys[name][kind] for name, kind in self.position)

    def start_after(self, place: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return the ExclusiveStartKey that continues after a place.

        Raises:
            OutdatedCursorError: the place is not one of this list: its rows had other keys once.
        """
        kinds = [kind for _, kind in self.position]
        if len(place) != len(kinds) or not all(map(_can_be_a_key, kinds, place)):
            raise OutdatedCursorError
        own = {
            name: {kind: value} for (name, kind), value in zip(self.position, place, strict=True)
        }
        return {**self.shared, **own}


def _can_be_a_key(kind: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if kind == "N":
        return _NUMBER.fullmatch(value) is not None
    return 0 < len(value.encode()) <= _LONGEST_KEY


def alert_request(tables: Tables, repository: str, number: int) -> dict[str, Any]:
    """Return the GetItem request for one alert."""
    return {
        "TableName": tables.all_events,
        "Key": alert_key.key(repository, number),
        **projection(ALERT_ATTRIBUTES),
    }


def all_alerts(tables: Tables) -> Listing:
    """Every alert, in no particular order: the public schema asks for nothing narrower."""
    return Listing(
        operation="scan",
        request={
            "TableName": tables.all_events,
            **projection(ALERT_ATTRIBUTES),
            "FilterExpression": f"attribute_exists(#{IN_EVERY_ALERT})",
        },
        position=(("repositoryName", "S"), ("alertID", "N")),
        shared={},
    )


def organisations(tables: Tables) -> Listing:
    """The names of all organisations, in order."""
    return Listing(
        operation="query",
        request={
            "TableName": tables.organisation_overview,
            "IndexName": overview_row.LISTED,
            "KeyConditionExpression": "listed = :listed",
            "ExpressionAttributeValues": {":listed": {"S": overview_row.LISTED_ORGANISATIONS}},
        },
        position=(("organisationName", "S"), ("period", "S")),
        shared={"listed": {"S": overview_row.LISTED_ORGANISATIONS}},
    )


def projection(attributes: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of a request that asks for these attributes alone, each as `#name`."""
    names = {f"#{name}": name for name in attributes}
    return {"ProjectionExpression": ",".join(names), "ExpressionAttributeNames": names}
