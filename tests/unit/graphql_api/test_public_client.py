"""A client that was written for the public GCSMTTR schema works without changes.

The documents are those of a code generator for that schema: each query has all arguments as
variables with the types of the public schema, and selects all fields.
"""

from collections.abc import Iterator

import pytest
from graphql import build_schema, parse, validate

from graphql_api.sdl import sdl
from tests.support.graphql_api.deployment import Deployment, alert, deployed, month_row

ALERT = """id alertID alertURL organisationName repositoryName
  alertCreatedAtFullTimestamp alertCreatedAtYear alertCreatedAtMonth alertCreatedAtDate
  alertClosedAtFullTimestamp alertClosedAtYear alertClosedAtMonth alertClosedAtDate
  alertClosedAtReason"""
NUMBERS = """id monthlyPeriod openAlerts numberFixed numberManuallyCosed totalTimeToRemediate
  meanTimeToRemediate"""
REPOSITORY, ORGANISATION = f"{NUMBERS} repositoryName", f"{NUMBERS} organisationName"
PAGE, ORDER = {"limit": "Int", "nextToken": "String"}, {"sortDirection": "Sort"}

QUERIES: dict[str, tuple[dict[str, str], str]] = {
    "getAlert": ({"id": "ID"}, ALERT),
    "getAlerts": (PAGE, f"data {{ {ALERT} }} nextToken"),
    "getRepositoryOverview": ({"id": "ID"}, REPOSITORY),
    "getRepositoryOverviews": (PAGE, f"data {{ {REPOSITORY} }} nextToken"),
    "repositoryOverviewbyRepositoryName": (
        {"repositoryName": "String!", "monthlyPeriod": "String", **ORDER, **PAGE},
        f"data {{ {REPOSITORY} }} nextToken",
    ),
    "repositoryOverviewbyMonthlyPeriod": (
        {"monthlyPeriod": "String!", "repositoryName": "String", **ORDER, **PAGE},
        f"data {{ {REPOSITORY} }} nextToken",
    ),
    "getOrganisationOverview": ({"id": "ID"}, ORGANISATION),
    "getOrganisationOverviews": (PAGE, f"data {{ {ORGANISATION} }} nextToken"),
    "organisationOverviewbyOrganisationName": (
        {"organisationName": "String!", "monthlyPeriod": "String", **ORDER, **PAGE},
        f"data {{ {ORGANISATION} }} nextToken",
    ),
    "organisationOverviewbyMonthlyPeriod": (
        {"monthlyPeriod": "String!", "organisationName": "String", **ORDER, **PAGE},
        f"data {{ {ORGANISATION} }} nextToken",
    ),
}
VALUES: dict[str, object] = {
    "limit": 10,
    "sortDirection": "desc",
    "repositoryName": "octo/cat",
    "organisationName": "octo",
    "monthlyPeriod": "2026-November",
}
IDS = {
    "getAlert": "octo/cat/1",
    "getRepositoryOverview": "2026-November/octo/cat",
    "getOrganisationOverview": "2026-November/octo",
}


def document(name: str) -> str:
    arguments, fields = QUERIES[name]
    declared = ", ".join(f"${argument}: {kind}" for argument, kind in arguments.items())
    passed = ", ".join(f"{argument}: ${argument}" for argument in arguments)
    return f"query {name}({declared}) {{ {name}({passed}) {{ {fields} }} }}"


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        deployment.record(alert(1))
        deployment.put("RepositoryOverview", [month_row("octo/cat", "2026-11")])
        deployment.put("OrganisationOverview", [month_row("octo", "2026-11")])
        yield deployment


@pytest.mark.parametrize("name", QUERIES)
def test_public_document_is_valid(name: str) -> None:
    assert validate(build_schema(sdl()), parse(document(name))) == []


@pytest.mark.parametrize("name", QUERIES)
def test_public_document_is_executed(octo: Deployment, name: str) -> None:
    wanted = {argument: VALUES.get(argument) for argument in QUERIES[name][0]}
    if "id" in wanted:
        wanted["id"] = IDS[name]
    response = octo.ask(document(name), **wanted).data[name]
    (row,) = response.get("data", [response])
    assert row["id"] in {"octo/cat/1", "2026-11/octo/cat", "2026-11/octo"}
    if "data" in response:
        assert response["nextToken"] is None


@pytest.mark.parametrize("name", [name for name in QUERIES if name not in IDS])
def test_absent_and_null_variables_are_equal(octo: Deployment, name: str) -> None:
    needed = {
        argument: VALUES[argument]
        for argument, kind in QUERIES[name][0].items()
        if kind.endswith("!")
    }
    rest = dict.fromkeys(QUERIES[name][0].keys() - needed.keys())
    without = octo.ask(document(name), **needed).data
    assert octo.ask(document(name), **needed, **rest).data == without
    assert len(without[name]["data"]) == 1
