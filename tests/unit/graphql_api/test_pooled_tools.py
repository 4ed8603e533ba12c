"""Tools that a row of all time pools in "(other)": all numbers of a question count them there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.event import AlertEvent
from ingest.terms import ClosedAs
from rollup.metrics import tool_limit
from tests.support.graphql_api.deployment import Deployment, alert, closing, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOOLS = ("CodeQL", "Trivy", None, "rare", "rarer")
REPOSITORIES = ("octo/ant", "octo/bee")
WORLD: list[tuple[AlertEvent, datetime | None]] = [
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
    """Rows of all time name two tools; a row of a day names the one that it has."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        patch.setattr(tool_limit, "MAX_TOOLS", 2)
        for created, closed_at in WORLD:
            deployment.record(created)
            if closed_at is not None:
                deployment.record(closing(created, closed_at, ClosedAs.FIXED))
        deployment.roll_up()
        yield deployment


def counted_under(tool: str | None) -> str:
    return tool_limit.OTHER if tool in {"rare", "rarer"} else tool or ""


def open_before(end: str, scope: str, tool: str) -> int:
    """The definition: created before, and not closed before."""
    moment = datetime.fromisoformat(end)
    return sum(
        created.created_at < moment
        and (closed_at is None or closed_at >= moment)
        and scope in {"octo", created.repository}
        and counted_under(created.tool) == tool
        for created, closed_at in WORLD
    )


def scope_of(octo: Deployment, scope: str, fields: str) -> dict[str, Any]:
    kind = "repository" if "/" in scope else "organisation"
    answer: dict[str, Any] = octo.ask(f'{{ {kind}(name: "{scope}") {{ {fields} }} }}').data[kind]
    return answer


@pytest.mark.parametrize("interval", ["DAY", "WEEK", "MONTH", "TOTAL"])
@pytest.mark.parametrize("scope", ["octo", *REPOSITORIES])
def test_open_alerts_of_pooled_tools_are_right_at_the_end_of_every_interval(
    octo: Deployment, scope: str, interval: str
) -> None:
    window = f'from: "2026-08-10", interval: {interval}'
    answer = scope_of(
        octo,
        scope,
        f"""metrics({window}, groupBy: TOOL) {{ group {FIELDS} }}
        pooled: metrics({window}, filter: {{tool: "(other)"}}) {{ {FIELDS} }}""",
    )
    rows = answer["metrics"]
    assert {row["group"] for row in rows} == {"", "CodeQL", "Trivy", "(other)"}
    for row in rows:
        end, tool = row["periodEnd"], row["group"]
        assert row["openAtEnd"] == open_before(end, scope, tool), row
    others = [row for row in rows if row.pop("group") == "(other)"]
    assert answer["pooled"] == others
    assert sum(row["opened"] for row in others) == sum(
        created.tool in {"rare", "rarer"} and scope in {"octo", created.repository}
        for created, _ in WORLD
    )


def test_groups_by_repository_count_pooled_tools_under_other(octo: Deployment) -> None:
    answer = scope_of(
        octo,
        "octo",
        """metrics(from: "2026-08-10", groupBy: REPOSITORY, filter: {tool: ["(other)", "Trivy"]}) {
        group periodEnd openAtEnd }""",
    )
    for row in answer["metrics"]:
        end, scope = row["periodEnd"], row["group"]
        wanted = sum(open_before(end, scope, tool) for tool in ("(other)", "Trivy"))
        assert row["openAtEnd"] == wanted, row


@pytest.mark.parametrize("scope", ["octo", *REPOSITORIES])
def test_a_filter_by_a_tool_that_may_be_pooled_is_warned_of(octo: Deployment, scope: str) -> None:
    kind = "repository" if "/" in scope else "organisation"
    query = f"""{{ {kind}(name: "{scope}") {{
        metrics(interval: TOTAL, filter: {{tool: ["rare", "Trivy"]}}) {{ opened openAtEnd }}
        backlog(filter: {{tool: ["rare", "Trivy"]}}) {{ open }} }} }}"""
    answer = octo.ask(query)
    (row,) = answer.data[kind]["metrics"]
    assert row["openAtEnd"] == answer.data[kind]["backlog"][0]["open"]
    assert answer.json["extensions"]["warnings"] == [
        {
            "reason": "pooled_tool",
            "message": f'The rows of {scope} do not name the tool "rare". If it has alerts, they '
            'are counted under "(other)".',
            "path": [kind, "metrics"],
            "suggestions": ["(other)"],
        }
    ]
