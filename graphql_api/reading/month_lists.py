"""Where the months of the public schema are: one by its id, and lists of them.

Owns which table or index holds each list, as `tables` does for all others. Builds requests and
never sends one.
"""

from datetime import date
from typing import Any

from graphql_api.reading.tables import Listing, Tables, projection
from graphql_api.vocabulary.enums import Sort
from rollup.metrics.period import month_key
from rollup.rows import overview_row
from rollup.rows.overview_row import Level

IN_EVERY_MONTH = "monthlyPeriod"
"""Monthly rows without it count nothing any more."""
_MONTH_ATTRIBUTES = (
    *("organisationName", "period", "monthlyPeriod", "openAlerts", "numberFixed"),
    *("numberManuallyClosed", "totalTimeToRemediate", "meanTimeToRemediate"),
)


def overview_request(tables: Tables, level: Level, month: str, name: str) -> dict[str, Any]:
    """Return the GetItem request for one month of one repository or organisation."""
    return {
        "TableName": tables.overview(level),
        "Key": {level.name_attribute: {"S": name}, "period": {"S": period_of(month)}},
        **_projection(level),
    }


def all_months(tables: Tables, level: Level) -> Listing:
    """Every monthly overview of a level; the sparse index holds those and nothing else."""
    return Listing(
        operation="scan",
        request={
            "TableName": tables.overview(level),
            "IndexName": overview_row.BY_MONTHLY_PERIOD,
            **_projection(level),
        },
        position=(("monthlyPeriod", "S"), (level.name_attribute, "S"), ("period", "S")),
        shared={},
    )


def months_of_name(
    tables: Tables, level: Level, name: str, *, month: str | None, order: Sort
) -> Listing:
    """The months of one repository or organisation by time, or just the one month."""
    first, last = (date.min, date.max) if month is None else (_first_day(month),) * 2
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            **_projection(level),
            "KeyConditionExpression": (
                f"#{level.name_attribute} = :name AND #period BETWEEN :first AND :last"
            ),
            "FilterExpression": f"attribute_exists(#{IN_EVERY_MONTH})",
            "ExpressionAttributeValues": {
                ":name": {"S": name},
                ":first": {"S": month_key(first)},
                ":last": {"S": month_key(last)},
            },
            "ScanIndexForward": order is Sort.asc,
        },
        position=(("period", "S"),),
        shared={level.name_attribute: {"S": name}},
    )


def names_of_month(
    tables: Tables, level: Level, month: str, *, name: str | None, order: Sort
) -> Listing:
    """The repositories or organisations of one month by name, or just the one name."""
    condition, values = "#monthlyPeriod = :month", {":month": {"S": month}}
    if name is not None:
        condition += f" AND #{level.name_attribute} = :name"
        values[":name"] = {"S": name}
    return Listing(
        operation="query",
        request={
            "TableName": tables.overview(level),
            "IndexName": overview_row.BY_MONTHLY_PERIOD,
            **_projection(level),
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": order is Sort.asc,
        },
        position=((level.name_attribute, "S"),),
        shared={"monthlyPeriod": {"S": month}, "period": {"S": period_of(month)}},
    )


def period_of(month: str) -> str:
    """Return the sort key under which overviews keep a month."""
    return month_key(_first_day(month))


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _projection(level: Level) -> dict[str, Any]:
    # An index that is asked for an attribute which it does not hold refuses the whole request.
    names = (level.name_attribute, level.spelling_attribute)
    return projection(tuple(dict.fromkeys((*names, *_MONTH_ATTRIBUTES))))
