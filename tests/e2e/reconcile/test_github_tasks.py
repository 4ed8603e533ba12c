"""What the deployed stack does by itself once an App is connected, against the fake GitHub."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.client import wait_until
from infra.local.deployment import Deployment
from infra.local.github.apps.hooks import Trouble
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from infra.local.github.server import serving
from infra.local.github.world import changes
from infra.local.github.world.records import Repository
from ingest.webhooks.connected_apps import ConnectedApp, text_of
from tests.support.command_line import document

pytestmark = pytest.mark.e2e

ALERTS = 120
PAUSE_S = 12
"""Longer than a function of the stack waits for GitHub, so the state machine waits."""


@dataclass
class Connected:
    """The stack, and the fake GitHub with one organisation whose App is connected."""

    deployment: Deployment
    github: GitHub
    repository: Repository

    def run(self, task: str) -> tuple[dict[str, Any], list[str]]:
        """Run a reconciliation to its end; return its `lastRun` and the requests to GitHub."""
        self.github.requests.clear()
        client = self.deployment.client("stepfunctions")
        self.execution = client.start_execution(
            stateMachineArn=self.deployment.outputs["ReconciliationArn"],
            input=json.dumps({"task": task, "waits": True}),
        )["executionArn"]

        def described() -> dict[str, Any]:
            found: dict[str, Any] = client.describe_execution(executionArn=self.execution)
            return found

        wait_until(lambda: described()["status"] != "RUNNING", seconds=240, what="the end")
        ended = described()
        assert ended["status"] == "SUCCEEDED", ended
        (account,) = json.loads(ended["output"])
        last: dict[str, Any] = account["lastRun"]
        return last, [one.replace("/api/v3", "") for one in self.github.requests]

    def seconds(self) -> float:
        """Return how long the last execution took."""
        client = self.deployment.client("stepfunctions")
        ended = client.describe_execution(executionArn=self.execution)
        took: timedelta = ended["stopDate"] - ended["startDate"]
        return took.total_seconds()

    def row(self, number: int) -> dict[str, Any] | None:
        response = self.deployment.client("dynamodb").get_item(
            TableName=self.deployment.outputs["AllEventsTable"],
            Key={
                "repositoryName": {"S": self.repository.full_name.lower()},
                "alertID": {"N": str(number)},
            },
            ConsistentRead=True,
        )
        found: dict[str, Any] | None = response.get("Item")
        return found

    def wait(self, number: int, attribute: str, value: str | None = None) -> None:
        def is_stored() -> bool:
            found = (self.row(number) or {}).get(attribute)
            return found is not None and (value is None or found == {"S": value})

        wait_until(is_stored, seconds=120, what=f"{attribute} of alert {number}")


@pytest.fixture(scope="module")
def connected(deployment: Deployment) -> Iterator[Connected]:
    github = GitHub()
    login = f"acme-{uuid4().hex[:8]}"
    manifest = {
        "name": f"{login} metrics",
        "url": "https://example.test",
        "hook_attributes": {"url": deployment.url("WebhookUrl")},
        "default_events": ["code_scanning_alert", "repository"],
    }
    secrets = deployment.client("secretsmanager")
    secret_id = deployment.outputs["GitHubAppsSecretId"]
    before = secrets.get_secret_value(SecretId=secret_id)["SecretString"]
    with serving(github) as url:
        app = github.registry.register(manifest, github.world.account(login))
        github.registry.install(app, app.owner)
        apps = [
            ConnectedApp(
                api_url=f"{url}/api/v3",
                app_id=app.id,
                slug=app.slug,
                owner=login,
                private_key=app.private_key,
                webhook_secret=app.hook.secret,
            )
        ]
        secrets.put_secret_value(SecretId=secret_id, SecretString=text_of(apps))
        repository = github.world.add_repository(f"{login}/web")
        with github.courier.troubled(Trouble.LOST):
            for number in range(ALERTS):
                changes.create_alert(github.world, repository, at=long_ago(number))
        yield Connected(deployment, github, repository)
    secrets.put_secret_value(SecretId=secret_id, SecretString=before)


def long_ago(minutes: int = 0) -> datetime:
    return datetime.now(UTC) - timedelta(hours=10) + timedelta(minutes=minutes)


def test_reconciliation_finds_what_webhooks_lost(connected: Connected) -> None:
    github, repository = connected.github, connected.repository

    first, _ = connected.run("hourly")
    assert (first["isFirst"], first["drift"]) == (True, {"missing": ALERTS})
    for number in range(1, ALERTS + 1):
        connected.wait(number, "state", "OPEN")

    closed_at = datetime.now(UTC) - timedelta(minutes=5)
    with github.courier.troubled(Trouble.LOST):
        changes.dismiss(github.world, repository, repository.alerts[7], at=closed_at)
    second, _ = connected.run("hourly")
    assert second["drift"] == {"stale": 1}
    connected.wait(7, "state", "CLOSED")

    third, requests = connected.run("hourly")
    assert third["drift"] == {}
    assert 1 <= len(requests) <= 2

    changes.delete_alert(github.world, repository, repository.alerts[9])
    pause = {"retry-after": str(PAUSE_S)}
    github.faults.add(Fault(429, "slow down", pause, path=r".*/code-scanning/alerts"))
    connected.run("weekly")
    assert connected.seconds() > PAUSE_S
    connected.wait(9, "goneAt")


def test_command_starts_a_run_and_prints_its_drift(connected: Connected) -> None:
    (drift,) = document(connected.deployment, "reconcile", "--wait")["drift"].values()
    assert drift == {}


def test_lost_deliveries_are_delivered_again(connected: Connected) -> None:
    github, repository = connected.github, connected.repository
    with github.courier.troubled(Trouble.REFUSED):
        alert = changes.create_alert(github.world, repository)
    assert connected.row(alert.number) is None
    attempts: list[datetime] = []

    def is_stored() -> bool:
        # An attempt can fail, too: a receiver reads the secrets again at most once a minute.
        if not attempts or datetime.now(UTC) - attempts[-1] > timedelta(seconds=20):
            attempts.append(datetime.now(UTC))
            response = connected.deployment.client("lambda").invoke(
                FunctionName=connected.deployment.outputs["RedeliveryFunction"], Payload=b"{}"
            )
            assert json.loads(response["Payload"].read()) == {"apps": 1}
        return (connected.row(alert.number) or {}).get("state") == {"S": "OPEN"}

    wait_until(is_stored, seconds=150, what="the lost delivery")
