"""Groups by team and filters by facts: random histories against a plain recount of the alerts.

Between the queries, repositories change hands, topics, visibility, and whether they are archived.
"""

import fnmatch
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from typing import Any

import pytest

from graphql_api.repositories import alert_filter
from graphql_api.selection import subject
from ingest.terms import ClosedAs, Severity, Visibility
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed, forget

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORIES = [f"acme/{name}" for name in ("web", "api", "demo-a", "demo-b", "old", "x", "bare")]
BARE = "acme/bare"
"""A repository about which GitHub did not report anything."""
TEAMS = ("core", "Growth", "pay")
TOPICS = ("a", "b", "c")
DAY = timedelta(days=1)
SETTINGS = ("property:team", "topic:team-")
ROUNDS = 24
TARGETS = {Severity.HIGH: 30, Severity.LOW: 180}


@dataclass(frozen=True)
class Alert:
    id: str
    repository: str
    severity: Severity
    created: datetime
    closed: datetime | None

    @property
    def due(self) -> datetime:
        return self.created + TARGETS[self.severity] * DAY

    def is_open_at(self, when: datetime) -> bool:
        return self.created < when and (self.closed is None or self.closed >= when)


@dataclass
class World:
    """The alerts and the present facts, as plain values."""

    deployment: Deployment
    alerts: list[Alert]
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    setting: str = "property:team"
    clock: Iterator[int] = field(default_factory=count)

    def change(self, choose: random.Random, repository: str) -> None:
        """Report other facts of a repository."""
        topics = {topic for topic in TOPICS if choose.random() < 0.4}
        topics |= {f"team-{choose.choice(TEAMS).lower()}"} if choose.random() < 0.7 else set()
        team = choose.choice((*TEAMS, None))
        self.facts[repository] = {
            "visibility": choose.choice(list(Visibility)),
            "archived": choose.choice((True, False)),
            "topics": tuple(sorted(topics)),
            "properties": (("team", (team,)),) if team else (),
        }
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=next(self.clock))
        self.deployment.report(repository, seen_at=at, **self.facts[repository])
        # What GitHub does not report stays as it was.
        self.known_visibility[repository] = self.facts[repository][
            "visibility"
        ] or self.known_visibility.get(repository)

    known_visibility: dict[str, Visibility | None] = field(default_factory=dict)

    def use(self, setting: str) -> None:
        """Deploy with this setting `team`."""
        if setting != self.setting:
            self.setting = os.environ["TEAM"] = setting
            forget()

    def team_of(self, repository: str) -> str:
        known = self.facts.get(repository, {})
        if self.setting == "property:team":
            return next((values[0] for _, values in known.get("properties", ())), "")
        return next((t[5:] for t in known.get("topics", ()) if t.startswith("team-")), "")

    def meets(self, repository: str, condition: dict[str, Any]) -> bool:
        known = self.facts.get(repository, {})
        wanted = [
            "repository" not in condition or repository in condition["repository"],
            "team" not in condition or self.team_of(repository) in condition["team"],
            "topic" not in condition or set(condition["topic"]) & set(known.get("topics", ())),
            "visibility" not in condition or known.get("visibility") in condition["visibility"],
            condition.get("archived") in {None, known.get("archived", False)},
            not any(
                fnmatch.fnmatchcase(repository, one) for one in condition.get("notRepository", ())
            ),
        ]
        return all(wanted)

    def selected(self, condition: dict[str, Any]) -> list[Alert]:
        severities = condition.get("severity", list(Severity))
        return [
            one
            for one in self.alerts
            if one.severity in severities and self.meets(one.repository, condition)
        ]


def history(choose: random.Random) -> list[Alert]:
    numbers = dict.fromkeys(REPOSITORIES, 0)
    found = []
    for _ in range(45):
        repository = choose.choice(REPOSITORIES)
        numbers[repository] += 1
        created = NOW - choose.randint(1, 100) * DAY - timedelta(minutes=choose.randint(1, 600))
        closed = created + choose.randint(1, 60) * DAY
        found.append(
            Alert(
                id=f"{repository}/{numbers[repository]}",
                repository=repository,
                severity=choose.choice((Severity.HIGH, Severity.LOW)),
                created=created,
                closed=closed if closed < NOW and choose.random() < 0.7 else None,
            )
        )
    return found


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    choose = random.Random(12)  # noqa: S311
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        alerts = history(choose)
        for one in alerts:
            name, _, number = one.id.rpartition("/")
            event = alert(
                int(number), repository=name, severity=one.severity, created_at=one.created
            )
            deployment.record(event)
            if one.closed:
                deployment.record(closing(event, one.closed, ClosedAs.FIXED))
        deployment.roll_up()
        yield World(deployment, alerts)


def random_condition(choose: random.Random) -> dict[str, Any]:
    options: dict[str, Any] = {
        "severity": [Severity.HIGH],
        "repository": choose.sample(REPOSITORIES, 3),
        "team": choose.choice((["core"], ["core", ""], ["Growth", "growth"], [""])),
        "topic": choose.sample(TOPICS, 2),
        "visibility": choose.sample(list(Visibility), choose.randint(1, 2)),
        "archived": choose.choice((True, False)),
        "notRepository": choose.choice((["acme/demo-*"], ["acme/web", "acme/*a*"], ["*/x"])),
    }
    chosen = choose.sample(sorted(options), choose.choice((0, 1, 1, 1, 2, 3)))
    return {name: options[name] for name in chosen}


def literal(value: object) -> str:
    """Return a value as GraphQL."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        members = [f"{name}: {literal(one)}" for name, one in value.items()]
        return f"{{{', '.join(members)}}}"
    return value.name if isinstance(value, Enum) else json.dumps(value)


def midnight(text: str) -> datetime:
    return datetime.fromisoformat(text)


def group_of(world: World, one: Alert, group_by: str | None) -> str | None:
    match group_by:
        case "TEAM":
            return world.team_of(one.repository)
        case "REPOSITORY":
            return one.repository
        case "SEVERITY":
            return one.severity.value
    return None


def check_metrics(
    world: World, alerts: list[Alert], group_by: str | None, rows: list[dict[str, Any]]
) -> None:
    groups = {group_of(world, one, group_by) for one in alerts} if group_by else {None}
    assert {row["group"] for row in rows} <= groups
    first = min(midnight(row["periodStart"]) for row in rows) if rows else NOW
    for group in groups:
        own = [one for one in alerts if group_of(world, one, group_by) == group]
        found = [row for row in rows if row["group"] == group]
        is_shown = any(
            (one.created >= first) or one.closed is None or one.closed >= first for one in own
        )
        if rows:
            assert bool(found) == (is_shown or not group_by)
        for row in found:
            start, end = midnight(row["periodStart"]), midnight(row["periodEnd"])
            closed = [one for one in own if one.closed and start <= one.closed < end]
            assert row["opened"] == sum(start <= one.created < end for one in own)
            assert row["closed"] == len(closed)
            assert row["openAtEnd"] == sum(one.is_open_at(end) for one in own)
            times = [(one.closed - one.created) / DAY for one in closed if one.closed]
            mean = sum(times) / len(times) if times else None
            assert row["mean"] == (None if mean is None else pytest.approx(mean, abs=1e-3))


def check_cohorts(
    world: World, alerts: list[Alert], group_by: str | None, rows: list[dict[str, Any]]
) -> None:
    for row in rows:
        start, end = midnight(row["periodStart"]), midnight(row["periodEnd"])
        own = [one for one in alerts if group_of(world, one, group_by) == row["group"]]
        opened = [one for one in own if start <= one.created < end]
        assert row["opened"] == len(opened)
        assert row["closed"] == sum(one.closed is not None for one in opened)


def check_backlog(
    world: World,
    condition: dict[str, Any],
    group_by: str | None,
    rows: list[dict[str, Any]],
) -> None:
    alerts = world.selected(condition)
    open_now = [one for one in alerts if one.closed is None]
    groups: set[str | None] = {group_of(world, one, group_by) for one in alerts}
    if group_by in {"TEAM", "REPOSITORY"}:
        known = [one for one in world.alerts if world.meets(one.repository, condition)]
        groups = {group_of(world, one, group_by) for one in known}
    assert {row["group"] for row in rows} == (groups if group_by else {None})
    for row in rows:
        own = [one for one in open_now if group_of(world, one, group_by) == row["group"]]
        assert row["open"] == len(own)
        assert row["olderThan"] == sum(NOW - one.created > 30 * DAY for one in own)
        assert row["overdue"] == sum(one.due < NOW for one in own)
        mean = sum((NOW - one.created) / DAY for one in own) / len(own) if own else None
        assert row["meanAge"] == (None if mean is None else pytest.approx(mean, abs=1e-3))


def check_service_levels(
    world: World, alerts: list[Alert], group_by: str | None, rows: list[dict[str, Any]]
) -> None:
    for row in rows:
        start, end = midnight(row["periodStart"]), midnight(row["periodEnd"])
        due = [
            one
            for one in alerts
            if group_of(world, one, group_by) == row["group"]
            and one.severity.value == row["severity"]
            and start <= one.due < end
        ]
        assert row["due"] == len(due)
        assert row["met"] == sum(one.closed is not None and one.closed <= one.due for one in due)
        assert row["open"] == sum(one.closed is None for one in due)
    start = min((midnight(row["periodStart"]) for row in rows), default=NOW)
    end = max((midnight(row["periodEnd"]) for row in rows), default=NOW)
    due_in_window = sum(start <= one.due < end for one in alerts)
    assert sum(row["due"] for row in rows) == due_in_window


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_numbers_equal_a_recount_by_present_facts(
    world: World, round_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = random.Random(round_number)  # noqa: S311
    for repository in REPOSITORIES:
        if repository != BARE:
            world.change(choose, repository)
    world.use(SETTINGS[round_number * len(SETTINGS) // ROUNDS])
    if choose.random() < 0.5:
        # Two repositories are many, so that the requests are those of large organisations.
        monkeypatch.setattr(subject, "KEYS_PER_READ", 1)
        monkeypatch.setattr(alert_filter, "MOST_NAMES", 1)

    condition = random_condition(choose)
    group_by = choose.choice((None, "TEAM", "TEAM", "TEAM", "REPOSITORY", "SEVERITY"))
    scope = 'organisation(name: "acme")'
    within = world.alerts
    if choose.random() < 0.2:
        one = choose.choice(REPOSITORIES)
        scope = f'repository(name: "{one}")'
        within = [alert for alert in world.alerts if alert.repository == one]
    filters = f"filter: {literal(condition)}"
    groups = f"groupBy: {group_by}," if group_by else ""
    interval, since = choose.choice(
        (("DAY", "now-20d"), ("WEEK", "now-5w/w"), ("MONTH", "now-3M/M"), ("TOTAL", "now-40d"))
    )
    query = f"""{{ scope: {scope} {{
      metrics(from: "{since}", interval: {interval}, {groups} {filters}) {{ group periodStart
        periodEnd opened closed openAtEnd mean: meanTimeToRemediate(unit: DAYS) }}
      cohorts: metrics(basis: OPENED, from: "{since}", interval: {interval}, {groups} {filters}) {{
        group periodStart periodEnd opened closed }}
      backlog({groups} {filters}) {{ group open overdue olderThan(days: 30)
        meanAge(unit: DAYS) }}
      serviceLevels({groups} {filters}) {{ group severity periodStart periodEnd due met open }}
      rules({filters}) {{ open }}
      alerts({filters}, limit: 1000) {{ data {{ id }} nextToken }}
      open: alerts(state: OPEN, {filters}, limit: 1000) {{ data {{ id }} nextToken }} }} }}"""
    response = world.deployment.ask(query).data["scope"]

    whole = world.alerts
    world.alerts = within
    try:
        alerts = world.selected(condition)
        check_metrics(world, alerts, group_by, response["metrics"])
        check_backlog(world, condition, group_by, response["backlog"])
        check_cohorts(world, alerts, group_by, response["cohorts"])
        check_service_levels(world, alerts, group_by, response["serviceLevels"])
    finally:
        world.alerts = whole
    open_now = sum(one.closed is None for one in alerts)
    assert sum(row["open"] for row in response["rules"]) == open_now
    ids = {one["id"] for one in response["alerts"]["data"]}
    assert ids == {one.id for one in alerts}
    assert {one["id"] for one in response["open"]["data"]} == {
        one.id for one in alerts if one.closed is None
    }
