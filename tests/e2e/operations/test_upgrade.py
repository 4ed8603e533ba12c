"""The present version is deployed over the previous one while webhooks and queries arrive."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from infra.local import client
from infra.local.deployment import Deployment, deploy
from tests.support import previous_version
from tests.support.command_line import gcsmttr
from tests.support.deployed_stack import (
    closed_and_open,
    depths,
    quiet,
    recorded,
    send_all,
    settled,
    wait,
)
from tests.support.meta_server import MetaServer
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

OWNER = "upgraded"
REPOSITORIES = tuple(f"{OWNER}/{name}" for name in ("api", "app", "web"))
CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)
STACK = {"stackName": "Upgraded"}
SUMS = 'metrics(interval: TOTAL, from: "2026-03-01") { opened closed }'
COHORT = (
    'metrics(from: "2026-03-01", to: "2026-03-31", interval: TOTAL, basis: OPENED)'
    " { opened closed shareClosedWithin(days: 7) }"
)


class Traffic:
    """New alerts, every second one of which is fixed after three days, and queries."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._numbers = count(1)
        self._stop = Event()
        self.alerts = 0
        self.fixed = 0
        self.statuses: list[int] = []

    def deliver(self, alerts: int) -> None:
        """Deliver some alerts, then the closings of every second one of them."""
        created = [
            (REPOSITORIES[number % len(REPOSITORIES)], number)
            for number in (next(self._numbers) for _ in range(alerts))
        ]
        fixed = created[::2]
        send_all(self._deployment, (payload("created", *alert, CREATED) for alert in created))
        times: dict[str, Any] = {
            "fixed_at": "2026-03-05T09:00:00Z",
            "updated_at": "2026-03-05T09:00:00Z",
        }
        send_all(
            self._deployment,
            (payload("fixed", *alert, CREATED, state="fixed", **times) for alert in fixed),
        )
        self.alerts += len(created)
        self.fixed += len(fixed)

    def run(self) -> None:
        """Deliver and query until `stop`."""
        while not self._stop.is_set():
            self.deliver(4)
            self.statuses.append(query(self._deployment, SUMS).status_code)

    def stop(self) -> None:
        self._stop.set()


def query(deployment: Deployment, field: str) -> Any:
    return client.post_query(
        deployment.url("GraphqlUrl"),
        key=deployment.api_key,
        query=f'{{ organisation(name: "{OWNER}") {{ {field} }} }}',
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return previous_version.check_out(tmp_path_factory.mktemp("previous"))


def test_each_row_is_exact_after_an_upgrade_under_traffic(
    deployment: Deployment, meta: MetaServer, checkout: Path, tmp_path: Path
) -> None:
    endpoint, old = deployment.endpoint, tmp_path / "old"
    before = deploy(endpoint, meta_url=meta.url, folder=old, settings=STACK, root=checkout)
    traffic = Traffic(before)
    traffic.deliver(60)
    wait(lambda: settled(before, OWNER), "the sums of the previous version")

    with ThreadPoolExecutor(1) as pool:
        delivering = pool.submit(traffic.run)
        try:
            after = deploy(endpoint, meta_url=meta.url, folder=tmp_path / "new", settings=STACK)
        finally:
            traffic.stop()
        delivering.result()

    assert after.url("WebhookUrl") == before.url("WebhookUrl")
    assert traffic.alerts > 60
    assert set(traffic.statuses) == {200}
    wait(lambda: settled(after, OWNER), "the sums of all deliveries")
    assert closed_and_open(after, OWNER) == (traffic.fixed, traffic.alerts - traffic.fixed)
    # The previous version did not count by creation, so only the repair completes the cohorts.
    (error,) = query(after, COHORT).json()["errors"]
    assert error["extensions"]["reason"] == "incomplete_cohorts"
    assert gcsmttr(after, "verify", "--all").returncode == 1
    repaired = gcsmttr(after, "repair", "--all")
    assert repaired.returncode == 0, repaired.stderr
    assert_exact(after, traffic)

    # During a deployment, a function of the previous version can read rows of the present one.
    counted = closed_and_open(after, OWNER)
    run_queue_handlers(after, code_of=old)
    traffic.deliver(12)
    wait(lambda: recorded(after) and not quiet(after), "messages to the previous version")
    for _ in range(10):
        assert closed_and_open(after, OWNER) == counted
        assert not quiet(after)
        sleep(1)
    run_queue_handlers(after, code_of=tmp_path / "new")
    assert_exact(after, traffic)


def assert_exact(deployment: Deployment, traffic: Traffic) -> None:
    """Wait for the sums of all deliveries, and compare each row with a recount."""
    wait(lambda: settled(deployment, OWNER), "the sums of all deliveries")
    assert depths(deployment, dead=True) == 0
    assert closed_and_open(deployment, OWNER) == (traffic.fixed, traffic.alerts - traffic.fixed)
    verified = gcsmttr(deployment, "verify", "--all")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    counts = {"opened": traffic.alerts, "closed": traffic.fixed}
    assert query(deployment, SUMS).json()["data"] == {"organisation": {"metrics": [counts]}}
    (cohort,) = query(deployment, COHORT).json()["data"]["organisation"]["metrics"]
    assert cohort["shareClosedWithin"] == round(traffic.fixed / traffic.alerts, 4)


def run_queue_handlers(deployment: Deployment, *, code_of: Path) -> None:
    """Run both queue handlers with the code of the deployment from the folder `code_of`."""
    (bundle,) = (
        path.parents[1]
        for path in code_of.glob("cdk.out/asset.*/rollup/repository_queue_handler.py*")
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for file in bundle.rglob("*"):
            content.write(file, file.relative_to(bundle))
    functions, sqs = deployment.client("lambda"), deployment.client("sqs")
    for queue in ("RepositoryQueueUrl", "OrganisationQueueUrl"):
        url = deployment.outputs[queue]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        mappings = functions.list_event_source_mappings(EventSourceArn=arn["QueueArn"])
        (mapping,) = mappings["EventSourceMappings"]
        functions.update_function_code(
            FunctionName=mapping["FunctionArn"], ZipFile=archive.getvalue()
        )
