"""The questions of teams, asked of the deployed stack, against a recount of GitHub's alerts.

A fake GitHub has the alerts of half a year in four repositories of two teams; the command of the
documentation reads them. The recount uses only what GitHub's lists return.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from infra.local.github.forms import alerts as forms
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import history
from infra.local.github.world.history import Past
from tests.support.command_line import gcsmttr
from tests.support.grafana.checks import (
    TABLES,
    check_cards,
    check_overdue_alerts,
    check_series,
    check_table,
)
from tests.support.grafana.panels import INTERVALS, VARIABLES, Viewer

pytestmark = pytest.mark.e2e

DAY = timedelta(days=1)
ALERTS_EACH = 40
TEAMS = {"repo-000": "red", "repo-001": "red", "repo-002": "blue", "repo-003": ""}
ARCHIVED = "repo-002"
TARGETS = {"CRITICAL": 7, "HIGH": 30, "MEDIUM": 90, "LOW": 180}
REASONS = {
    "false positive": "FALSE_POSITIVE",
    "won't fix": "WONT_FIX",
    "used in tests": "USED_IN_TESTS",
    None: "DISMISSED",
}
CWES = {
    "py/sql-injection": "CWE-89",
    "js/xss": "CWE-79",
    "java/weak-crypto": "CWE-327",
    "py/clear-text-log": "CWE-532",
}


@dataclass(frozen=True)
class Listed:
    """An alert as GitHub lists it."""

    repository: str
    number: int
    severity: str
    rule: str
    created: datetime
    closed: datetime | None
    closed_as: str | None

    @property
    def team(self) -> str:
        return TEAMS[self.repository.partition("/")[2]]

    @property
    def due(self) -> datetime | None:
        days = TARGETS.get(self.severity)
        return None if days is None else self.created + days * DAY

    def is_overdue(self, now: datetime) -> bool:
        return self.closed is None and self.due is not None and self.due < now

    @property
    def days_open(self) -> float:
        assert self.closed is not None
        return (self.closed - self.created) / DAY


@dataclass(frozen=True)
class Asked:
    """The organisation in the stack, and its alerts as GitHub lists them."""

    deployment: Deployment
    name: str
    alerts: tuple[Listed, ...]

    def __call__(self, query: str, **variables: Any) -> Any:
        url, key = self.deployment.url("GraphqlUrl"), self.deployment.api_key
        return client.query_data(url, key=key, query=query, variables=variables)

    def organisation(self, fields: str, **variables: Any) -> Any:
        declared = "".join(f", ${name}: String" for name in variables)
        query = f"query ($o: String!{declared}) {{ organisation(name: $o) {{ {fields} }} }}"
        return self(query, o=self.name, **variables)["organisation"]

    def count(self, is_counted: Callable[[Listed], bool]) -> int:
        return sum(map(is_counted, self.alerts))


def listed(alert: dict[str, Any], repository: str) -> Listed:
    rule = alert["rule"]
    severity = rule.get("security_severity_level") or rule["severity"] or "none"
    closed = None
    if alert["state"] != "open":
        closed = alert["dismissed_at"] or alert["fixed_at"] or alert["updated_at"]
    closed_as = {
        "open": None,
        "fixed": "FIXED",
        "dismissed": REASONS.get(alert["dismissed_reason"]),
    }
    return Listed(
        repository,
        alert["number"],
        severity.upper(),
        rule["id"],
        datetime.fromisoformat(alert["created_at"]),
        closed and datetime.fromisoformat(closed),
        closed_as[alert["state"]],
    )


@pytest.fixture(scope="module")
def asked(deployment: Deployment) -> Asked:
    """Fill a fake GitHub, read it with the command, and wait until all alerts are counted."""
    github, name = GitHub(), f"teams-{uuid4().hex[:8]}"
    repositories = history.fill(
        github.world, name, Past(repositories=len(TEAMS), alerts=ALERTS_EACH, days=180, seed=3)
    )
    for one in repositories:
        if team := TEAMS[one.name]:
            one.properties["team"] = team
        if one.name == ARCHIVED:
            one.archived = True
    with serving(github) as url:
        found = tuple(
            listed(dict(forms.listed(alert, one, github.addresses)), one.full_name)
            for one in repositories
            for alert in one.alerts.values()
            if alert.ref is None
        )
        token = github.registry.user_token(github.world.account("octocat"))
        backfill = ("backfill", "--organisation", name, "--api-url", url)
        done = gcsmttr(deployment, *backfill, token=token)
        assert done.returncode == 0, done.stderr
    asked = Asked(deployment, name, found)
    closed = asked.count(lambda one: one.closed is not None)
    expected = {
        "backlog": [{"open": len(found) - closed}],
        "metrics": [{"opened": len(found), "closed": closed}],
    }
    fields = 'backlog { open } metrics(from: "now-1y", interval: TOTAL) { opened closed }'

    def is_counted() -> bool:
        return bool(asked.organisation(fields) == expected)

    client.wait_until(is_counted, seconds=240, what="the overviews to contain every alert")
    return asked


def last_quarter(today: date) -> tuple[date, date]:
    """Return the first day of the last quarter, and the first day after it."""
    end = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    month = (end.month - 4) % 12 + 1
    return date(end.year - (end.month == 1), month, 1), end


def about(number: float | None) -> Any:
    return None if number is None else pytest.approx(number, rel=0.05, abs=0.01)


def shares(alerts: Iterable[Listed], days: int) -> float:
    found = list(alerts)
    met = sum(one.closed is not None and one.closed - one.created <= days * DAY for one in found)
    return met / len(found)


def test_service_levels_of_last_quarter_by_team(asked: Asked) -> None:
    rows = asked.organisation(
        'serviceLevels(from: "now-1Q/Q", to: "now-1Q/Q", groupBy: TEAM)'
        " { group severity targetDays due met late open compliance }"
    )["serviceLevels"]
    first, end = last_quarter(datetime.now(UTC).date())
    for row in rows:
        due = [
            one
            for one in asked.alerts
            if one.due is not None
            and (one.team, one.severity) == (row["group"], row["severity"])
            and first <= one.due.date() < end
        ]
        closed = [one for one in due if one.closed is not None]
        met = sum(one.days_open <= row["targetDays"] for one in closed)
        counted = (len(due), met, len(closed) - met, len(due) - len(closed))
        assert (row["due"], row["met"], row["late"], row["open"]) == counted, row
        assert row["compliance"] == (round(met / len(due), 4) if due else None)
    assert {row["group"] for row in rows} == {"red", "blue", ""}
    assert sum(row["due"] for row in rows) > 10


def test_gate_of_a_repository(asked: Asked) -> None:
    repository, now = f"{asked.name}/repo-000", datetime.now(UTC)
    query = """query ($r: String!) { repository(name: $r) { lastEventAt
      serviceLevels(filter: {severity: CRITICAL}) { due compliance }
      backlog(filter: {severity: CRITICAL}) { overdue dueWithin(days: 3) } } }"""
    found = asked(query, r=repository)["repository"]
    critical = [
        one for one in asked.alerts if (one.repository, one.severity) == (repository, "CRITICAL")
    ]
    first = now.date() - 89 * DAY
    due = [one for one in critical if one.due and first <= one.due.date() <= now.date()]
    (level,) = found["serviceLevels"]
    assert level["due"] == len(due)
    assert sum(row["overdue"] for row in found["backlog"]) == sum(
        one.is_overdue(now) for one in critical
    )
    assert found["lastEventAt"]


def test_overdue_alerts_oldest_first(asked: Asked) -> None:
    fields = """alerts(state: OPEN, overdue: true, sortDirection: asc, nextToken: $t) { data {
      repositoryName alertURL severity ruleDescription cwes path line dueAt age(unit: DAYS) }
      nextToken }"""
    token, found = None, []
    while True:
        page = asked.organisation(fields, t=token)["alerts"]
        found += page["data"]
        if (token := page["nextToken"]) is None:
            break
    now = datetime.now(UTC)
    expected = [one for one in asked.alerts if one.is_overdue(now)]
    assert Counter(one["severity"] for one in found) == Counter(one.severity for one in expected)
    ages = [one["age"] for one in found]
    assert ages == sorted(ages, reverse=True)
    assert all(one["path"] and one["line"] and one["ruleDescription"] for one in found)
    assert {cwe for one in found for cwe in one["cwes"]} == {
        CWES[one.rule] for one in expected if one.rule in CWES
    }


def test_teams_with_most_overdue_alerts(asked: Asked) -> None:
    rows = asked.organisation(
        "backlog(groupBy: TEAM, top: {groups: 10, by: OVERDUE}, filter: {archived: false})"
        " { group open overdue medianAge(unit: DAYS) }"
    )["backlog"]
    now = datetime.now(UTC)
    assert {row["group"] for row in rows} == {"red", ""}
    assert [row["overdue"] for row in rows] == sorted(row["overdue"] for row in rows)[::-1]
    for row in rows:
        still_open = [
            one
            for one in asked.alerts
            if one.team == row["group"] and one.closed is None and ARCHIVED not in one.repository
        ]
        assert row["open"] == len(still_open)
        assert row["overdue"] == sum(one.is_overdue(now) for one in still_open)
        assert row["medianAge"] == about(median((now - one.created) / DAY for one in still_open))


def test_cohorts_by_month_of_creation(asked: Asked) -> None:
    rows = asked.organisation(
        "metrics(basis: OPENED) { periodStart opened closed medianTimeToRemediate(unit: DAYS)"
        " week: shareClosedWithin(days: 7) month: shareClosedWithin(days: 30) }"
    )["metrics"]
    now, finished = datetime.now(UTC), 0
    for row in rows:
        start = row["periodStart"][:7]
        cohort = [one for one in asked.alerts if f"{one.created:%Y-%m}" == start]
        assert row["opened"] == len(cohort)
        assert row["closed"] == sum(one.closed is not None for one in cohort)
        if cohort and max(one.created for one in cohort) + 31 * DAY < now:
            finished += 1
            assert row["week"] == pytest.approx(shares(cohort, 7), abs=1e-4)
            assert row["month"] == pytest.approx(shares(cohort, 30), abs=1e-4)
    assert finished > 2


def test_noisy_rules_and_costly_weaknesses(asked: Asked) -> None:
    found = asked.organisation(
        """noise: rules(from: "now-1y", orderBy: FALSE_POSITIVE_SHARE, first: 10)
          { key description open closed falsePositiveShare }
        cwes: rules(from: "now-1y", by: CWE, orderBy: MEDIAN_TIME_TO_REMEDIATE)
          { key closed medianTimeToRemediate(unit: DAYS) }"""
    )
    for row in found["noise"]:
        of_rule = [one for one in asked.alerts if one.rule == row["key"]]
        closed = [one for one in of_rule if one.closed]
        false = sum(one.closed_as == "FALSE_POSITIVE" for one in closed)
        assert (row["open"], row["closed"]) == (len(of_rule) - len(closed), len(closed))
        assert row["falsePositiveShare"] == (round(false / len(closed), 4) if closed else None)
    assert {row["key"] for row in found["noise"]} == {one.rule for one in asked.alerts}
    for row in found["cwes"]:
        times = [
            one.days_open for one in asked.alerts if CWES.get(one.rule) == row["key"] and one.closed
        ]
        assert row["closed"] == len(times)
        assert row["medianTimeToRemediate"] == pytest.approx(median(times), abs=1e-3)


def test_digest_leaves_out_archived_and_named_repositories(asked: Asked) -> None:
    found = asked.organisation(
        f"""metrics(from: "now-1w/w", to: "now-1w/w", interval: TOTAL,
            filter: {{archived: false, notRepository: ["{asked.name}/*-003"]}}) {{
          opened closed net openedBefore: before(of: OPENED) closedBefore: before(of: CLOSED) }}
        worst: backlog(groupBy: REPOSITORY, top: {{groups: 3, by: OVERDUE}}) {{ group overdue }}"""
    )
    now = datetime.now(UTC)
    monday = now.date() - now.weekday() * DAY
    kept = [one for one in asked.alerts if one.repository.endswith(("-000", "-001"))]

    def numbers(first: date) -> tuple[int, int]:
        days = {first + number * DAY for number in range(7)}
        return (
            sum(one.created.date() in days for one in kept),
            sum(one.closed is not None and one.closed.date() in days for one in kept),
        )

    (row,) = found["metrics"]
    opened, closed = numbers(monday - 7 * DAY)
    assert (row["opened"], row["closed"], row["net"]) == (opened, closed, opened - closed)
    assert (row["openedBefore"], row["closedBefore"]) == numbers(monday - 14 * DAY)
    overdue = Counter(one.repository for one in asked.alerts if one.is_overdue(now))
    assert [one["overdue"] for one in found["worst"]] == [n for _, n in overdue.most_common(3)]


def test_number_of_githubs_own_overview(asked: Asked) -> None:
    (row,) = asked.organisation(
        """metrics(from: "now-29d", interval: TOTAL,
          closedAs: [FIXED, WONT_FIX, USED_IN_TESTS, MITIGATED, DISMISSED],
          filter: {branch: DEFAULT, severity: [CRITICAL, HIGH, MEDIUM, LOW]})
        { closed meanTimeToRemediate(unit: DAYS) }"""
    )["metrics"]
    first = datetime.now(UTC).date() - 29 * DAY
    times = [
        one.days_open
        for one in asked.alerts
        if one.closed and one.closed.date() >= first
        if one.closed_as != "FALSE_POSITIVE" and one.severity in TARGETS
    ]
    assert row["closed"] == len(times)
    assert row["meanTimeToRemediate"] == pytest.approx(sum(times) / len(times), abs=1e-3)


def test_key_shows_its_access_and_the_targets(asked: Asked) -> None:
    found = asked(
        "{ access { name organisations expiresAt } serviceLevelTargets { severity days } }"
    )
    assert found["access"]["organisations"] is None
    assert {row["severity"]: row["days"] for row in found["serviceLevelTargets"]} == TARGETS


def test_panels_of_grafana(asked: Asked) -> None:
    now = datetime.now(UTC)

    def ask(body: dict[str, Any]) -> dict[str, Any]:
        url, key = asked.deployment.url("GraphqlUrl"), asked.deployment.api_key
        answer: dict[str, Any] = client.post_query(url, key=key, **body).json()
        return answer

    viewer = Viewer(ask=ask, organisation=asked.name, start=now - 89 * DAY, end=now)
    organisations = viewer.frame_of(VARIABLES["organisation"]["query"]["infinityQuery"])["name"]
    assert asked.name in organisations
    assert check_cards(viewer)["Open"] == asked.count(lambda one: one.closed is None)
    for title in TABLES:
        assert any(check_table(viewer, title).values()), title
    assert check_overdue_alerts(viewer)["Alert"]
    opened = asked.count(lambda one: one.created.date() >= viewer.start.date())
    for interval in INTERVALS:
        flow = check_series(replace(viewer, interval=interval))["Opened and closed"]
        assert sum(flow["Opened"]) == opened
