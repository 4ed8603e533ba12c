"""The monthly overviews of the public schema: one by its id, and lists of them.

Owns the choice of the table or index for each list. Builds requests and never sends them.
"""

from datetime import date
from typing import Any

from graphql_api.reading.tables import Listing, Tables, periods_between, projection
from graphql_api.vocabulary.enums import Sort
from ingest.names import owner_of
from rollup.metrics.period import month_key
from rollup.rows import attributes as names
from rollup.rows import overview_row
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.row_key import RowKey

IN_EVERY_MONTH = names.MONTHLY_PERIOD
"""A row of a month without this attribute does not count anything any more."""
_MONTH_ATTRIBUTES = (
    *(names.ORGANISATION_NAME, names.PERIOD, names.MONTHLY_PERIOD, names.OPEN_ALERTS),
    *(names.NUMBER_FIXED, names.NUMBER_MANUALLY_CLOSED),
    *(names.TOTAL_TIME_TO_REMEDIATE, names.MEAN_TIME_TO_REMEDIATE),
)


def overview_request(tables: Tables, level: Level, month: str, name: str) -> dict[str, Any]:
    """Return the GetItem request for one month of one repository or organisation."""
    return {
        "TableName": tables.overview(level),
        "Key": overview_row.key(level, RowKey(name, period_of(month))),
        **projection(_attributes(level)),
    }


def all_months(tables: Tables, level: Level) -> Listing:
    """Return the list of all monthly overviews of a level. The index contains only these."""
    return Listing(
        operation="scan",
        request={
            "TableName": tables.overview(level),
            "IndexName": overview_row.BY_MONTHLY_PERIOD,
            **projection(_attributes(level)),
        },
        position=((names.MONTHLY_PERIOD, "S"), (level.name_attribute, "S"), (names.PERIOD, "S")),
        shared={},
        organisation=None,
    )


def months_of_name(
    tables: Tables, level: Level, name: str, *, month: str | None, order: Sort
) -> Listing:
    """Return the list of the months of one name by time, or only of the given month."""
    first, last = (date.min, date.max) if month is None else (_first_day(month),) * 2
    attribute = level.name_attribute
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            **periods_between(
                attribute, name, month_key(first), month_key(last), _attributes(level)
            ),
            "FilterExpression": f"attribute_exists(#{IN_EVERY_MONTH})",
            "ScanIndexForward": order is Sort.asc,
        },
        position=((names.PERIOD, "S"),),
        shared={attribute: {"S": name}},
        organisation=owner_of(name),
    )


def names_of_month(
    tables: Tables, level: Level, month: str, *, only: str | None, order: Sort
) -> Listing:
    """Return the list of the rows of one month by name.

    Args:
        tables: The tables.
        level: The level of the rows.
        month: The month, such as `2026-11`.
        only: Only the row with this name. At the level of repositories, the name of an
            organisation selects the rows of its repositories.
        order: The order of the names.
    """
    condition, values = f"#{names.MONTHLY_PERIOD} = :month", {":month": {"S": month}}
    if only is not None and level is REPOSITORY and "/" not in only:
        condition += f" AND begins_with(#{level.name_attribute}, :owner)"
        values[":owner"] = {"S": f"{only}/"}
    elif only is not None:
        condition += f" AND #{level.name_attribute} = :name"
        values[":name"] = {"S": only}
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            "IndexName": overview_row.BY_MONTHLY_PERIOD,
            **projection(_attributes(level)),
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": order is Sort.asc,
        },
        position=((level.name_attribute, "S"),),
        shared={names.MONTHLY_PERIOD: {"S": month}, names.PERIOD: {"S": period_of(month)}},
        organisation=None if only is None else owner_of(only),
    )


def period_of(month: str) -> str:
    """Return the sort key of the rows of a month."""
    return month_key(_first_day(month))


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _attributes(level: Level) -> tuple[str, ...]:
    # DynamoDB refuses a request for an attribute that the index does not contain.
    own = (level.name_attribute, level.spelling_attribute)
    return tuple(dict.fromkeys((*own, *_MONTH_ATTRIBUTES)))
