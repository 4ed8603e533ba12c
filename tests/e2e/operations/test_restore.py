"""`gcsmttr restore` on the deployed stack: the copies replace the tables, and rows are exact."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.deployment import Deployment, deploy
from tests.support.command_line import document, gcsmttr
from tests.support.deployed_stack import settled, wait
from tests.support.meta_server import MetaServer
from tests.support.traffic import SUMS, Traffic, assert_exact, query

pytestmark = pytest.mark.e2e

OWNER = "restored"
STACK = {"stackName": "Restored"}


def test_restored_tables_replace_those_of_the_stack(
    deployment: Deployment, meta: MetaServer, tmp_path: Path
) -> None:
    endpoint, started_at = deployment.endpoint, datetime.now(UTC)
    before = deploy(endpoint, meta_url=meta.url, folder=tmp_path / "before", settings=STACK)
    traffic = Traffic(before, owner=OWNER)
    traffic.deliver(30)
    wait(lambda: settled(before, OWNER), "the sums before the restoration")

    # The copies of the tables are not of the same moment, and lack what arrives after them. The
    # emulator copies the present rows, whatever the time.
    at = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with traffic.flowing():
        tables = document(before, "restore", "--at", at)["restoredTables"]
    traffic.deliver(6)
    wait(lambda: settled(before, OWNER), "the sums of events after the restoration")

    settings = {**STACK, "restoredTables": ",".join(f"{k}={v}" for k, v in tables.items())}
    after = deploy(endpoint, meta_url=meta.url, folder=tmp_path / "after", settings=settings)
    for table, name in tables.items():
        assert after.outputs[f"{table}Table"] == name.partition("/")[0]
        assert after.outputs[f"{table}Table"] != before.outputs[f"{table}Table"]
    assert query(before, OWNER, SUMS).status_code == 200, "the API key is restored"
    repaired = gcsmttr(after, "repair", "--all")
    assert repaired.returncode == 0, repaired.stderr
    document(after, "replay", "--from", started_at.isoformat(), "--to", "now")
    assert_exact(after, traffic)

    traffic.deliver(10)
    assert_exact(after, traffic)
