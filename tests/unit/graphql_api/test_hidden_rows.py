"""Hidden rows: alerts without a creation, alerts that are gone, and months without counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from ingest.terms import Action, ClosedAs
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed, month_row
from tests.support.graphql_api.dynamodb_rules import checked

CREATED = (1, 4, 5, 9, 30)
GONE = (7, 21)
WAITING = sorted(set(range(1, 31)) - {*CREATED, *GONE})


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield 5 alerts, 2 that are gone and 23 without a creation, a month and two empty months."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        deployment.record(*(alert(number) for number in CREATED))
        closed_at = datetime(2026, 11, 2, tzinfo=UTC)
        deployment.record(
            *(closing(alert(number), closed_at, ClosedAs.FIXED) for number in WAITING)
        )
        deployment.record(*(alert(number) for number in GONE))
        deployment.record(*(replace(alert(number), action=Action.GONE) for number in GONE))
        deployment.roll_up()
        for name in ("octo/cat", "octo"):
            table = "RepositoryOverview" if "/" in name else "OrganisationOverview"
            deployment.put(table, [emptied(name, month) for month in ("2026-01", "2026-12")])
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def emptied(name: str, month: str) -> dict[str, str | int]:
    """Return a row whose counts are zero again. It has keys and numbers, but is in no index."""
    row = month_row(name, month, openAlerts=0, numberFixed=0, numberManuallyClosed=0)
    hidden = {"monthlyPeriod", *(["organisationName"] if "/" in name else [])}
    return {key: value for key, value in row.items() if key not in hidden}


def pages(octo: Deployment, call: str, limit: int) -> list[list[dict[str, Any]]]:
    """Yield all pages of a list. `call` is without its closing parenthesis."""
    query = f"""query ($token: String) {{
      {call} limit: {limit}, nextToken: $token) {{ data {{ id }} nextToken }} }}"""
    if call.startswith("repository("):
        query += " }"
    found, token = [], None
    while True:
        response = next(iter(octo.ask(query, token=token).data.values()))
        response = response.get("alerts", response)
        found.append(response["data"])
        token = response["nextToken"]
        if token is None:
            return found


def test_alert_without_creation_is_hidden(octo: Deployment) -> None:
    assert octo.client.scan(TableName="AllEvents")["Count"] == 30
    query = "query ($id: ID) { getAlert(id: $id) { id state } }"
    for number in (WAITING[0], *GONE):
        assert octo.ask(query, id=f"octo/cat/{number}").data == {"getAlert": None}
    assert octo.ask(query, id="octo/cat/4").data["getAlert"]["state"] == "OPEN"


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6, 1_000])
@pytest.mark.parametrize(
    "call",
    [
        "getAlerts(",
        'repository(name: "octo/cat") { alerts(',
        'repository(name: "octo/cat") { alerts(filter: {tool: "CodeQL"},',
    ],
)
def test_pages_of_alerts_are_full_without_hidden_rows(
    octo: Deployment, call: str, limit: int
) -> None:
    found = pages(octo, call, limit)
    ids = [row["id"] for page in found for row in page]
    assert sorted(ids) == sorted(f"octo/cat/{number}" for number in CREATED)
    assert all(len(page) == limit for page in found[:-1])


@pytest.mark.parametrize("name", ["octo/cat", "octo"])
def test_empty_months_are_hidden(octo: Deployment, name: str) -> None:
    kind, argument = (
        ("repository", "Repository") if "/" in name else ("organisation", "Organisation")
    )
    response = octo.ask(
        f"""{{ one: get{argument}Overview(id: "2026-01/{name}") {{ id }}
          same: get{argument}Overview(id: "2026-11/{name}") {{ id }}
          by_name: {kind}Overviewby{argument}Name({kind}Name: "{name}") {{
            data {{ id }} nextToken }}
          all: get{argument}Overviews {{ data {{ id }} }} }}"""
    ).data
    kept = {"id": f"2026-11/{name}"}
    assert response["one"] is None
    assert response["same"] == kept
    assert response["by_name"] == {"data": [kept], "nextToken": None}
    assert response["all"] == {"data": [kept]}
    for limit in (1, 2):
        assert pages(octo, f'{kind}Overviewby{argument}Name({kind}Name: "{name}",', limit)[-1] == [
            kept
        ]


def test_hidden_rows_of_other_organisations_are_not_readable(octo: Deployment) -> None:
    def no_organisation(_self: KeyCheck, _key: str) -> Access:
        return Access("no organisation", frozenset())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeyCheck, "__call__", no_organisation)
        total_row = {
            "repositoryName": "octo/gone",
            "period": "ALL",
            "lastEventAt": "2026-11-01T09:00:00.000Z",
        }
        octo.put("RepositoryOverview", [total_row])
        query = '{ repository(name: "octo/gone") { lastEventAt } getAlerts { data { id } } }'
        assert octo.ask(query).data == {
            "repository": {"lastEventAt": None},
            "getAlerts": {"data": []},
        }
