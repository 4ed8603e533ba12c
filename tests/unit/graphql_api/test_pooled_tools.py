"""Tools that the row for all time pools under "(other)" are counted there in all numbers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.events.alert_event import AlertEvent
from ingest.terms import ClosedAs
from rollup.metrics import tool_limit
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOOLS = ("CodeQL", "Trivy", None, "rare", "rarer")
REPOSITORIES = ("octo/ant", "octo/bee")
ALERTS: list[tuple[AlertEvent, datetime | None]] = [
    (
        alert(
            number,
            repository=REPOSITORIES[number % 2],
            tool=TOOLS[number % 5],
            created_at=NOW - (110 - 3 * number) * DAY,
        ),
        NOW - (100 - 3 * number) * DAY if number % 3 == 0 else None,
    )
    for number in range(1, 31)
]
"""Every alert, and when it was closed."""

FIELDS = "periodEnd opened closed openAtEnd change(of: OPEN_AT_END)"


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield rows for all time that name two tools, and daily rows that name their only tool."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        patch.setattr(tool_limit, "MAX_TOOLS", 2)
        for created, closed_at in ALERTS:
            deployment.record(created)
            if closed_at is not None:
                deployment.record(closing(created, closed_at, ClosedAs.FIXED))
        deployment.roll_up()
        yield deployment


def counted_under(tool: str | None) -> str:
    return tool_limit.OTHER if tool in {"rare", "rarer"} else tool or ""


def open_before(end: str, scope: str, tool: str) -> int:
    """Return the number of alerts created but not closed before a time."""
    moment = datetime.fromisoformat(end)
    return sum(
        created.created_at < moment
        and (closed_at is None or closed_at >= moment)
        and scope in {"octo", created.repository}
        and counted_under(created.tool) == tool
        for created, closed_at in ALERTS
    )


def scope_of(octo: Deployment, scope: str, fields: str) -> dict[str, Any]:
    kind = "repository" if "/" in scope else "organisation"
    response: dict[str, Any] = octo.ask(f'{{ {kind}(name: "{scope}") {{ {fields} }} }}').data[kind]
    return response


@pytest.mark.parametrize("interval", ["DAY", "WEEK", "MONTH", "TOTAL"])
@pytest.mark.parametrize("scope", ["octo", *REPOSITORIES])
def test_open_alerts_of_pooled_tools_at_end_of_interval(
    octo: Deployment, scope: str, interval: str
) -> None:
    window = f'from: "2026-08-10", interval: {interval}'
    response = scope_of(
        octo,
        scope,
        f"""metrics({window}, groupBy: TOOL) {{ group {FIELDS} }}
        pooled: metrics({window}, filter: {{tool: "(other)"}}) {{ {FIELDS} }}""",
    )
    rows = response["metrics"]
    assert {row["group"] for row in rows} == {"", "CodeQL", "Trivy", "(other)"}
    for row in rows:
        end, tool = row["periodEnd"], row["group"]
        assert row["openAtEnd"] == open_before(end, scope, tool), row
    others = [row for row in rows if row.pop("group") == "(other)"]
    assert response["pooled"] == others
    assert sum(row["opened"] for row in others) == sum(
        created.tool in {"rare", "rarer"} and scope in {"octo", created.repository}
        for created, _ in ALERTS
    )


def test_groups_by_repository_count_pooled_tools_under_other(octo: Deployment) -> None:
    response = scope_of(
        octo,
        "octo",
        """metrics(from: "2026-08-10", groupBy: REPOSITORY, filter: {tool: ["(other)", "Trivy"]}) {
        group periodEnd openAtEnd }""",
    )
    for row in response["metrics"]:
        end, scope = row["periodEnd"], row["group"]
        wanted = sum(open_before(end, scope, tool) for tool in ("(other)", "Trivy"))
        assert row["openAtEnd"] == wanted, row


@pytest.mark.parametrize("scope", ["octo", *REPOSITORIES])
def test_filter_by_pooled_tool_has_warning(octo: Deployment, scope: str) -> None:
    kind = "repository" if "/" in scope else "organisation"
    query = f"""{{ {kind}(name: "{scope}") {{
        metrics(interval: TOTAL, filter: {{tool: ["rare", "Trivy"]}}) {{ opened openAtEnd }}
        backlog(filter: {{tool: ["rare", "Trivy"]}}) {{ open }} }} }}"""
    response = octo.ask(query)
    (row,) = response.data[kind]["metrics"]
    assert row["openAtEnd"] == response.data[kind]["backlog"][0]["open"]
    assert response.json["extensions"]["warnings"] == [
        {
            "reason": "pooled_tool",
            "message": f'The rows of {scope} do not name the tool "rare". If it has alerts, they '
            'are counted under "(other)".',
            "path": [kind, "metrics"],
            "suggestions": ["(other)"],
        }
    ]
