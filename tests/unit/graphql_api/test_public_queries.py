"""The queries of the public schema, from the handler to the tables."""

from datetime import UTC, datetime

import pytest

from ingest.terms import ClosedAs, Ref, Severity
from tests.support.graphql_api.deployment import Deployment, alert, closing, month_row

OPEN = alert(22, repository="orgName/repoName", created_at=datetime(2026, 11, 3, 9, 5, tzinfo=UTC))
CREATED = alert(
    7,
    created_at=datetime(2026, 10, 31, 23, tzinfo=UTC),
    severity=Severity.CRITICAL,
    ref=Ref.OTHER,
    tool=None,
    rule=None,
)
DISMISSED = closing(CREATED, datetime(2026, 11, 2, 11, tzinfo=UTC), ClosedAs.WONT_FIX)


def test_first_example_query_returns_alert(deployment: Deployment) -> None:
    deployment.record(OPEN)
    response = deployment.ask(
        '{ getAlert(id: "orgName/repoName/22") { alertID organisationName repositoryName } }'
    )
    assert response.data == {
        "getAlert": {
            "alertID": 22,
            "organisationName": "orgName",
            "repositoryName": "orgName/repoName",
        }
    }


def test_open_alert_has_all_fields_except_closing(deployment: Deployment) -> None:
    deployment.record(OPEN)
    response = deployment.ask(
        """{ getAlert(id: "orgName/repoName/22") {
            id alertURL state severity branch tool rule createdAt closedAt closedAs timeToRemediate
            alertCreatedAtFullTimestamp alertCreatedAtYear alertCreatedAtMonth alertCreatedAtDate
            alertClosedAtFullTimestamp alertClosedAtYear alertClosedAtMonth alertClosedAtDate
            alertClosedAtReason age(unit: DAYS)
        } }"""
    )
    shown = response.data["getAlert"]
    assert shown.pop("age") > 0
    assert shown == {
        "id": "orgName/repoName/22",
        "alertURL": "https://github.com/orgName/repoName/security/code-scanning/22",
        "state": "OPEN",
        "severity": "HIGH",
        "branch": "DEFAULT",
        "tool": "CodeQL",
        "rule": "js/xss",
        "createdAt": "2026-11-03T09:05:00.000Z",
        "closedAt": None,
        "closedAs": None,
        "timeToRemediate": None,
        "alertCreatedAtFullTimestamp": "2026-11-03T09:05:00.000Z",
        "alertCreatedAtYear": "2026",
        "alertCreatedAtMonth": "November",
        "alertCreatedAtDate": "3",
        "alertClosedAtFullTimestamp": None,
        "alertClosedAtYear": None,
        "alertClosedAtMonth": None,
        "alertClosedAtDate": None,
        "alertClosedAtReason": None,
    }


def test_dismissed_alert_has_closing_fields(deployment: Deployment) -> None:
    deployment.record(CREATED, DISMISSED)
    response = deployment.ask(
        """{ getAlert(id: "octo/cat/7") {
            state severity branch tool rule closedAt closedAs age
            ms: timeToRemediate
            hours: timeToRemediate(unit: HOURS)
            days: timeToRemediate(unit: DAYS)
            alertClosedAtFullTimestamp alertClosedAtYear alertClosedAtMonth alertClosedAtDate
            alertClosedAtReason
        } }"""
    )
    assert response.data["getAlert"] == {
        "state": "CLOSED",
        "severity": "CRITICAL",
        "branch": "OTHER",
        "tool": None,
        "rule": None,
        "closedAt": "2026-11-02T11:00:00.000Z",
        "closedAs": "WONT_FIX",
        "age": None,
        "ms": 36 * 3_600_000,
        "hours": 36,
        "days": 1.5,
        "alertClosedAtFullTimestamp": "2026-11-02T11:00:00.000Z",
        "alertClosedAtYear": "2026",
        "alertClosedAtMonth": "November",
        "alertClosedAtDate": "2",
        "alertClosedAtReason": "CLOSED",
    }


def test_fixed_alert_has_reason_fixed(deployment: Deployment) -> None:
    fixed = closing(OPEN, datetime(2026, 11, 4, tzinfo=UTC), ClosedAs.FIXED)
    deployment.record(OPEN, fixed)
    response = deployment.ask(
        '{ getAlert(id: "orgName/repoName/22") { alertClosedAtReason closedAs } }'
    )
    assert response.data["getAlert"] == {"alertClosedAtReason": "FIXED", "closedAs": "FIXED"}


@pytest.mark.parametrize(
    "id_",
    [
        *("", "22", "/22", "octo/cat/", "octo/cat/x", "octo/cat/-1", "octo/cat/٣", "octo/cat/8"),
        *("octo/cat/99999999999999999999", "x" * 3_000 + "/1", "octo/cat/7/"),
    ],
)
def test_unknown_or_malformed_alert_id_returns_null(deployment: Deployment, id_: str) -> None:
    deployment.record(CREATED)
    response = deployment.ask("query ($id: ID) { getAlert(id: $id) { id } }", id=id_)
    assert response.data == {"getAlert": None}


@pytest.mark.parametrize("field", ["getAlert", "getRepositoryOverview", "getOrganisationOverview"])
@pytest.mark.parametrize("arguments", ["", "(id: null)"])
def test_absent_id_returns_null(deployment: Deployment, field: str, arguments: str) -> None:
    assert deployment.ask(f"{{ {field}{arguments} {{ id }} }}").data == {field: None}


def test_all_alerts_are_listed(deployment: Deployment) -> None:
    deployment.record(OPEN, CREATED)
    listed = deployment.ask("{ getAlerts { data { id } nextToken } }").data["getAlerts"]
    assert {row["id"] for row in listed["data"]} == {"orgName/repoName/22", "octo/cat/7"}
    assert listed["nextToken"] is None


def test_month_of_repository_is_found_by_id(deployment: Deployment) -> None:
    deployment.put("RepositoryOverview", [month_row("octo/cat", "2026-11")])
    response = deployment.ask(
        """query ($id: ID) { getRepositoryOverview(id: $id) {
            id monthlyPeriod organisationName repositoryName openAlerts numberFixed
            numberManuallyCosed numberManuallyClosed totalTimeToRemediate meanTimeToRemediate
        } }""",
        id="2026-11/octo/cat",
    )
    assert response.data["getRepositoryOverview"] == {
        "id": "2026-11/octo/cat",
        "monthlyPeriod": "2026-11",
        "organisationName": "octo",
        "repositoryName": "octo/cat",
        "openAlerts": 1,
        "numberFixed": 2,
        "numberManuallyCosed": 3,
        "numberManuallyClosed": 3,
        "totalTimeToRemediate": 5_000,
        "meanTimeToRemediate": 1_000,
    }


def test_months_can_have_english_names(deployment: Deployment) -> None:
    deployment.put("RepositoryOverview", [month_row("octo/cat", "2026-11")])
    deployment.put("OrganisationOverview", [month_row("octo", "2026-11")])
    response = deployment.ask(
        """{
            a: getRepositoryOverview(id: "2026-November/octo/cat") { id }
            b: getOrganisationOverview(id: "2026-November/octo") { id }
            c: repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-November") { data { id } }
            d: repositoryOverviewbyRepositoryName(
                repositoryName: "octo/cat", monthlyPeriod: "2026-November"
            ) { data { id } }
        }"""
    )
    repository = {"id": "2026-11/octo/cat"}
    assert response.data == {
        "a": repository,
        "b": {"id": "2026-11/octo"},
        "c": {"data": [repository]},
        "d": {"data": [repository]},
    }


def test_absent_mean_is_null_and_total_can_exceed_int(deployment: Deployment) -> None:
    row = month_row("octo", "2026-11", totalTimeToRemediate=40 * 86_400_000)
    del row["meanTimeToRemediate"]
    deployment.put("OrganisationOverview", [row])
    response = deployment.ask(
        """{ getOrganisationOverview(id: "2026-11/octo") {
            organisationName openAlerts numberFixed numberManuallyCosed numberManuallyClosed
            monthlyPeriod totalTimeToRemediate meanTimeToRemediate
        } }"""
    )
    shown = response.data["getOrganisationOverview"]
    assert shown["totalTimeToRemediate"] == 40 * 86_400_000
    assert shown["meanTimeToRemediate"] is None


@pytest.mark.parametrize("id_", ["", "2026-11", "2026-11/", "2026-13/octo", "ALL/octo", "x/octo"])
def test_malformed_overview_id_returns_null(deployment: Deployment, id_: str) -> None:
    query = "query ($id: ID) { getOrganisationOverview(id: $id) { id } }"
    assert deployment.ask(query, id=id_).data == {"getOrganisationOverview": None}


MONTHS = ["2025-12", "2026-01", "2026-02"]


@pytest.fixture
def three_months(deployment: Deployment) -> Deployment:
    """Return three months of two repositories and two organisations, beside days and ALL."""
    names = {
        "RepositoryOverview": ["octo/ant", "octo/cat"],
        "OrganisationOverview": ["acme", "octo"],
    }
    for table, names_of_table in names.items():
        for name in names_of_table:
            deployment.put(table, [month_row(name, month) for month in MONTHS])
            others = [month_row(name, "2026-01") | {"period": p} for p in ("ALL", "DAY#2026-01-02")]
            for other in others:
                del other["monthlyPeriod"]
            deployment.put(table, others)
    return deployment


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('repositoryOverviewbyRepositoryName(repositoryName: "octo/cat"', "octo/cat"),
        ('organisationOverviewbyOrganisationName(organisationName: "octo"', "octo"),
    ],
)
def test_months_of_name_have_requested_order(
    three_months: Deployment, field: str, name: str
) -> None:
    response = three_months.ask(
        f"""{{
            default: {field}) {{ data {{ id }} }}
            null: {field}, sortDirection: null, monthlyPeriod: null) {{ data {{ id }} }}
            desc: {field}, sortDirection: desc) {{ data {{ id }} }}
            one: {field}, monthlyPeriod: "2026-01") {{ data {{ id }} }}
            none: {field}, monthlyPeriod: "2024-01") {{ data {{ id }} }}
        }}"""
    )
    months = {key: [row["id"] for row in page["data"]] for key, page in response.data.items()}
    ids = [f"{month}/{name}" for month in MONTHS]
    assert months == {
        "default": ids,
        "null": ids,
        "desc": ids[::-1],
        "one": [f"2026-01/{name}"],
        "none": [],
    }


@pytest.mark.parametrize(
    ("field", "argument", "names"),
    [
        ("repositoryOverviewbyMonthlyPeriod", "repositoryName", ["octo/ant", "octo/cat"]),
        ("organisationOverviewbyMonthlyPeriod", "organisationName", ["acme", "octo"]),
    ],
)
def test_names_of_month_have_requested_order(
    three_months: Deployment, field: str, argument: str, names: list[str]
) -> None:
    month = '(monthlyPeriod: "2026-01"'
    response = three_months.ask(
        f"""{{
            default: {field}{month}) {{ data {{ {argument} }} }}
            desc: {field}{month}, sortDirection: desc) {{ data {{ {argument} }} }}
            one: {field}{month}, {argument}: "{names[1]}") {{ data {{ {argument} }} }}
            none: {field}{month}, {argument}: "{names[1]}s") {{ data {{ {argument} }} }}
        }}"""
    )
    found = {key: [row[argument] for row in page["data"]] for key, page in response.data.items()}
    assert found == {
        "default": names,
        "desc": names[::-1],
        "one": names[1:],
        "none": [],
    }


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("getRepositoryOverviews", ["octo/ant", "octo/cat"]),
        ("getOrganisationOverviews", ["acme", "octo"]),
    ],
)
def test_lists_of_overviews_contain_only_months(
    three_months: Deployment, field: str, names: list[str]
) -> None:
    listed = three_months.ask(f"{{ {field} {{ data {{ id }} nextToken }} }}").data[field]
    assert sorted(row["id"] for row in listed["data"]) == [
        f"{month}/{name}" for month in MONTHS for name in names
    ]
    assert listed["nextToken"] is None


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-13", "0000-01", "2026-Nov", "2026-11-23", "ALL"]
)
def test_invalid_month_is_an_error(deployment: Deployment, month: str) -> None:
    query = """query ($month: String!) {
        repositoryOverviewbyMonthlyPeriod(monthlyPeriod: $month) { nextToken }
    }"""
    assert deployment.ask(query, month=month).reasons == ["bad_month"]


@pytest.mark.parametrize("limit", [-1, 0, 1_001, 2_147_483_647])
def test_limit_outside_1_to_1000_is_an_error(deployment: Deployment, limit: int) -> None:
    for field in ("getAlerts", "getRepositoryOverviews", "getOrganisationOverviews"):
        response = deployment.ask(f"{{ {field}(limit: {limit}) {{ nextToken }} }}")
        assert response.reasons == ["bad_limit"]
        assert response.json["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
