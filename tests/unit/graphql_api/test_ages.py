"""Ages and due times of open alerts, compared with the alerts themselves, by group."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from math import ceil, floor
from typing import Any

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.selection.ages import open_alerts
from ingest.events.alert_event import AlertEvent
from ingest.terms import Branch, ClosedAs, Ref, Severity
from rollup.metrics import tool_limit
from rollup.service_levels.targets import targets_text
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed
from tests.support.graphql_api.dynamodb_rules import checked

NOW = datetime(2026, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
REPOSITORIES = ("octo/ant", "octo/bee", "octo/cat")
TOOLS = ("CodeQL", "Trivy", None, "rare")
TARGETS = {Severity.CRITICAL: 7, Severity.HIGH: 23}
DAYS = (0, 1, 2, 7, 23, 24, 30, 3_650)
SOON = (0, 7, 16, 400)
PERCENTS = (1, 20, 50, 66, 90, 99)
MEASURES = (("OPEN", "open"), ("OVERDUE", "overdue"), ("MEAN_AGE", "meanAge"))
SINCE = (
    timedelta(0),
    timedelta(hours=3),
    timedelta(days=1),
    *(timedelta(days=days) + step * MILLISECOND for days in (1, 7, 23) for step in (-1, 0, 1)),
    timedelta(days=7, hours=6),
    timedelta(days=7, hours=-6),
    timedelta(days=23, hours=11),
    timedelta(days=30, hours=20),
    timedelta(days=400),
)
"""The ages of the alerts: close to an edge, on the day of an edge, on the first day of a month."""


def aged_alerts() -> list[tuple[AlertEvent, bool]]:
    """Return alerts of three repositories, and whether each is open."""
    found = []
    for number, since in enumerate([one for one in SINCE for _ in range(5)], 1):
        created = alert(
            number,
            repository=REPOSITORIES[number % 3],
            severity=list(Severity)[number // 2 % 3],
            tool=TOOLS[number % 4],
            ref=Ref.OTHER if number % 5 == 0 else Ref.DEFAULT,
            created_at=NOW - since,
        )
        found.append((created, number % 7 != 0))
    return found


ALERTS = aged_alerts()


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield a deployment with one tool more than a row can name, so "rare" is pooled."""
    levels = {"SERVICE_LEVELS": targets_text(TARGETS)}
    with pytest.MonkeyPatch.context() as patch, deployed(patch, **levels) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp() * 1_000) * 1_000_000)
        patch.setattr(tool_limit, "MAX_TOOLS", 2)
        for created, is_open in ALERTS:
            deployment.record(created)
            if not is_open:
                deployment.record(closing(created, NOW, ClosedAs.FIXED))
        deployment.roll_up()
        yield deployment


def tool_of(event: AlertEvent) -> str:
    return {None: "", "rare": tool_limit.OTHER}.get(event.tool, str(event.tool))


GROUPS: dict[str | None, Callable[[AlertEvent], str | None]] = {
    None: lambda _: None,
    "SEVERITY": lambda event: event.severity,
    "TOOL": tool_of,
    "BRANCH": lambda event: Branch.OTHER if event.ref is Ref.OTHER else Branch.DEFAULT,
    "REPOSITORY": lambda event: event.repository,
}
FILTERS: tuple[tuple[dict[str, Any], Callable[[AlertEvent], bool]], ...] = (
    ({}, lambda _: True),
    ({"severity": "HIGH"}, lambda event: event.severity is Severity.HIGH),
    ({"tool": [""]}, lambda event: event.tool is None),
    ({"tool": ["", "Trivy"]}, lambda event: event.tool in {None, "Trivy"}),
    ({"tool": ["(other)", "Trivy"]}, lambda event: event.tool in {"rare", "Trivy"}),
    ({"branch": "DEFAULT"}, lambda event: event.ref is Ref.DEFAULT),
    ({"repository": list(REPOSITORIES[1:])}, lambda event: event.repository in REPOSITORIES[1:]),
)


def selected(scope: str, group: str | None, by: str | None, index: int) -> list[AlertEvent]:
    """Return the open alerts of a group."""
    return [
        event
        for event, is_open in ALERTS
        if is_open
        and scope in {"octo", event.repository}
        and GROUPS[by](event) == group
        and FILTERS[index][1](event)
    ]


def older(events: list[AlertEvent], days: int) -> int:
    """Return the number of alerts that were created more than `days` days ago."""
    return sum(NOW - event.created_at > timedelta(days=days) for event in events)


def due(events: list[AlertEvent]) -> list[datetime]:
    """Return the due times of the alerts that have one."""
    return [
        event.created_at + timedelta(days=TARGETS[event.severity])
        for event in events
        if event.severity in TARGETS
    ]


def percentile_days(events: list[AlertEvent], percent: float) -> float | None:
    """Return the percentile of the ages as `percentile_cont` of SQL defines it."""
    ages = sorted((NOW - event.created_at) / timedelta(days=1) for event in events)
    if not ages:
        return None
    rank = (len(ages) - 1) * percent / 100
    low, high = ages[floor(rank)], ages[ceil(rank)]
    return low + (high - low) * (rank - floor(rank))


@pytest.mark.parametrize(
    ("scope", "by", "index"),
    [
        *product(["octo"], ["TOOL", "REPOSITORY"], range(len(FILTERS))),
        *product(["octo"], [None, "SEVERITY", "BRANCH"], [0, 1, 6]),
        *product(["octo/cat"], GROUPS, [0, 4]),
    ],
)
def test_ages_and_due_times_equal_those_of_the_alerts(
    octo: Deployment, scope: str, by: str | None, index: int
) -> None:
    kind = "repository" if "/" in scope else "organisation"
    fields = "open overdue medianAge(unit: DAYS)"
    fields += "".join(f" d{days}: olderThan(days: {days})" for days in DAYS)
    fields += "".join(f" w{days}: dueWithin(days: {days})" for days in SOON)
    fields += "".join(f" p{one}: percentileAge(percent: {one}, unit: DAYS)" for one in PERCENTS)
    response = octo.ask(
        f"""query ($by: GroupBy, $filter: AlertFilter) {{ {kind}(name: "{scope}") {{
        backlog(groupBy: $by, filter: $filter) {{ group {fields} }} }} }}""",
        by=by,
        filter=FILTERS[index][0],
    )
    rows = response.data[kind]["backlog"]
    assert rows
    for row in rows:
        events = selected(scope, row["group"], by, index)
        assert row["open"] == len(events)
        assert row["overdue"] == sum(at < NOW for at in due(events))
        assert row["medianAge"] == about(percentile_days(events, 50))
        for percent in PERCENTS:
            assert row[f"p{percent}"] == about(percentile_days(events, percent))
        for days in DAYS:
            assert row[f"d{days}"] == older(events, days)
        for days in SOON:
            soon = [at for at in due(events) if NOW <= at <= NOW + timedelta(days=days)]
            assert row[f"w{days}"] == len(soon)


def about(days: float | None) -> object:
    return None if days is None else pytest.approx(days, rel=0.05, abs=1e-4)


@pytest.mark.parametrize("by", ["TOOL", "REPOSITORY"])
@pytest.mark.parametrize(("measure", "field"), MEASURES)
@pytest.mark.parametrize("groups", [2, 10])
def test_top_returns_the_largest_groups_with_their_values(
    octo: Deployment, by: str, measure: str, field: str, groups: int
) -> None:
    response = octo.ask(
        f"""query ($by: GroupBy, $groups: Int!) {{ organisation(name: "octo") {{
        all: backlog(groupBy: $by) {{ ...Row }}
        top: backlog(groupBy: $by, top: {{groups: $groups, by: {measure}}}) {{ ...Row }} }} }}
        fragment Row on Backlog {{ group open overdue olderThan(days: 7) meanAge
          percentileAge(percent: 80) }}""",
        by=by,
        groups=groups,
    )
    found = response.data["organisation"]
    largest = sorted(found["all"], key=lambda row: -(row[field] or 0))[:groups]
    ages = [row.pop("percentileAge") for row in largest]
    assert [row.pop("percentileAge") for row in found["top"]] == pytest.approx(ages, rel=0.1)
    assert found["top"] == largest


def test_top_requires_groups(octo: Deployment) -> None:
    query = '{ organisation(name: "octo") { backlog(top: {groups: 3, by: OPEN}) { open } } }'
    assert octo.ask(query).reasons == ["bad_top"]


def test_repositories_of_other_organisations_are_not_counted(octo: Deployment) -> None:
    octo.record(alert(1, repository="other/dog", created_at=NOW - timedelta(days=50)))
    octo.roll_up()
    query = """{ organisation(name: "octo") { backlog(filter: {repository: ["other/dog"]}) {
      open overdue medianAge olderThan(days: 1) } } }"""
    row = {"open": 0, "overdue": 0, "medianAge": None, "olderThan": 0}
    assert octo.ask(query).data["organisation"]["backlog"] == [row]


def reads(deployment: Deployment, query: str, **variables: int) -> int:
    """Return the number of reads that a query takes, without that of the API key."""
    client = query_handler._service().context_of(Access("tests")).reader.client
    with checked(client) as operations:
        assert deployment.ask(query, **variables).data
    return len([one for one in operations if one != "GetItem"])


def test_many_repositories_are_read_with_those_of_their_organisation(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """{ organisation(name: "octo") { backlog(groupBy: SEVERITY,
      filter: {repository: ["octo/bee", "octo/cat"]}) { group open overdue medianAge } } }"""
    one_by_one = octo.ask(query)
    monkeypatch.setattr(open_alerts, "_FEW_READS", 1)
    assert octo.ask(query).data == one_by_one.data
    # The rows of the repositories, the row of the organisation, and its alerts.
    assert reads(octo, query) == 3


def test_index_is_read_only_if_edge_day_has_open_alerts(octo: Deployment) -> None:
    query = """query ($days: Int!) { organisation(name: "octo") { backlog { olderThan(days: $days)
      again: olderThan(days: $days) } } }"""
    assert reads(octo, query, days=5) == 2
    assert reads(octo, query, days=7) == 3


def test_edge_at_midnight_reads_no_alerts(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = int(datetime(2026, 11, 25, tzinfo=UTC).timestamp()) * 1_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: midnight)
    query = '{ organisation(name: "octo") { backlog { olderThan(days: 8) } } }'
    assert reads(octo, query) == 2
