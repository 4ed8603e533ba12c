"""Service levels, backlogs and overdue alerts of random histories, compared with a recount."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.instant import from_text, to_ms, to_text
from ingest.terms import Severity
from rollup.metrics.period import midnight_ms
from rollup.metrics.window import intervals
from rollup.rows.contribution import AlertContribution
from rollup.service_levels.due_alerts import DueCounts
from rollup.service_levels.targets import DAY_MS, targets_text
from tests.integration.graphql_api.test_cohorts_of_histories import (
    NOW,
    Query,
    random_query,
    record_history,
)
from tests.support.graphql_api.deployment import Deployment, deployed
from tests.unit.rollup.recount import group_of, selected
from tests.unit.rollup.test_due_alerts import recount

TARGETS = {Severity.CRITICAL: 7, Severity.LOW: 30}
NOW_MS = to_ms(NOW)
SCOPES = (("organisation", "octo"), ("repository", "octo/cat"))


@pytest.fixture
def octo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    monkeypatch.setattr("time.time_ns", lambda: NOW_MS * 1_000_000)
    with deployed(monkeypatch, SERVICE_LEVELS=targets_text(TARGETS)) as deployment:
        yield deployment


@pytest.mark.parametrize("seed", range(2))
def test_due_alerts_of_random_histories_equal_a_recount(octo: Deployment, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    alerts = record_history(octo, dice)
    for _ in range(25):
        query = random_query(dice)._replace(closed_as=())
        kind, name = dice.choice(SCOPES)
        own = [one for one in alerts if name in {"octo", one.repository}]
        chosen = selected(own, query.selection)
        document = f"""{{ scope: {kind}(name: "{name}") {{
          serviceLevels({arguments(query)}) {{
            periodStart group severity targetDays due met late open compliance }}
          backlog({groups(query)}) {{
            group open overdue soon: dueWithin(days: 5) old: olderThan(days: 12) medianAge }}
          alerts(state: OPEN, overdue: true, filter: {{{filters(query)}}}) {{
            data {{ id dueAt overdue }} }} }} }}"""
        found = octo.ask(document).data["scope"]
        check_service_levels(found["serviceLevels"], query, chosen)
        for row in found["backlog"]:
            check_backlog(row, of_group(chosen, query, row["group"]))
        due = [one for one in chosen if one.closed_ms is None and due_ms(one) < NOW_MS]
        assert all(row["overdue"] for row in found["alerts"]["data"])
        listed = [from_text(row["dueAt"]) for row in found["alerts"]["data"]]
        assert sorted(listed) == sorted(map(due_ms, due))


def check_service_levels(
    rows: list[dict[str, Any]], query: Query, chosen: list[AlertContribution]
) -> None:
    windows = {
        to_text(midnight_ms(one.first)): one for one in intervals(query.window, query.interval)
    }
    total = 0
    for row in rows:
        severity = Severity(row["severity"])
        alerts = [one for one in of_group(chosen, query, row["group"]) if one.severity is severity]
        counts = recount(alerts, windows[row["periodStart"]], TARGETS[severity])
        assert (row["due"], row["met"], row["late"], row["open"]) == counts[:4]
        share = counts.compliance
        assert row["compliance"] == (None if share is None else round(share, 4))
        assert row["targetDays"] == TARGETS[severity]
        total += counts.due
    # No group with a due alert is missing.
    expected = DueCounts.total(
        recount([one], query.window, TARGETS[one.severity]) for one in chosen
    )
    assert total == expected.due


def check_backlog(row: dict[str, Any], alerts: list[AlertContribution]) -> None:
    still_open = [one for one in alerts if one.closed_ms is None]
    ages = sorted(NOW_MS - one.created_ms for one in still_open)
    assert row["open"] == len(still_open)
    assert row["overdue"] == sum(due_ms(one) < NOW_MS for one in still_open)
    assert row["soon"] == sum(0 <= due_ms(one) - NOW_MS <= 5 * DAY_MS for one in still_open)
    assert row["old"] == sum(age > 12 * DAY_MS for age in ages)
    middle = ages[(len(ages) - 1) // 2 : len(ages) // 2 + 1]
    median = sum(middle) / len(middle) if middle else None
    assert row["medianAge"] == (None if median is None else pytest.approx(median, rel=0.05))


def of_group(
    chosen: list[AlertContribution], query: Query, group: str | None
) -> list[AlertContribution]:
    return [one for one in chosen if group_of(one, query.selection) == group]


def due_ms(alert: AlertContribution) -> int:
    return alert.created_ms + TARGETS[alert.severity] * DAY_MS


def arguments(query: Query) -> str:
    days = f'from: "{query.window.first}", to: "{query.window.last}"'
    return f"{days}, interval: {query.interval}, {groups(query)}"


def groups(query: Query) -> str:
    selection = query.selection
    group_by = f"groupBy: {selection.group_by}, " if selection.group_by else ""
    return f"{group_by}filter: {{{filters(query)}}}"


def filters(query: Query) -> str:
    return query.text.partition("filter: {")[2].partition("}")[0]
