"""The details of alerts: read from the table itself, once for a page, and only if selected."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.reading import budget, table_client
from ingest.facts.details import Details
from ingest.terms import Action, ClosedAs
from tests.support.graphql_api.deployment import Deployment, Response, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import checked
from tests.unit.graphql_api.test_scope import reads

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
XSS = Details(
    description="Cross-site scripting",
    tags=("external/cwe/cwe-079", "external/cwe/cwe-116", "security"),
    path="src/page.js",
    start_line=12,
)
FIELDS = "id ruleDescription ruleTags cwes path line reopenedAt"
LISTS = (
    "getAlerts(limit: 1000)",
    'organisation(name: "octo") { alerts(limit: 1000)',
    'organisation(name: "octo") { alerts(state: OPEN, limit: 1000)',
    'repository(name: "octo/cat") { alerts(limit: 1000)',
    'repository(name: "octo/cat") { alerts(state: OPEN, limit: 1000)',
)


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield ten alerts with details, one without, and one of another organisation.

    A batch reads eight alerts.
    """
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr(table_client, "KEYS_PER_READ", 8)
        for number in range(1, 11):
            details = replace(XSS, path=f"src/{number}.js")
            deployment.record(alert(number, repository="octo/cat", details=details))
        deployment.record(alert(1, repository="octo/dog"))
        reopen_fourteen_times(deployment)
        with checked(query_handler._service().context_of(Access("tests")).reader.client):
            yield deployment


def reopen_fourteen_times(deployment: Deployment) -> None:
    created = alert(1, repository="owl/cat", created_at=AT)
    deployment.record(created)
    for day in range(1, 15):
        at = AT + timedelta(days=day)
        closed = replace(closing(created, at, ClosedAs.FIXED), delivery_id=f"closed-{day}")
        reopened = replace(
            created,
            delivery_id=f"reopened-{day}",
            action=Action.REOPENED,
            happened_at=at + timedelta(hours=1),
            received_at=at + timedelta(hours=1),
        )
        deployment.record(closed, reopened)


def rows_of(response: Response) -> list[dict[str, object]]:
    (field,) = response.data.values()
    rows: list[dict[str, object]] = field.get("alerts", field)["data"]
    return rows


def asked(of: str, fields: str) -> str:
    return f"{{ {of} {{ data {{ {fields} }} }} }}{' }' if 'name:' in of else ''}"


@pytest.mark.parametrize("of", LISTS)
def test_lists_show_the_details_of_each_alert(octo: Deployment, of: str) -> None:
    rows = {row["id"]: row for row in rows_of(octo.ask(asked(of, FIELDS)))}

    assert len(rows) == 10 + ("octo/cat" not in of) + (of == LISTS[0])
    assert rows["octo/cat/7"] == {
        "id": "octo/cat/7",
        "ruleDescription": "Cross-site scripting",
        "ruleTags": ["external/cwe/cwe-079", "external/cwe/cwe-116", "security"],
        "cwes": ["CWE-79", "CWE-116"],
        "path": "src/7.js",
        "line": 12,
        "reopenedAt": [],
    }
    if "octo/cat" not in of:
        assert rows["octo/dog/1"] == {
            **dict.fromkeys(["ruleDescription", "path", "line"]),
            **{name: [] for name in ("ruleTags", "cwes", "reopenedAt")},
            "id": "octo/dog/1",
        }


def test_one_alert_has_its_details(octo: Deployment) -> None:
    found = octo.ask(f'{{ getAlert(id: "octo/cat/9") {{ {FIELDS} }} }}').data["getAlert"]
    assert (found["path"], found["cwes"]) == ("src/9.js", ["CWE-79", "CWE-116"])


@pytest.mark.parametrize(("fields", "batches"), [("id createdAt", 0), (FIELDS, 2), ("line", 2)])
def test_details_are_read_once_and_only_if_selected(
    octo: Deployment, fields: str, batches: int
) -> None:
    assert reads(octo, asked(LISTS[1], fields)) == ["Query"] + ["BatchGetItem"] * batches


def test_read_beyond_the_budget_is_an_error_of_each_alert(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "READS_PER_REQUEST", 2)
    response = octo.ask(asked(LISTS[1], "line"))
    assert response.reasons == ["too_many_reads"] * 11
    assert len(response.json["data"]["organisation"]["alerts"]["data"]) == 11


def test_alert_that_moves_between_the_two_reads_has_no_details(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = query_handler._service().context_of(Access("tests")).reader.client
    monkeypatch.setattr(client, "batch_get_item", lambda **_: {"Responses": {"AllEvents": []}})
    rows = rows_of(octo.ask(asked(LISTS[1], FIELDS)))
    assert {row["path"] for row in rows} == {None}
    assert len(rows) == 11


def test_reopenings_are_in_order_and_the_last_twelve_are_kept(octo: Deployment) -> None:
    found = octo.ask('{ getAlert(id: "owl/cat/1") { state reopenedAt } }').data["getAlert"]
    assert found["state"] == "OPEN"
    assert found["reopenedAt"] == [f"2026-11-{day:02}T10:00:00.000Z" for day in range(4, 16)]
