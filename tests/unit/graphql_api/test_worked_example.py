"""The worked example of the docs: numbers calculated by hand are compared with the API."""

from typing import Any

import pytest

from ingest.terms import Branch, Ref
from tests.support.graphql_api import worked_example
from tests.support.graphql_api.deployment import Deployment
from tests.support.paths import ROOT

DAY_MS = 86_400_000


def november(deployment: Deployment, fields: str, arguments: str = "") -> dict[str, Any]:
    """Return the row of the current month."""
    query = f"""{{ organisation(name: "acme") {{
      metrics(from: "now/M", interval: TOTAL {arguments}) {{ {fields} }} }} }}"""
    (row,) = deployment.ask(query).data["organisation"]["metrics"]
    return dict(row)


def test_counts_of_november(acme: Deployment) -> None:
    assert november(
        acme,
        "periodStart periodEnd group opened closed fixed falsePositive wontFix usedInTests"
        " mitigated dismissed reopened openAtEnd net netResolveRate",
    ) == {
        "periodStart": "2026-11-01T00:00:00.000Z",
        "periodEnd": "2026-11-25T00:00:00.000Z",
        "group": None,
        "opened": 6,
        "closed": 7,
        "fixed": 5,
        "falsePositive": 1,
        "wontFix": 1,
        "usedInTests": 0,
        "mitigated": 0,
        "dismissed": 0,
        "reopened": 1,
        "openAtEnd": 3,
        "net": -1,
        "netResolveRate": 1.1667,
    }


def test_times_to_remediate_of_november(acme: Deployment) -> None:
    row = november(
        acme,
        """total: totalTimeToRemediate(unit: DAYS) totalMs: totalTimeToRemediate
        mean: meanTimeToRemediate(unit: DAYS) meanHours: meanTimeToRemediate(unit: HOURS)
        median: medianTimeToRemediate(unit: DAYS) p90: p90TimeToRemediate(unit: DAYS)
        p20: percentileTimeToRemediate(percent: 20, unit: DAYS)
        week: shareClosedWithin(days: 7) month: shareClosedWithin(days: 30)""",
    )
    assert (row["total"], row["totalMs"]) == (70, 70 * DAY_MS)
    assert (row["mean"], row["meanHours"]) == (10, 240)
    assert row["median"] == pytest.approx(5, rel=0.05)
    assert row["p90"] == pytest.approx(24, rel=0.05)
    assert row["p20"] == pytest.approx(2, rel=0.05)
    assert (row["week"], row["month"]) == (0.5714, 1)


def test_numbers_of_github_and_gitlab_overviews(acme: Deployment) -> None:
    mean = "closed meanTimeToRemediate(unit: DAYS)"
    closings = "closedAs: [FIXED, WONT_FIX, USED_IN_TESTS, MITIGATED, DISMISSED]"
    security = "severity: [CRITICAL, HIGH, MEDIUM, LOW]"
    own = {"closed": 4, "meanTimeToRemediate": 15.5}
    filters = (f"branch: DEFAULT, {security}", f'branch: DEFAULT, {security}, tool: "CodeQL"')
    for condition in filters:
        assert november(acme, mean, f"{closings} filter: {{{condition}}}") == own
    # Each condition excludes an alert that would otherwise count.
    assert november(acme, mean, f"{closings} filter: {{branch: DEFAULT}}")["closed"] == 5
    assert november(acme, mean, f"{closings} filter: {{{security}}}")["closed"] == 5
    assert november(acme, mean, f"filter: {{branch: DEFAULT, {security}}}")["closed"] == 5
    assert november(acme, mean, "closedAs: FIXED") == {"closed": 5, "meanTimeToRemediate": 9.6}


def test_current_month_against_same_days_of_last_month(acme: Deployment) -> None:
    row = november(
        acme,
        """opened: change(of: OPENED) closed: change(of: CLOSED) open: change(of: OPEN_AT_END)
        mean: change(of: MEAN_TIME_TO_REMEDIATE) median: change(of: MEDIAN_TIME_TO_REMEDIATE)""",
    )
    assert (row["opened"], row["closed"], row["open"]) == (0.5, 6, 0)
    assert row["mean"] == 0
    assert row["median"] == pytest.approx(-0.5, abs=0.06)


def test_earlier_values_of_current_month(acme: Deployment) -> None:
    """Alert 9 was closed between 1 and 23 October, after 10 days."""
    row = november(
        acme,
        """opened: before(of: OPENED) closed: before(of: CLOSED) open: before(of: OPEN_AT_END)
        mean: before(of: MEAN_TIME_TO_REMEDIATE, unit: DAYS) ms: before(of: MEAN_TIME_TO_REMEDIATE)
        hours: before(of: MEDIAN_TIME_TO_REMEDIATE, unit: HOURS)
        ignored: before(of: OPENED, unit: DAYS)""",
    )
    assert row == {
        "opened": 4,
        "closed": 1,
        "open": 3,
        "mean": 10,
        "ms": 10 * DAY_MS,
        "hours": 240,
        "ignored": 4,
    }


def test_months_since_september(acme: Deployment) -> None:
    query = """{ organisation(name: "acme") { lastEventAt
      metrics(from: "2026-08-01") { periodStart opened closed reopened openAtEnd
        meanTimeToRemediate(unit: DAYS) } } }"""
    response = acme.ask(query).data["organisation"]
    assert response["lastEventAt"] == "2026-11-12T09:00:00.000Z"
    rows = [tuple(row.values()) for row in response["metrics"]]
    assert rows == [
        ("2026-08-01T00:00:00.000Z", 0, 0, 0, 0, None),
        ("2026-09-01T00:00:00.000Z", 1, 0, 0, 1, None),
        ("2026-10-01T00:00:00.000Z", 4, 1, 0, 3, 10),
        ("2026-11-01T00:00:00.000Z", 6, 7, 1, 3, 10),
    ]


def test_groups_by_repository_and_tool(acme: Deployment) -> None:
    query = """{ organisation(name: "acme") {
      repositories: metrics(from: "now/M", interval: TOTAL, groupBy: REPOSITORY,
        top: {groups: 5, by: CLOSED}) { group opened closed openAtEnd }
      tools: metrics(from: "now/M", interval: TOTAL, groupBy: TOOL) { group opened openAtEnd }
      severities: metrics(from: "now/M", interval: TOTAL, groupBy: SEVERITY) { group opened closed }
      branches: metrics(from: "now/M", interval: TOTAL, groupBy: BRANCH) { group closed } } }"""
    response = acme.ask(query).data["organisation"]
    assert [tuple(row.values()) for row in response["repositories"]] == [
        ("acme/web", 5, 6, 0),
        ("acme/api", 1, 1, 3),
    ]
    assert [tuple(row.values()) for row in response["tools"]] == [("CodeQL", 5, 2), ("Trivy", 1, 1)]
    assert [tuple(row.values()) for row in response["severities"]] == [
        ("CRITICAL", 1, 1),
        ("HIGH", 3, 3),
        ("MEDIUM", 1, 1),
        ("LOW", 0, 1),
        ("WARNING", 1, 1),
    ]
    assert [tuple(row.values()) for row in response["branches"]] == [("DEFAULT", 6), ("OTHER", 1)]


def test_backlog_at_noon_of_24_november(acme: Deployment) -> None:
    query = """{ organisation(name: "acme") { backlog { group open meanAge(unit: DAYS)
      medianAge(unit: DAYS) overdue soon: dueWithin(days: 9) sooner: dueWithin(days: 8)
      all: olderThan(days: 0) month: olderThan(days: 30) exact: olderThan(days: 45)
      years: olderThan(days: 800) }
      bySeverity: backlog(groupBy: SEVERITY) { group open }
      byRepository: backlog(groupBy: REPOSITORY) { group open olderThan(days: 30) } } }"""
    response = acme.ask(query).data["organisation"]
    assert response["backlog"] == [
        {
            "group": None,
            "open": 3,
            "meanAge": 42.125,
            "medianAge": 45.125,
            "overdue": 2,
            "soon": 1,
            "sooner": 0,
            "all": 3,
            "month": 2,
            "exact": 2,
            "years": 0,
        }
    ]
    assert [tuple(row.values()) for row in response["bySeverity"]] == [
        ("CRITICAL", 1),
        ("HIGH", 2),
        ("MEDIUM", 0),
        ("LOW", 0),
        ("WARNING", 0),
    ]
    assert [tuple(row.values()) for row in response["byRepository"]] == [
        ("acme/api", 3, 2),
        ("acme/web", 0, 0),
    ]


def test_repository_has_same_fields_as_organisation(acme: Deployment) -> None:
    query = """{ repository(name: "acme/web") { name
      metrics(from: "now/M", interval: TOTAL) { opened closed openAtEnd }
      backlog { open meanAge } } }"""
    assert acme.ask(query).data["repository"] == {
        "name": "acme/web",
        "metrics": [{"opened": 5, "closed": 6, "openAtEnd": 0}],
        "backlog": [{"open": 0, "meanAge": None}],
    }


def test_public_queries_keep_their_meaning(acme: Deployment) -> None:
    query = """{ getOrganisationOverview(id: "2026-November/acme") { id openAlerts numberFixed
      numberManuallyClosed totalTimeToRemediate meanTimeToRemediate } }"""
    assert acme.ask(query).data["getOrganisationOverview"] == {
        "id": "2026-11/acme",
        "openAlerts": 1,
        "numberFixed": 5,
        "numberManuallyClosed": 2,
        "totalTimeToRemediate": 70 * DAY_MS,
        "meanTimeToRemediate": 10 * DAY_MS,
    }


def test_metrics_page_lists_these_alerts() -> None:
    text = (ROOT / "docs" / "metrics.md").read_text()
    listed = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in text.partition("| alert | repository |")[2].partition("\n\n")[0].splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    expected = []
    for (
        number,
        repository,
        severity,
        ref,
        tool,
        created,
        closed,
        closed_as,
    ) in worked_example.ALERTS:
        days = (worked_example.at(closed) - worked_example.at(created)).days if closed else ""
        branch = Branch.OTHER if ref is Ref.OTHER else Branch.DEFAULT
        row = (number, repository, severity, branch, tool, *map(_day, (created, closed)))
        expected.append(tuple(str(cell or "") for cell in (*row, closed_as, days)))
    assert listed == expected


def _day(day: tuple[int, int] | None) -> str:
    return "{:02}-{:02}".format(*day) if day else ""
