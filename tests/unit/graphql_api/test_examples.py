"""The example queries: each needs one request with few reads."""

import json
from typing import Any

import pytest

from tests.support.graphql_api.deployment import Deployment
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples" / "queries"
MOST_READS = {
    "00-organisations": 1,
    "01-one-alert": 1,
    "02-trend": 2,
    "03-worst-repositories": 4,
    "04-service-levels": 20,
    "05-old-critical-alerts": 2,
    "06-fixed-this-week": 2,  # no result, so the names in the query are checked
    "07-badge": 4,
    "08-this-month": 4,
    "09-export": 2,
    "10-tools": 3,
    "11-digest": 8,
    "12-months-of-a-repository": 1,
    "13-months-of-an-organisation": 1,
    "14-repositories-of-a-month": 1,
    "15-all-alerts": 1,
    "16-noisy-rules": 5,  # the name, three lists, and the descriptions
    "17-costly-weaknesses": 5,  # no result, so the name in the query is checked
    "18-overdue-alerts": 16,
    "19-cohorts": 2,
}


def ask(deployment: Deployment, name: str, capsys: pytest.CaptureFixture[str]) -> tuple[Any, int]:
    """Return the data of an example, and the number of reads in the log."""
    query = (EXAMPLES / f"{name}.graphql").read_text()
    variables = {"organisation": "acme", "repository": "acme/api", "id": "acme/web/2"}
    capsys.readouterr()
    response = deployment.ask(query, **{k: v for k, v in variables.items() if f"${k}" in query})
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    return response.data, line["reads"]


def test_all_examples_are_tested() -> None:
    assert sorted(MOST_READS) == sorted(file.stem for file in EXAMPLES.glob("*.graphql"))


@pytest.mark.parametrize("name", MOST_READS)
def test_example_needs_few_reads(
    acme: Deployment, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data, reads = ask(acme, name, capsys)
    assert data
    assert reads <= MOST_READS[name]


def test_examples_return_service_levels_ages_and_changes(
    acme: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    levels, _ = ask(acme, "04-service-levels", capsys)
    critical, high, *_ = levels["repository"]["backlog"]
    assert critical == {"group": "CRITICAL", "open": 1, "overdue": 1, "dueWithin": 0}
    assert high == {"group": "HIGH", "open": 2, "overdue": 1, "dueWithin": 0}
    assert [tuple(row.values()) for row in levels["repository"]["serviceLevels"]] == [
        ("CRITICAL", 7, 1, 0, 0, 1, 0.0),
        ("HIGH", 30, 1, 0, 0, 1, 0.0),
        ("MEDIUM", 90, 0, 0, 0, 0, None),
        ("LOW", 180, 0, 0, 0, 0, None),
    ]
    overdue, _ = ask(acme, "18-overdue-alerts", capsys)
    overdue = overdue["organisation"]
    assert [row["overdue"] for row in overdue["backlog"]] == [2, 0]
    assert [row["dueAt"] for row in overdue["alerts"]["data"]] == [
        "2026-10-02T09:00:00.000Z",
        "2026-11-09T09:00:00.000Z",
    ]
    old, _ = ask(acme, "05-old-critical-alerts", capsys)
    (alert,) = old["organisation"]["alerts"]["data"]
    assert (alert["repositoryName"], alert["age"]) == ("acme/api", 60.125)
    digest, _ = ask(acme, "11-digest", capsys)
    assert digest["organisation"]["metrics"][0]["openAtEnd"] == 3
    assert digest["organisation"]["backlog"][0]["group"] == "CRITICAL"
    worst, _ = ask(acme, "03-worst-repositories", capsys)
    assert [row["group"] for row in worst["organisation"]["metrics"]] == ["acme/api", "acme/web"]
