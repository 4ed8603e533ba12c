"""`gcsmttr replay` on the deployed stack: lost rows return, and all others stay as they are."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from ingest.origin import ORIGINS
from tests.support.command_line import document, gcsmttr
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_replay_restores_a_lost_row_and_changes_no_other(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    repository = f"{owner}/repo"
    started_at = datetime.now(UTC).isoformat()
    for action in ("created", "fixed"):
        for number in (1, 2):
            body = payload(action, repository, number, CREATED)
            if action == "fixed":
                body["alert"] |= {"state": "fixed", "fixed_at": "2026-03-04T09:00:00Z"}
            response = client.deliver_until_accepted(
                deployment.url("WebhookUrl"), secret=deployment.webhook_secret, payload=body
            )
            assert response.status_code == 202
    dynamodb = deployment.client("dynamodb")
    table = deployment.outputs["AllEventsTable"]

    def rows() -> dict[str, Any]:
        found = dynamodb.query(
            TableName=table,
            KeyConditionExpression="repositoryName = :r",
            ExpressionAttributeValues={":r": {"S": repository}},
            ConsistentRead=True,
        )
        return {item["alertID"]["N"]: item for item in found["Items"]}

    def is_settled() -> bool:
        states = {number: row.get("state", {}).get("S") for number, row in rows().items()}
        return states == {"1": "CLOSED", "2": "CLOSED"}

    client.wait_until(is_settled, seconds=120, what="both alerts to be closed")
    before = rows()
    key = {"repositoryName": {"S": repository}, "alertID": {"N": "1"}}
    dynamodb.delete_item(TableName=table, Key=key)

    replayed = document(deployment, "replay", "--from", started_at, "--to", "now")
    assert replayed["archivedEvents"] >= 4
    client.wait_until(is_settled, seconds=120, what="the deleted alert to return")

    def state_of(row: dict[str, Any]) -> dict[str, Any]:
        """Return a row without what names its writes."""
        return {name: value for name, value in row.items() if name not in {"revision", ORIGINS}}

    after = rows()
    assert after["2"] == before["2"]
    assert state_of(after["1"]) == state_of(before["1"])
    only = ("--organisation", owner)
    client.wait_until(
        lambda: gcsmttr(deployment, "verify", *only).returncode == 0,
        seconds=60,
        what="the overviews to be right",
    )
