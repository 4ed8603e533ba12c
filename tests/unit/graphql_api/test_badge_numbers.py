"""The number of a badge is that of the API."""

import json

import pytest

from graphql_api.badges.badge import Badge, Metric
from graphql_api.badges.number import BAD, GOOD, WARNING, duration, number_of
from ingest.terms import Severity
from tests.support.graphql_api.badges import created, fetch
from tests.support.graphql_api.deployment import Deployment

TIMES = "metrics(from: $d, interval: TOTAL, filter: $f) { v: %s }"


@pytest.mark.parametrize("severity", [None, Severity.HIGH])
@pytest.mark.parametrize("subject", ["acme", "acme/web", "Unknown"])
@pytest.mark.parametrize(
    ("metric", "field"),
    [
        (Metric.OPEN, "backlog(filter: $f) { v: open }"),
        (Metric.OVERDUE, "backlog(filter: $f) { v: overdue }"),
        (
            Metric.MEDIAN,
            TIMES % "medianTimeToRemediate(unit: DAYS)",
        ),
        (
            Metric.P90,
            TIMES % "percentileTimeToRemediate(percent: 90, unit: DAYS)",
        ),
    ],
)
def test_number_is_that_of_the_api(
    acme: Deployment, metric: Metric, field: str, subject: str, severity: Severity | None
) -> None:
    days = "$d: Day!, " if "$d" in field else ""
    scope = "repository" if "/" in subject else "organisation"
    query = (
        f"query({days}$f: AlertFilter)"
        f" {{ s: {scope}(name: {json.dumps(subject)}) {{ r: {field} }} }}"
    )
    chosen = {"severity": [severity.name]} if severity else {}
    variables = {"f": chosen, **({"d": "now-364d"} if days else {})}
    (row,) = acme.ask(query, **variables).data["s"]["r"]
    token = created(acme, Badge(metric, subject, severity=severity, days=365))
    message = fetch(acme, f"{token}.json").json["message"]
    if row["v"] is None:
        assert message == "no data"
    elif metric in {Metric.OPEN, Metric.OVERDUE}:
        assert message == str(row["v"])
    else:
        assert message == duration(row["v"])


@pytest.mark.parametrize("severity", [None, Severity.HIGH])
def test_compliance_is_that_of_the_api(acme: Deployment, severity: Severity | None) -> None:
    query = (
        'query($f: AlertFilter) { organisation(name: "acme") { serviceLevels(from: "now-364d",'
        " filter: $f) { due met compliance } } }"
    )
    chosen = {"severity": [severity.name]} if severity else {}
    rows = acme.ask(query, f=chosen).data["organisation"]["serviceLevels"]
    assert (len(rows) == 1) is (severity is not None)
    due, met = (sum(row[name] for row in rows) for name in ("due", "met"))
    token = created(acme, Badge(Metric.COMPLIANCE, "acme", severity=severity, days=365))
    shown = fetch(acme, f"{token}.json").json
    assert due > met > 0
    assert float(shown["message"].removesuffix(" %")) == met * 1_000 // due / 10
    if severity:
        assert rows[0]["compliance"] == round(met / due, 4)
    assert shown["color"] in {GOOD, WARNING, BAD}


def test_no_compliance_without_due_alerts(acme: Deployment) -> None:
    token = created(acme, Badge(Metric.COMPLIANCE, "Unknown"))
    assert fetch(acme, f"{token}.json").json["message"] == "no data"


@pytest.mark.parametrize(
    ("met", "due", "message"),
    [
        *((3, 3, "100 %"), (0, 3, "0 %"), (1, 3, "33.3 %"), (2, 3, "66.6 %")),
        *((9_999, 10_000, "99.9 %"), (29, 100, "29 %"), (57, 100, "57 %"), (1, 8, "12.5 %")),
    ],
)
def test_compliance_is_rounded_down(met: int, due: int, message: str) -> None:
    data = {"scope": {"rows": [{"met": met, "due": due}, {"met": 0, "due": 0}]}}
    assert number_of(Badge(Metric.COMPLIANCE, "octo"), data).message == message
