"""`gcsmttr restore` over moto's DynamoDB: copies, their settings, and how it continues."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from operations import deployment as deployments
from operations.cli.exit_status import ExitStatus
from operations.restore.run import TABLES
from tests.integration.operations.cli.conftest import Terminal

AT = "2026-11-23T09:00:00Z"


@pytest.fixture
def terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose stack has seven tables with recovery points, one row each."""
    dynamodb = terminal.deployment.aws.dynamodb
    for table in TABLES:
        stream: Any = (
            {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}
            if table == "AllEvents"
            else {}
        )
        name = f"Old-{table}"
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            **stream,
        )
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        dynamodb.put_item(TableName=name, Item={"key": {"S": table}})
    dynamodb.update_time_to_live(
        TableName="Old-AllEvents",
        TimeToLiveSpecification={"AttributeName": "expiresAt", "Enabled": True},
    )
    outputs = {**terminal.deployment.outputs, **{f"{one}Table": f"Old-{one}" for one in TABLES}}
    mine = replace(terminal.deployment, outputs=outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)
    monkeypatch.setattr("operations.restore.run.PAUSE_S", 0.0)
    return Terminal(mine)


def test_copies_have_the_rows_and_the_settings_of_their_sources(terminal: Terminal) -> None:
    found = terminal.document("restore", "--at", AT)["restoredTables"]

    assert found.keys() == set(TABLES)
    dynamodb = terminal.deployment.aws.dynamodb
    for table, value in found.items():
        name, _, label = value.partition("/stream/")
        assert name == f"Mine-{table}-20261123T090000"
        assert bool(label) == (table == "AllEvents")
        assert dynamodb.scan(TableName=name)["Items"] == [{"key": {"S": table}}]
        backups = dynamodb.describe_continuous_backups(TableName=name)
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
        ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        assert ttl.get("AttributeName") == ("expiresAt" if table == "AllEvents" else None)
    copy = dynamodb.describe_table(TableName="Mine-AllEvents-20261123T090000")["Table"]
    assert copy["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert copy["LatestStreamArn"].endswith(found["AllEvents"])


def test_second_run_with_the_same_time_continues(terminal: Terminal) -> None:
    first = terminal.document("restore", "--at", AT)
    dynamodb = terminal.deployment.aws.dynamodb
    dynamodb.delete_table(TableName="Mine-Ledger-20261123T090000")

    assert terminal.document("restore", "--at", AT) == first
    assert dynamodb.scan(TableName="Mine-Ledger-20261123T090000")["Count"] == 1


def test_setting_is_printed_for_the_next_deployment(terminal: Terminal) -> None:
    done = terminal.mine("restore", "--at", AT)

    assert done.exit_code == ExitStatus.OK, done.stderr
    assert done.stdout.startswith("restoredTables=AllEvents=Mine-AllEvents-20261123T090000/stream/")
    assert "Ledger=Mine-Ledger-20261123T090000" in done.stdout
    assert "gcsmttr repair --all" in done.stderr


def test_dry_run_restores_nothing(terminal: Terminal) -> None:
    before = terminal.deployment.aws.dynamodb.list_tables()["TableNames"]
    done = terminal.mine("restore", "--at", AT, "--dry-run")

    assert "Mine-Ledger-20261123T090000" in done.stdout
    assert terminal.deployment.aws.dynamodb.list_tables()["TableNames"] == before


def test_time_must_be_in_the_past(terminal: Terminal) -> None:
    later = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1).isoformat()
    assert terminal.mine("restore", "--at", later).exit_code == ExitStatus.USAGE
