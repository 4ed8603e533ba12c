"""The field `serviceLevels`: rows by due date, their groups and order, and wrong arguments."""

from typing import Any

import pytest

from graphql_api.reading import budget
from tests.support.graphql_api.deployment import Deployment, Response

FIELDS = "severity targetDays due met late open compliance"
Row = dict[str, Any]


def ask(deployment: Deployment, arguments: str = "", *, fields: str = FIELDS) -> Response:
    """Send a query for the service levels of acme."""
    given = f"({arguments})" if arguments else ""
    levels = f"serviceLevels{given} {{ {fields} }}"
    return deployment.ask(f'{{ organisation(name: "acme") {{ {levels} }} }}')


def levels(deployment: Deployment, arguments: str = "", *, fields: str = FIELDS) -> list[Row]:
    """Return the service levels of acme."""
    rows: list[Row] = ask(deployment, arguments, fields=fields).data["organisation"][
        "serviceLevels"
    ]
    return rows


def values(rows: list[Row]) -> list[tuple[Any, ...]]:
    """Return the values of the fields of each row."""
    return [tuple(row.values()) for row in rows]


def test_targets_of_the_query_replace_those_of_the_deployment(acme: Deployment) -> None:
    own = "targets: [{severity: LOW, days: 15}, {severity: CRITICAL, days: 1}]"
    assert values(levels(acme, own)) == [
        ("CRITICAL", 1, 2, 0, 1, 1, 0.0),
        ("LOW", 15, 1, 0, 1, 0, 0.0),
    ]


def test_alert_counts_on_its_due_day(acme: Deployment) -> None:
    rows = levels(acme, 'from: "2026-11-07", interval: DAY, filter: {severity: [CRITICAL, HIGH]}')
    assert [row["severity"] for row in rows[:3]] == ["CRITICAL", "HIGH", "CRITICAL"]
    days = [(index // 2 + 7, row["severity"]) for index, row in enumerate(rows) if row["due"]]
    assert days == [(8, "CRITICAL"), (9, "HIGH")]


def test_rows_of_months_and_groups(acme: Deployment) -> None:
    rows = levels(
        acme,
        'from: "2026-10-01", interval: MONTH, groupBy: REPOSITORY, filter: {severity: CRITICAL}',
        fields="periodStart periodEnd group due met open",
    )
    october = ("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z")
    november = ("2026-11-01T00:00:00.000Z", "2026-11-25T00:00:00.000Z")
    assert values(rows) == [
        (*october, "acme/api", 1, 0, 1),
        (*october, "acme/web", 0, 0, 0),
        (*november, "acme/api", 0, 0, 0),
        (*november, "acme/web", 1, 1, 0),
    ]


def test_groups_by_severity_have_one_row_each(acme: Deployment) -> None:
    rows = levels(acme, "groupBy: SEVERITY", fields="group severity due")
    assert values(rows) == [("CRITICAL", "CRITICAL", 2), ("HIGH", "HIGH", 2)]


def test_top_ranks_groups_over_the_window(acme: Deployment) -> None:
    for interval in ("TOTAL", "WEEK"):
        arguments = f"interval: {interval}, groupBy: REPOSITORY, top: {{groups: 1, by: NOT_MET}}"
        rows = levels(acme, arguments, fields="group")
        assert {row["group"] for row in rows} == {"acme/api"}


def test_interval_that_is_not_over_counts_alerts_that_are_due_later(acme: Deployment) -> None:
    # Alerts 2, 5 and 7 are due in the first days of December.
    rows = levels(acme, 'from: "now/M", to: "2026-12-31", filter: {severity: HIGH}')
    assert values(rows) == [("HIGH", 30, 5, 3, 0, 2, 0.6)]


def test_severity_without_target_has_no_row(acme: Deployment) -> None:
    assert levels(acme, "filter: {severity: WARNING}") == []


def test_repository_without_its_own_name_in_the_filter_has_zeros(acme: Deployment) -> None:
    query = """{ repository(name: "acme/api") { serviceLevels(
      filter: {repository: "acme/web", severity: HIGH}) { due open } } }"""
    assert acme.ask(query).data["repository"]["serviceLevels"] == [{"due": 0, "open": 0}]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('from: "2026-11-25", to: "2026-11-26"', "bad_date"),
        ('from: "now-1d", to: "now-2d"', "bad_date"),
        ("targets: []", "empty_list"),
        ("targets: [{severity: HIGH, days: 31}]", "bad_days"),
        ("targets: [{severity: HIGH, days: 7}, {severity: HIGH, days: 7}]", "bad_targets"),
        ("top: {groups: 1, by: DUE}", "bad_top"),
        ("groupBy: TOOL, top: {groups: 0, by: DUE}", "bad_top"),
        ('from: "2000-01-01", interval: DAY', "too_many_rows"),
    ],
)
def test_invalid_arguments_have_a_stable_reason(
    acme: Deployment, arguments: str, reason: str
) -> None:
    assert ask(acme, arguments).reasons == [reason]


def test_rows_of_groups_are_limited(acme: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "ROWS_PER_REQUEST", 60)
    assert ask(acme, "interval: WEEK").data
    assert ask(acme, "interval: WEEK, groupBy: REPOSITORY").reasons == ["too_many_rows"]
