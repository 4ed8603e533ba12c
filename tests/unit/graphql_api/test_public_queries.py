"""The queries of the public schema, over the real tables, through the whole handler."""

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


def test_the_first_example_query_is_answered(deployment: Deployment) -> None:
    deployment.record(OPEN)
    answer = deployment.ask(
        '{ getAlert(id: "orgName/repoName/22") { alertID organisationName repositoryName } }'
    )
    assert answer.data == {
        "getAlert": {
            "alertID": 22,
            "organisationName": "orgName",
            "repositoryName": "orgName/repoName",
        }
    }


def test_an_open_alert_has_every_field_that_an_open_alert_can_have(deployment: Deployment) -> None:
    deployment.record(OPEN)
    answer = deployment.ask(
        """{ getAlert(id: "orgName/repoName/22") {
            id alertURL state severity branch tool rule createdAt closedAt closedAs timeToRemediate
            alertCreatedAtFullTimestamp alertCreatedAtYear alertCreatedAtMonth alertCreatedAtDate
            alertClosedAtFullTimestamp alertClosedAtYear alertClosedAtMonth alertClosedAtDate
            alertClosedAtReason age(unit: DAYS)
        } }"""
    )
    shown = answer.data["getAlert"]
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


def test_a_dismissed_alert_tells_when_why_and_how_long_it_took(deployment: Deployment) -> None:
    deployment.record(CREATED, DISMISSED)
    answer = deployment.ask(
        """{ getAlert(id: "octo/cat/7") {
            state severity branch tool rule closedAt closedAs age
            ms: timeToRemediate
            hours: timeToRemediate(unit: HOURS)
            days: timeToRemediate(unit: DAYS)
            alertClosedAtFullTimestamp alertClosedAtYear alertClosedAtMonth alertClosedAtDate
            alertClosedAtReason
        } }"""
    )
    assert answer.data["getAlert"] == {
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


def test_a_fixed_alert_was_closed_for_the_reason_fixed(deployment: Deployment) -> None:
    fixed = closing(OPEN, datetime(2026, 11, 4, tzinfo=UTC), ClosedAs.FIXED)
    deployment.record(OPEN, fixed)
    answer = deployment.ask(
        '{ getAlert(id: "orgName/repoName/22") { alertClosedAtReason closedAs } }'
    )
    assert answer.data["getAlert"] == {"alertClosedAtReason": "FIXED", "closedAs": "FIXED"}


@pytest.mark.parametrize(
    "id_",
    [
        *("", "22", "/22", "octo/cat/", "octo/cat/x", "octo/cat/-1", "octo/cat/٣", "octo/cat/8"),
        *("octo/cat/99999999999999999999", "x" * 3_000 + "/1", "octo/cat/7/"),
    ],
)
def test_an_id_that_no_alert_has_is_answered_with_null(deployment: Deployment, id_: str) -> None:
    deployment.record(CREATED)
    answer = deployment.ask("query ($id: ID) { getAlert(id: $id) { id } }", id=id_)
    assert answer.data == {"getAlert": None}


@pytest.mark.parametrize("field", ["getAlert", "getRepositoryOverview", "getOrganisationOverview"])
@pytest.mark.parametrize("arguments", ["", "(id: null)"])
def test_no_id_is_answered_with_null(deployment: Deployment, field: str, arguments: str) -> None:
    assert deployment.ask(f"{{ {field}{arguments} {{ id }} }}").data == {field: None}


def test_all_alerts_are_listed(deployment: Deployment) -> None:
    deployment.record(OPEN, CREATED)
    listed = deployment.ask("{ getAlerts { data { id } nextToken } }").data["getAlerts"]
    assert {row["id"] for row in listed["data"]} == {"orgName/repoName/22", "octo/cat/7"}
    assert listed["nextToken"] is None


def test_one_month_of_a_repository_is_found_by_its_id(deployment: Deployment) -> None:
    deployment.put("RepositoryOverview", [month_row("octo/cat", "2026-11")])
    answer = deployment.ask(
        """query ($id: ID) { getRepositoryOverview(id: $id) {
            id monthlyPeriod organisationName repositoryName openAlerts numberFixed
            numberManuallyCosed numberManuallyClosed totalTimeToRemediate meanTimeToRemediate
        } }""",
        id="2026-11/octo/cat",
    )
    assert answer.data["getRepositoryOverview"] == {
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


def test_months_may_be_named_as_the_public_schema_names_them(deployment: Deployment) -> None:
    deployment.put("RepositoryOverview", [month_row("octo/cat", "2026-11")])
    deployment.put("OrganisationOverview", [month_row("octo", "2026-11")])
    answer = deployment.ask(
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
    assert answer.data == {
        "a": repository,
        "b": {"id": "2026-11/octo"},
        "c": {"data": [repository]},
        "d": {"data": [repository]},
    }


def test_a_mean_of_nothing_is_null_and_25_days_of_milliseconds_fit(deployment: Deployment) -> None:
    row = month_row("octo", "2026-11", totalTimeToRemediate=40 * 86_400_000)
    del row["meanTimeToRemediate"]
    deployment.put("OrganisationOverview", [row])
    answer = deployment.ask(
        """{ getOrganisationOverview(id: "2026-11/octo") {
            organisationName openAlerts numberFixed numberManuallyCosed numberManuallyClosed
            monthlyPeriod totalTimeToRemediate meanTimeToRemediate
        } }"""
    )
    shown = answer.data["getOrganisationOverview"]
    assert shown["totalTimeToRemediate"] == 40 * 86_400_000
    assert shown["meanTimeToRemediate"] is None


@pytest.mark.parametrize("id_", ["", "2026-11", "2026-11/", "2026-13/octo", "ALL/octo", "x/octo"])
def test_an_id_that_no_overview_has_is_answered_with_null(deployment: Deployment, id_: str) -> None:
    query = "query ($id: ID) { getOrganisationOverview(id: $id) { id } }"
    assert deployment.ask(query, id=id_).data == {"getOrganisationOverview": None}


MONTHS = ["2025-12", "2026-01", "2026-02"]


@pytest.fixture
def three_months(deployment: Deployment) -> Deployment:
    """Three months of two repositories and two organisations, with days and ALL in between."""
    names = {
        "RepositoryOverview": ["octo/ant", "octo/cat"],
        "OrganisationOverview": ["acme", "octo"],
    }
    for table, of in names.items():
        for name in of:
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
def test_the_months_of_one_name_come_in_the_order_asked_for(
    three_months: Deployment, field: str, name: str
) -> None:
    answer = three_months.ask(
        f"""{{
            default: {field}) {{ data {{ id }} }}
            null: {field}, sortDirection: null, monthlyPeriod: null) {{ data {{ id }} }}
            desc: {field}, sortDirection: desc) {{ data {{ id }} }}
            one: {field}, monthlyPeriod: "2026-01") {{ data {{ id }} }}
            none: {field}, monthlyPeriod: "2024-01") {{ data {{ id }} }}
        }}"""
    )
    months = {key: [row["id"] for row in page["data"]] for key, page in answer.data.items()}
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
def test_the_names_of_one_month_come_in_the_order_asked_for(
    three_months: Deployment, field: str, argument: str, names: list[str]
) -> None:
    month = '(monthlyPeriod: "2026-01"'
    answer = three_months.ask(
        f"""{{
            default: {field}{month}) {{ data {{ {argument} }} }}
            desc: {field}{month}, sortDirection: desc) {{ data {{ {argument} }} }}
            one: {field}{month}, {argument}: "{names[1]}") {{ data {{ {argument} }} }}
            none: {field}{month}, {argument}: "{names[1]}s") {{ data {{ {argument} }} }}
        }}"""
    )
    found = {key: [row[argument] for row in page["data"]] for key, page in answer.data.items()}
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
def test_the_lists_of_overviews_hold_the_months_and_neither_days_nor_all(
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
def test_a_period_that_is_no_month_is_a_clear_error(deployment: Deployment, month: str) -> None:
    query = """query ($month: String!) {
        repositoryOverviewbyMonthlyPeriod(monthlyPeriod: $month) { nextToken }
    }"""
    assert deployment.ask(query, month=month).reasons == ["bad_month"]


@pytest.mark.parametrize("limit", [-1, 0, 1_001, 2_147_483_647])
def test_a_limit_outside_1_to_1000_is_a_clear_error(deployment: Deployment, limit: int) -> None:
    for field in ("getAlerts", "getRepositoryOverviews", "getOrganisationOverviews"):
        answer = deployment.ask(f"{{ {field}(limit: {limit}) {{ nextToken }} }}")
        assert answer.reasons == ["bad_limit"]
        assert answer.json["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
