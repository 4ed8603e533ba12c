"""The overview rows that series consist of: lists by name, by organisation and by key.

Owns the requests and the attributes that they select: the keys, the packed counts, and whether a
row has parts. Only `with_cohorts` selects the packed cohorts as well. Builds requests and never
sends them.
"""

from typing import Any

from graphql_api.reading.tables import Listing, Tables, periods_between, projection
from ingest.names import owner_of
from rollup.metrics.period import ALL
from rollup.rows import attributes as names
from rollup.rows import overview_row
from rollup.rows.overview_row import REPOSITORY, Level

_CELLS = (names.CELLS, names.PARTS, names.REVISION)
_FACTS = (names.LAST_EVENT_AT, names.LISTED, names.ORGANISATION_NAME)


def of_name(tables: Tables, level: Level, name: str, first: str, last: str) -> Listing:
    """Return the rows of one repository or organisation whose periods are in a range of keys."""
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            **periods_between(level.name_attribute, name, first, last, _shown(level)),
        },
        position=((names.PERIOD, "S"),),
        shared={level.name_attribute: {"S": name}},
        organisation=owner_of(name),
    )


def of_repositories(tables: Tables, organisation: str, first: str, last: str) -> Listing:
    """Return the rows of all repositories of an organisation whose periods are in a range."""
    shown = (REPOSITORY.name_attribute, *_CELLS, *_spelling(first))
    condition = periods_between(names.ORGANISATION_NAME, organisation, first, last, shown)
    return _of_organisation(tables, overview_row.BY_ORGANISATION, organisation, condition)


def headlines(tables: Tables, organisation: str, first: str, last: str) -> Listing:
    """Return the headlines of the same rows, without their cells: a fifth of the bytes."""
    shown = (REPOSITORY.name_attribute, names.HEADLINE, *_spelling(first))
    condition = periods_between(names.ORGANISATION_NAME, organisation, first, last, shown)
    return _of_organisation(tables, overview_row.HEADLINES, organisation, condition)


def attributes(level: Level) -> dict[str, Any]:
    """Return the projection of rows that are read by their keys."""
    return projection((*level.keys, *_shown(level)))


def part_attributes(level: Level) -> dict[str, Any]:
    """Return the projection of parts of rows, which are read by their keys."""
    return projection((*level.keys, names.CELLS, names.REVISION))


def with_cohorts(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request, or its projection, that selects the packed cohorts as well."""
    alias = f"#{names.COHORTS}"
    return {
        **request,
        "ProjectionExpression": f"{request['ProjectionExpression']},{alias}",
        "ExpressionAttributeNames": {**request["ExpressionAttributeNames"], alias: names.COHORTS},
    }


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
        position=((names.PERIOD, "S"), (names.REPOSITORY_NAME, "S")),
        shared={names.ORGANISATION_NAME: {"S": organisation}},
        organisation=organisation,
    )


def _shown(level: Level) -> tuple[str, ...]:
    facts = (name for name in _FACTS if name not in level.keys)
    return (*_CELLS, level.spelling_attribute, *facts)


def _spelling(first: str) -> tuple[str, ...]:
    """Return the attribute of the spelling for the ALL row; the other rows need not repeat it."""
    return (REPOSITORY.spelling_attribute,) if first == ALL else ()
