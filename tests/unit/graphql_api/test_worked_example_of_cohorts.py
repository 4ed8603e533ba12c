"""The worked example of the docs: its cohorts and its service levels, calculated by hand."""

import pytest

from tests.support.graphql_api.deployment import Deployment

COHORT = """opened closed openAtEnd netResolveRate mean: meanTimeToRemediate(unit: DAYS)
  median: medianTimeToRemediate(unit: DAYS) p25: percentileTimeToRemediate(percent: 25, unit: DAYS)
  week: shareClosedWithin(days: 7) fortnight: shareClosedWithin(days: 14)
  month: shareClosedWithin(days: 30)"""


def test_alerts_of_1_to_5_november_followed_to_24_november(acme: Deployment) -> None:
    query = f"""{{ organisation(name: "acme") {{
      metrics(from: "2026-11-01", to: "2026-11-05", interval: TOTAL, basis: OPENED) {{
        {COHORT} fixed falsePositive p90TimeToRemediate totalTimeToRemediate(unit: DAYS) }} }} }}"""
    (row,) = acme.ask(query).data["organisation"]["metrics"]
    assert row == {
        "opened": 6,
        "closed": 5,
        "fixed": 4,
        "falsePositive": 1,
        "openAtEnd": 6,
        "netResolveRate": 0.8333,
        "mean": None,
        "totalTimeToRemediate": 20,
        "median": pytest.approx(3.5, rel=0.05),
        "p25": pytest.approx(2, rel=0.05),
        "p90TimeToRemediate": None,
        "week": 0.6667,
        "fortnight": 0.8333,
        "month": None,
    }


def test_cohorts_of_months_since_september(acme: Deployment) -> None:
    query = f"""{{ organisation(name: "acme") {{
      metrics(from: "2026-09-01", basis: OPENED) {{ {COHORT} }} }} }}"""
    rows = acme.ask(query).data["organisation"]["metrics"]
    assert [tuple(row.values()) for row in rows] == [
        (1, 0, 1, 0, None, None, None, 0, 0, 0),
        (4, 3, 3, 0.75, None, None, pytest.approx(17.5, rel=0.05), 0, 0.25, None),
        (6, 5, 3, 0.8333, None, None, None, None, None, None),
    ]


def test_service_levels_of_the_last_90_days(acme: Deployment) -> None:
    fields = "severity targetDays due met late open compliance"
    query = f"""{{ organisation(name: "acme") {{ serviceLevels {{ {fields} }}
      stricter: serviceLevels(targets: [{{severity: LOW, days: 15}}]) {{ {fields} }} }} }}"""
    response = acme.ask(query).data["organisation"]
    assert [tuple(row.values()) for row in response["serviceLevels"]] == [
        ("CRITICAL", 7, 2, 1, 0, 1, 0.5),
        ("HIGH", 30, 2, 1, 0, 1, 0.5),
        ("MEDIUM", 90, 0, 0, 0, 0, None),
        ("LOW", 180, 0, 0, 0, 0, None),
    ]
    assert [tuple(row.values()) for row in response["stricter"]] == [("LOW", 15, 1, 0, 1, 0, 0)]
