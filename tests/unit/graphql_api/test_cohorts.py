"""Metrics with the basis OPENED: filters, groups, ranking and changes."""

from typing import Any

import pytest

from tests.support.graphql_api.deployment import Deployment

FIRST_DAYS = 'from: "2026-11-01", to: "2026-11-05", interval: TOTAL, basis: OPENED'


def rows(deployment: Deployment, arguments: str, fields: str) -> list[tuple[Any, ...]]:
    query = f'{{ organisation(name: "acme") {{ metrics({arguments}) {{ {fields} }} }} }}'
    found = deployment.ask(query).data["organisation"]["metrics"]
    return [tuple(row.values()) for row in found]


def test_basis_is_that_of_closings_by_default(acme: Deployment) -> None:
    fields = "periodStart opened closed week: shareClosedWithin(days: 7) medianTimeToRemediate"
    assert rows(acme, 'from: "2026-09-01"', fields) == rows(
        acme, 'from: "2026-09-01", basis: CLOSED', fields
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # Alerts 1, 2 and 5.
        ('repository: "acme/web", severity: [CRITICAL, HIGH]', (3, 3, 0.6667, 4.6667)),
        ("branch: OTHER", (1, 1, 1, 1)),
        ('tool: "Trivy"', (1, 0, 0, None)),
        ("severity: LOW", (0, 0, None, None)),
    ],
)
def test_filter_selects_alerts_of_the_cohort(
    acme: Deployment, condition: str, expected: tuple[Any, ...]
) -> None:
    fields = "opened closed shareClosedWithin(days: 7) meanTimeToRemediate(unit: DAYS)"
    assert rows(acme, f"{FIRST_DAYS}, filter: {{{condition}}}", fields) == [expected]


def test_alerts_closed_in_other_ways_count_as_the_last(acme: Deployment) -> None:
    """Of alerts 1, 2, 4, 5, 7 and 11, alert 5 is not fixed, and alert 7 is open."""
    fields = """opened closed falsePositive week: shareClosedWithin(days: 7)
      median: medianTimeToRemediate(unit: DAYS)"""
    expected = (6, 4, 1, 0.5, pytest.approx((5 + 10) / 2, rel=0.05))
    assert rows(acme, f"{FIRST_DAYS}, closedAs: FIXED", fields) == [expected]


def test_groups_are_cohorts_of_their_own(acme: Deployment) -> None:
    fields = "group opened closed openAtEnd week: shareClosedWithin(days: 7)"
    assert rows(acme, f"{FIRST_DAYS}, groupBy: SEVERITY", fields) == [
        ("CRITICAL", 1, 1, 1, 1),
        ("HIGH", 3, 2, 2, 0.3333),
        ("MEDIUM", 1, 1, 1, 1),
        ("LOW", 0, 0, 1, None),
        ("WARNING", 1, 1, 1, 1),
    ]
    assert rows(acme, f"{FIRST_DAYS}, groupBy: REPOSITORY", fields) == [
        ("acme/api", 1, 0, 3, 0),
        ("acme/web", 5, 5, 3, 0.8),
    ]


@pytest.mark.parametrize("by", ["OPENED", "CLOSED", "MEAN_TIME_TO_REMEDIATE", "OPEN_AT_END"])
@pytest.mark.parametrize("interval", ["TOTAL", "WEEK"])
def test_repositories_are_ranked_by_their_cohorts(acme: Deployment, by: str, interval: str) -> None:
    window = f'from: "2026-11-01", to: "2026-11-05", interval: {interval}, basis: OPENED'
    found = rows(acme, f"{window}, groupBy: REPOSITORY, top: {{groups: 1, by: {by}}}", "group")
    assert set(found) == {("acme/api" if by == "OPEN_AT_END" else "acme/web",)}


def test_cohort_is_compared_with_that_of_the_same_earlier_days(acme: Deployment) -> None:
    """1 to 5 November: 6 opened, 5 closed. 1 to 5 October: alerts 3 and 9, both closed."""
    fields = """opened: change(of: OPENED) closed: change(of: CLOSED)
      mean: change(of: MEAN_TIME_TO_REMEDIATE) median: change(of: MEDIAN_TIME_TO_REMEDIATE)"""
    month = rows(acme, FIRST_DAYS, fields)
    assert month == [(2, 1.5, None, pytest.approx(3.5 / 20 - 1, abs=0.05))]


def test_day_that_is_not_over_has_no_statistics(acme: Deployment) -> None:
    fields = "opened medianTimeToRemediate meanTimeToRemediate shareClosedWithin(days: 1)"
    assert rows(acme, 'from: "now/M", interval: TOTAL, basis: OPENED', fields) == [
        (6, None, None, None)
    ]
