"""Details of alerts, rules and CWEs on the deployed stack, against a count of the deliveries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

DAY = timedelta(days=1)
RULES: dict[str, dict[str, Any]] = {
    "js/xss": {
        "description": "Cross-site scripting",
        "tags": ["security", "external/cwe/cwe-079", "external/cwe/cwe-116"],
    },
    "js/sql": {"description": "SQL injection", "tags": ["CWE-89: SQL Injection"]},
}


def deliveries(repository: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield four alerts of two rules: two are fixed, one is a false positive, one is open."""
    created = now.replace(microsecond=0) - 20 * DAY
    for number, rule in enumerate(("js/xss", "js/xss", "js/xss", "js/sql"), 1):
        about = {
            "rule": {"id": rule, "security_severity_level": "high", **RULES[rule]},
            "tool": {"name": "CodeQL", "version": None},
            "most_recent_instance": {"location": {"path": f"src/{number}.js", "start_line": 7}},
        }
        yield payload("created", repository, number, created, **about)
        closed = (created + number * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        if number in {2, 4}:
            fixed = {"fixed_at": closed, "updated_at": closed, "state": "fixed"}
            yield payload("fixed", repository, number, created, **about, **fixed)
        if number == 3:
            dismissed = {"dismissed_at": closed, "dismissed_reason": "false positive"}
            state = {"state": "dismissed"}
            yield payload(
                "closed_by_user", repository, number, created, **about, **dismissed, **state
            )


@pytest.fixture(scope="module")
def organisation(deployment: Deployment) -> str:
    """Return an organisation whose alerts are all recorded."""
    name = f"rules-{uuid4().hex[:8]}"
    url = deployment.url("WebhookUrl")
    for one in deliveries(f"{name}/app", datetime.now(UTC)):
        done = client.deliver(url, secret=deployment.webhook_secret, payload=one)
        assert done.status_code == 202

    def are_recorded() -> bool:
        alerts = ask(deployment, name, "alerts(state: CLOSED) { data { id } }")["alerts"]["data"]
        return len(alerts) == 3

    client.wait_until(are_recorded, seconds=60, what="the alerts to be recorded")
    return name


def ask(deployment: Deployment, organisation: str, fields: str) -> Any:
    query = f'{{ organisation(name: "{organisation}") {{ {fields} }} }}'
    url = deployment.url("GraphqlUrl")
    return client.query_data(url, key=deployment.api_key, query=query)["organisation"]


def test_rules_with_the_most_false_positives(deployment: Deployment, organisation: str) -> None:
    fields = "key description open closed falsePositiveShare"
    found = ask(
        deployment,
        organisation,
        f"rules(orderBy: FALSE_POSITIVE_SHARE, first: 10) {{ {fields} }}",
    )
    assert [list(row.values()) for row in found["rules"]] == [
        ["js/xss", "Cross-site scripting", 1, 2, 0.5],
        ["js/sql", "SQL injection", 0, 1, 0.0],
    ]


def test_cwes_that_take_longest(deployment: Deployment, organisation: str) -> None:
    found = ask(
        deployment,
        organisation,
        "rules(by: CWE, orderBy: MEDIAN_TIME_TO_REMEDIATE) { key closed "
        "medianTimeToRemediate(unit: DAYS) }",
    )
    assert [list(row.values()) for row in found["rules"]] == [
        ["CWE-89", 1, 4.0],
        ["CWE-116", 2, 2.5],  # equal values are ordered by the text of the key
        ["CWE-79", 2, 2.5],
    ]


def test_alerts_of_a_cwe_with_their_details(deployment: Deployment, organisation: str) -> None:
    fields = "alertID ruleDescription ruleTags cwes path line reopenedAt"
    found = ask(
        deployment,
        organisation,
        f'alerts(cwe: ["CWE-116"], state: OPEN) {{ data {{ {fields} }} nextToken }}',
    )
    assert found["alerts"] == {
        "data": [
            {
                "alertID": 1,
                "ruleDescription": "Cross-site scripting",
                "ruleTags": ["external/cwe/cwe-079", "external/cwe/cwe-116", "security"],
                "cwes": ["CWE-79", "CWE-116"],
                "path": "src/1.js",
                "line": 7,
                "reopenedAt": [],
            }
        ],
        "nextToken": None,
    }
