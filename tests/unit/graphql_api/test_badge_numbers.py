"""The number of a badge is that of the API."""

import json

import pytest

from graphql_api.badges.badge import Badge, Metric
from graphql_api.badges.number import BAD, GOOD, WARNING, duration
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


def test_compliance_is_that_of_the_api(acme: Deployment) -> None:
    query = (
        '{ organisation(name: "acme") { serviceLevels(from: "now-364d",'
        " filter: {severity: [HIGH]}) { compliance } } }"
    )
    (row,) = acme.ask(query).data["organisation"]["serviceLevels"]
    token = created(acme, Badge(Metric.COMPLIANCE, "acme", severity=Severity.HIGH, days=365))
    shown = fetch(acme, f"{token}.json").json
    assert row["compliance"] is not None
    assert abs(float(shown["message"].removesuffix(" %")) - 100 * row["compliance"]) < 0.1
    assert shown["color"] in {GOOD, WARNING, BAD}
