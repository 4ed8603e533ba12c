"""Service levels, backlogs and overdue alerts of the deployed stack, recounted from its alerts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

TARGETS = {"CRITICAL": 7, "HIGH": 30, "MEDIUM": 90, "LOW": 180}
NUMBERS = (1, 2, 5, 6, 9, 10, 11, 15)
"""The alerts of each repository. Their numbers decide their severity, age and time to closing."""
LIST = """query ($name: String!, $overdue: Boolean, $state: AlertState) {
  organisation(name: $name) { alerts(limit: 1000, state: $state, overdue: $overdue) { data {
    repositoryName severity state createdAt closedAt dueAt overdue } } } }"""
N1 = """query ($name: String!) { organisation(name: $name) {
  serviceLevels(from: "now-1Q/Q", to: "now", groupBy: REPOSITORY) {
    group severity targetDays due met late open compliance } } }"""
N2 = """query ($name: String!) { repository(name: $name) { lastEventAt
  serviceLevels(filter: {severity: CRITICAL}) { due compliance }
  backlog(filter: {severity: CRITICAL}) { open overdue dueWithin(days: 3) } } }"""
N8 = """query ($name: String!) { organisation(name: $name) {
  worst: backlog(groupBy: REPOSITORY, top: {groups: 1, by: OVERDUE}) {
    group open overdue medianAge(unit: DAYS) } } }"""


def deliveries(owner: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield payloads of two repositories: alerts of all ages, most of them closed later."""
    for index, repository in enumerate((f"{owner}/web", f"{owner}/api")):
        for number in NUMBERS:
            created = now - timedelta(days=number * 9 + index * 4, hours=number)
            yield payload("created", repository, number, created)
            closed = created + timedelta(days=number * 5 % 37)
            if number % 3 and closed < now:
                at = closed.strftime("%Y-%m-%dT%H:%M:%SZ")
                times = {"fixed_at": at, "updated_at": at, "state": "fixed"}
                yield payload("fixed", repository, number, created, **times)


@pytest.fixture(scope="module")
def owner(deployment: Deployment) -> str:
    """An organisation whose alerts are all counted in the overviews."""
    name = f"due-{uuid4().hex[:8]}"
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    sent = list(deliveries(name, datetime.now(UTC)))
    for one in sent:
        assert client.deliver(url, secret=secret, payload=one).status_code == 202
    fixed = sum(one["action"] == "fixed" for one in sent)
    query = """query ($name: String!) { organisation(name: $name) {
      metrics(from: "now-299d", interval: TOTAL) { opened fixed } } }"""

    def settled() -> bool:
        found = ask(deployment, query, name)["organisation"]["metrics"]
        return bool(found == [{"opened": 2 * len(NUMBERS), "fixed": fixed}])

    client.wait_until(settled, seconds=180, what="the overviews to contain the alerts")
    return name


def ask(deployment: Deployment, query: str, name: str, **variables: Any) -> dict[str, Any]:
    url, key = deployment.url("GraphqlUrl"), deployment.api_key
    return client.query_data(url, key=key, query=query, variables={"name": name, **variables})


def alerts(deployment: Deployment, owner: str, **variables: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(deployment, LIST, owner, **variables)["organisation"][
        "alerts"
    ]["data"]
    return found


def due_at(alert: dict[str, Any]) -> datetime | None:
    days = TARGETS.get(alert["severity"])
    created = datetime.fromisoformat(alert["createdAt"])
    return None if days is None else created + timedelta(days=days)


def test_service_levels_equal_a_recount_of_the_alerts(deployment: Deployment, owner: str) -> None:
    listed = alerts(deployment, owner)
    today = datetime.now(UTC).date()
    quarter = (today.month - 1) // 3 * 3 + 1
    first = (today.replace(month=quarter, day=1) - timedelta(days=1)).replace(day=1)
    first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    rows = ask(deployment, N1, owner)["organisation"]["serviceLevels"]
    for row in rows:
        due = [
            (at, one["closedAt"])
            for one in listed
            if (one["repositoryName"], one["severity"]) == (row["group"], row["severity"])
            if (at := due_at(one)) is not None and first <= at.date() <= today
        ]
        closed = [(at, closed_at) for at, closed_at in due if closed_at]
        met = sum(datetime.fromisoformat(closed_at) <= at for at, closed_at in closed)
        counts = (len(due), met, len(closed) - met, len(due) - len(closed))
        assert (row["due"], row["met"], row["late"], row["open"]) == counts, row
        assert row["compliance"] == (round(met / len(due), 4) if due else None)
    assert {row["group"] for row in rows} == {f"{owner}/api", f"{owner}/web"}
    assert all(sum(row[kind] for row in rows) for kind in ("met", "late", "open"))


def test_overdue_alerts_are_listed_and_counted(deployment: Deployment, owner: str) -> None:
    still_open = [one for one in alerts(deployment, owner) if one["state"] == "OPEN"]
    overdue = alerts(deployment, owner, state="OPEN", overdue=True)
    others = alerts(deployment, owner, state="OPEN", overdue=False)
    assert overdue
    assert others
    assert len(overdue) + len(others) == len(still_open)
    assert all(one["overdue"] and one["dueAt"] for one in overdue)
    assert not any(one["overdue"] for one in others)
    for repository in ("web", "api"):
        critical = [
            one
            for one in still_open
            if (one["repositoryName"], one["severity"]) == (f"{owner}/{repository}", "CRITICAL")
        ]
        (row,) = ask(deployment, N2, f"{owner}/{repository}")["repository"]["backlog"]
        assert (row["open"], row["overdue"]) == (len(critical), sum(x["overdue"] for x in critical))
    by_repository = {
        name: sum(one["repositoryName"] == name for one in overdue)
        for name in (f"{owner}/api", f"{owner}/web")
    }
    (worst,) = ask(deployment, N8, owner)["organisation"]["worst"]
    assert worst["overdue"] == max(by_repository.values()) == by_repository[worst["group"]]
    assert worst["medianAge"] > 0
