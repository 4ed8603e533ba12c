"""The lists of overview rows that series are made of: by name, by organisation, by key.

Owns their requests and what they ask of a row: its key, its packed counts, whether it has parts.
Sends none.
"""

from typing import Any

from graphql_api.reading.tables import Listing, Tables, projection
from rollup.metrics.period import ALL
from rollup.rows import overview_row
from rollup.rows.overview_row import REPOSITORY, Level

_CELLS = ("cells", "parts", "revision")
_FACTS = ("lastEventAt", "listed", "organisationName")


def of_name(tables: Tables, level: Level, name: str, first: str, last: str) -> Listing:
    """The rows of one repository or organisation whose periods' keys lie in a range."""
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            **_periods(level.name_attribute, name, first, last, _shown(level)),
        },
        position=(("period", "S"),),
        shared={level.name_attribute: {"S": name}},
    )


def of_repositories(tables: Tables, organisation: str, first: str, last: str) -> Listing:
    """The rows of every repository of an organisation whose periods lie in a range."""
    shown = (REPOSITORY.name_attribute, *_CELLS, *_spelling(first))
    condition = _periods("organisationName", organisation, first, last, shown)
    return _of_organisation(tables, overview_row.BY_ORGANISATION, organisation, condition)


def headlines(tables: Tables, organisation: str, first: str, last: str) -> Listing:
    """The headlines of those rows, without their cells: a fifth of the bytes."""
    shown = (REPOSITORY.name_attribute, "headline", *_spelling(first))
    condition = _periods("organisationName", organisation, first, last, shown)
    return _of_organisation(tables, overview_row.HEADLINES, organisation, condition)


def attributes(level: Level) -> dict[str, Any]:
    """Return the projection of rows that are read by their keys."""
    return projection((*level.keys, *_shown(level)))


def _of_organisation(
    tables: Tables, index: str, organisation: str, condition: dict[str, Any]
) -> Listing:
    return Listing(
        operation="query",
        request={
            "TableName": tables.repository_overview,
            "IndexName": index,
            **condition,
        },
        position=(("period", "S"), ("repositoryName", "S")),
        shared={"organisationName": {"S": organisation}},
    )


def _periods(
    attribute: str, name: str, first: str, last: str, shown: tuple[str, ...]
) -> dict[str, Any]:
    return {
        **projection((attribute, "period", *shown)),
        "KeyConditionExpression": f"#{attribute} = :name AND #period BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":name": {"S": name},
            ":first": {"S": first},
            ":last": {"S": last},
        },
    }


def _shown(level: Level) -> tuple[str, ...]:
    facts = (name for name in _FACTS if name not in level.keys)
    return (*_CELLS, level.spelling_attribute, *facts)


def _spelling(first: str) -> tuple[str, ...]:
    """Every row has the spelling of its name, but one of them is enough."""
    return (REPOSITORY.spelling_attribute,) if first == ALL else ()
