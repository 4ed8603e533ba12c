"""The present version is deployed over the previous one while webhooks and queries arrive."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest

from infra.local.deployment import Deployment, deploy
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.stored_ranges import StoredRanges
from tests.support import previous_version
from tests.support.command_line import gcsmttr
from tests.support.deployed_stack import closed_and_open, quiet, recorded, settled, wait
from tests.support.meta_server import MetaServer
from tests.support.traffic import COHORT, Traffic, assert_exact, query

pytestmark = pytest.mark.e2e

OWNER = "upgraded"
STACK = {"stackName": "Upgraded"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return previous_version.check_out(tmp_path_factory.mktemp("previous"))


def test_each_row_is_exact_after_an_upgrade_under_traffic(
    deployment: Deployment, meta: MetaServer, checkout: Path, tmp_path: Path
) -> None:
    endpoint, old = deployment.endpoint, tmp_path / "old"
    before = deploy(endpoint, meta_url=meta.url, folder=old, settings=STACK, root=checkout)
    traffic = Traffic(before, owner=OWNER)
    traffic.deliver(60)
    wait(lambda: settled(before, OWNER), "the sums of the previous version")

    store_hook_ranges(before)
    with traffic.flowing():
        after = deploy(endpoint, meta_url=meta.url, folder=tmp_path / "new", settings=STACK)

    assert after.url("WebhookUrl") == before.url("WebhookUrl")
    assert traffic.alerts > 60
    assert set(traffic.statuses) == {200}
    wait(lambda: settled(after, OWNER), "the sums of all deliveries")
    assert closed_and_open(after, OWNER) == (traffic.fixed, traffic.alerts - traffic.fixed)
    # The previous version did not count by creation, so only the repair completes the cohorts.
    (error,) = query(after, OWNER, COHORT).json()["errors"]
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


def store_hook_ranges(deployment: Deployment) -> None:
    """Store the hook ranges of the previous version where the present one reads them.

    On AWS, the list in the code is valid until the first refresh. The address of the emulator is
    not in it.
    """
    client = deployment.client("ssm")
    value = client.get_parameter(Name=deployment.outputs["HookRangesParameter"])
    ranges = HookRanges.parse(value["Parameter"]["Value"])
    store = HookRangesStore(client, parameter=f"/gcsmttr/{deployment.stack}/hook-ranges")
    store.write(StoredRanges(ranges, datetime.now(UTC)))


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
