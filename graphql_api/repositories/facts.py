"""What GitHub reported about repositories, for one request: by organisation or for one of them.

Owns the reads, and which values a repository has whose facts are unknown. The facts are those of
now, under the names of now: they contain no history.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Listing, Tables, projection
from ingest.names import owner_of
from ingest.repositories import attributes as names
from ingest.repositories.packed_facts import values_in
from ingest.terms import Visibility


class RepositoryFacts(NamedTuple):
    """The facts of one repository. What GitHub did not report is None, False or empty."""

    visibility: Visibility | None = None
    archived: bool = False
    topics: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = {}
    default_branch: str | None = None


UNKNOWN = RepositoryFacts()
"""The facts of a repository about which GitHub did not report anything."""


class FactsReader:
    """The facts of repositories. Two fields of a document share the reads of an organisation."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self._reader = reader
        self._tables = tables
        self._by_organisation: dict[str, Mapping[str, RepositoryFacts]] = {}
        self._by_name: dict[str, RepositoryFacts | None] = {}

    def of_organisation(self, organisation: str) -> Mapping[str, RepositoryFacts]:
        """Return the known facts of an organisation's repositories, by their names.

        Raises:
            BudgetError: The request has used up its reads or bytes.
            BusyError: DynamoDB throttles.
        """
        if organisation not in self._by_organisation:
            listing = _of_organisation(self._tables, organisation)
            found = {
                item[names.KEY_NAME]["S"]: facts
                for items in self._reader.pages(listing)
                for item in items
                if (facts := _facts(item)) is not None
            }
            self._by_organisation[organisation] = found
        return self._by_organisation[organisation]

    def of_repository(self, name: str) -> RepositoryFacts | None:
        """Return the facts of one repository, or None if there are none. Raises like the above."""
        organisation = owner_of(name)
        if organisation in self._by_organisation:
            return self._by_organisation[organisation].get(name)
        if name not in self._by_name:
            items = self._reader.first(_of_organisation(self._tables, organisation, only=name))
            self._by_name[name] = _facts(items[0]) if items else None
        return self._by_name[name]


def _of_organisation(tables: Tables, organisation: str, only: str | None = None) -> Listing:
    """Return the list of the facts of an organisation's repositories, or `only` of one of them."""
    condition, values = "#organisationName = :organisation", {":organisation": {"S": organisation}}
    if only is not None:
        condition += f" AND #{names.KEY_NAME} = :name"
        values[":name"] = {"S": only}
    shown = projection((names.KEY_NAME, names.FACTS))
    placeholders = {
        **shown["ExpressionAttributeNames"],
        "#organisationName": names.ORGANISATION_NAME,
    }
    return Listing(
        operation="query",
        request={
            "TableName": tables.repositories,
            "IndexName": names.BY_ORGANISATION,
            **shown,
            "ExpressionAttributeNames": placeholders,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
        },
        position=((names.KEY_NAME, "S"), (names.KEY, "S")),
        shared={names.ORGANISATION_NAME: {"S": organisation}},
        organisation=organisation,
    )


def _facts(item: Item) -> RepositoryFacts | None:
    values: Mapping[str, Any] = values_in(item[names.FACTS]["S"])
    if not values:
        return None
    visibility = values.get("visibility")
    properties = values.get("customProperties", {})
    return RepositoryFacts(
        visibility=None if visibility is None else Visibility(visibility),
        archived=values.get("archived", False),
        topics=tuple(values.get("topics", ())),
        properties={name: tuple(many) for name, many in properties.items()},
        default_branch=values.get("defaultBranch"),
    )
