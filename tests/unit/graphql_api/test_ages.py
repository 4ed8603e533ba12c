"""Ages of open alerts, compared with the alerts themselves, in milliseconds and by group."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from ingest.events.alert_event import AlertEvent
from ingest.terms import Branch, ClosedAs, Ref, Severity
from rollup.metrics import tool_limit
from tests.support.graphql_api.deployment import Deployment, Response, alert, closing, deployed

NOW = datetime(2026, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
REPOSITORIES = ("octo/ant", "octo/bee", "octo/cat")
TOOLS = ("CodeQL", "Trivy", None, "rare")
DAYS = (0, 1, 2, 7, 23, 24, 30, 3_650)
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
            severity=list(Severity)[number % 2],
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
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
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


def older(scope: str, days: int, group: str | None, by: str | None, index: int) -> int:
    """Return the number of alerts that are open and were created more than `days` days ago."""
    return sum(
        is_open
        and NOW - event.created_at > timedelta(days=days)
        and scope in {"octo", event.repository}
        and GROUPS[by](event) == group
        and FILTERS[index][1](event)
        for event, is_open in ALERTS
    )


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("scope", ["octo", "octo/cat"])
@pytest.mark.parametrize("index", range(len(FILTERS)))
def test_older_than_counts_days_of_24_hours(
    octo: Deployment, by: str | None, scope: str, index: int
) -> None:
    kind = "repository" if "/" in scope else "organisation"
    fields = " ".join(f"d{days}: olderThan(days: {days})" for days in DAYS)
    response = octo.ask(
        f"""query ($by: GroupBy, $filter: AlertFilter) {{ {kind}(name: "{scope}") {{
        backlog(groupBy: $by, filter: $filter) {{ group {fields} }} }} }}""",
        by=by,
        filter=FILTERS[index][0],
    )
    rows = response.data[kind]["backlog"]
    assert rows
    for row, days in product(rows, DAYS):
        assert row[f"d{days}"] == older(scope, days, row["group"], by, index), (row, days)


def reads(response: Response, capsys: pytest.CaptureFixture[str]) -> int:
    assert response.data
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    return int(line["reads"])


def test_index_is_read_only_if_edge_day_has_open_alerts(
    octo: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    query = """query ($days: Int!) { organisation(name: "octo") { backlog { olderThan(days: $days)
      again: olderThan(days: $days) } } }"""
    capsys.readouterr()
    assert reads(octo.ask(query, days=5), capsys) == 2
    assert reads(octo.ask(query, days=7), capsys) == 3


def test_edge_at_midnight_reads_no_alerts(
    octo: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = int(datetime(2026, 11, 25, tzinfo=UTC).timestamp()) * 1_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: midnight)
    query = '{ organisation(name: "octo") { backlog { olderThan(days: 8) } } }'
    capsys.readouterr()
    assert reads(octo.ask(query), capsys) == 2
