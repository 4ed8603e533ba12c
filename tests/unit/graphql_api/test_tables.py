"""The tables of the tests have the keys and indexes of the deployed tables."""

import sys
from datetime import date
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from graphql_api.reading import month_lists, overview_lists, tables
from graphql_api.reading.tables import Listing, Tables
from graphql_api.repositories.repositories import Chosen
from graphql_api.selection.alert_days import Days
from graphql_api.selection.alert_lists import AlertListQuery
from graphql_api.selection.filters import NO_CONDITIONS, Conditions
from graphql_api.selection.rules.window_alerts import window_listings
from graphql_api.vocabulary.days import Day
from graphql_api.vocabulary.enums import AlertState, Branch, ClosedAs, Severity, Sort
from infra.config import config_from
from infra.constructs.storage import Storage
from rollup.metrics.period import midnight_ms
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.service_levels.targets import DEFAULT_TARGETS
from tests.support.graphql_api.tables import INDEXES, NUMBERS, TABLES

DAYS = (date(2026, 1, 1), date(2026, 11, 1))


def every_condition(level: Level, name: str, state: AlertState | None) -> Listing:
    """Return a list of alerts with all conditions."""
    query = AlertListQuery(
        level=level,
        name=name,
        state=state,
        first=Day("2026-01-01"),
        last=Day("2026-11-01"),
        conditions=Conditions(
            severities=(Severity.LOW,),
            tools=("CodeQL",),
            branch=Branch.DEFAULT,
            repositories=("octo/cat",),
            resolved=Chosen(("octo/cat",), "octo/cat".__eq__),
        ),
        rules=("js/xss",),
        closed_as=(ClosedAs.FIXED,) if state is AlertState.CLOSED else None,
        overdue=True if state is AlertState.OPEN else None,
        cwes=None,
        order=Sort.asc,
    )
    listing = query.listing(NAMES, Days(*DAYS, due_at_ms=midnight_ms(DAYS[1])), DEFAULT_TARGETS)
    assert listing is not None
    return listing


NAMES = Tables(
    all_events="AllEvents",
    repository_overview="RepositoryOverview",
    organisation_overview="OrganisationOverview",
    repositories="Repositories",
)
LISTINGS = [
    *(month_lists.all_months(NAMES, level) for level in (REPOSITORY, ORGANISATION)),
    *(
        month_lists.names_of_month(NAMES, level, "2026-11", only=None, order=Sort.asc)
        for level in (REPOSITORY, ORGANISATION)
    ),
    overview_lists.of_repositories(NAMES, "octo", "ALL", "ALL"),
    overview_lists.headlines(NAMES, "octo", "ALL", "ALL"),
    overview_lists.headlines(NAMES, "octo", "DAY#2026-11-01", "DAY#2026-11-30"),
    tables.organisations(NAMES),
    *(
        listing
        for level, name in ((REPOSITORY, "octo/cat"), (ORGANISATION, "octo"))
        for state in (None, *AlertState)
        if "IndexName" in (listing := every_condition(level, name, state)).request
    ),
    *(
        listing
        for level, name in ((REPOSITORY, "octo/cat"), (ORGANISATION, "octo"))
        for listing in window_listings(NAMES, level, name, NO_CONDITIONS, ("2026-01", "2026-02"))
    ),
]


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """Return the properties of the deployed tables."""
    stack = Stack(App(), "Tables")
    Storage(stack, "Storage", config=config_from({}, python=sys.version_info[:2]))
    found = Template.from_stack(stack).find_resources("AWS::DynamoDB::Table")
    return {
        name: next(one["Properties"] for key, one in found.items() if name in key)
        for name in TABLES
    }


@pytest.fixture(scope="module")
def deployed_tables(resources: dict[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the keys of the deployed tables by index. The table itself has the name ''."""
    tables = {}
    for name, properties in resources.items():
        indexes = {"": properties["KeySchema"]} | {
            index["IndexName"]: index["KeySchema"]
            for index in properties.get("GlobalSecondaryIndexes", [])
        }
        tables[name] = {
            index: tuple(key["AttributeName"] for key in keys) for index, keys in indexes.items()
        }
        for attribute in properties["AttributeDefinitions"]:
            is_number = attribute["AttributeName"] in NUMBERS
            assert attribute["AttributeType"] == ("N" if is_number else "S")
    return tables


@pytest.fixture(scope="module")
def projected_attributes(resources: dict[str, Any]) -> dict[tuple[str, str], set[str] | None]:
    """Return the attributes of each index by table and name. None means all attributes."""
    found: dict[tuple[str, str], set[str] | None] = {}
    for table, properties in resources.items():
        own = {key["AttributeName"] for key in properties["KeySchema"]}
        for index in properties.get("GlobalSecondaryIndexes", []):
            keys = {key["AttributeName"] for key in index["KeySchema"]}
            projection = index["Projection"]
            names = own | keys | set(projection.get("NonKeyAttributes", ()))
            is_whole = projection["ProjectionType"] == "ALL"
            found[table, index["IndexName"]] = None if is_whole else names
    return found


@pytest.mark.parametrize("listing", LISTINGS, ids=range(len(LISTINGS)))
def test_queries_read_only_projected_attributes(
    projected_attributes: dict[tuple[str, str], set[str] | None], listing: Listing
) -> None:
    request = listing.request
    attributes = projected_attributes[request["TableName"], request["IndexName"]]
    if attributes is not None:
        assert "ProjectionExpression" in request or request["IndexName"] == "listed"
        assert set(request.get("ExpressionAttributeNames", {}).values()) <= attributes


def test_tables_equal_tables_of_stack(
    deployed_tables: dict[str, dict[str, tuple[str, ...]]],
) -> None:
    assert deployed_tables == {name: {"": keys} | INDEXES[name] for name, keys in TABLES.items()}
