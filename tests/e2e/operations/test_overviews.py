"""`gcsmttr verify` and `repair` on the deployed stack."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from tests.support.command_line import gcsmttr
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_damaged_row_is_found_and_repaired_at_both_levels(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    repository = f"{owner}/repo"
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    for number in (1, 2):
        body = payload("created", repository, number, CREATED)
        response = client.deliver_until_accepted(url, secret=secret, payload=body)
        assert response.status_code == 202
    dynamodb = deployment.client("dynamodb")
    rows = {
        "repositoryName": (deployment.outputs["RepositoryOverviewTable"], repository),
        "organisationName": (deployment.outputs["OrganisationOverviewTable"], owner),
    }

    def open_alerts(attribute: str) -> int:
        table, name = rows[attribute]
        found = dynamodb.get_item(
            TableName=table,
            Key={attribute: {"S": name}, "period": {"S": "MONTH#2026-03"}},
            ConsistentRead=True,
        )
        return int(found["Item"]["openAlerts"]["N"]) if "Item" in found else 0

    def is_settled() -> bool:
        return all(open_alerts(attribute) == 2 for attribute in rows)

    client.wait_until(is_settled, seconds=120, what="both overviews to contain both alerts")
    only = ("--organisation", owner)
    assert gcsmttr(deployment, "verify", *only).returncode == 0

    dynamodb.update_item(
        TableName=rows["repositoryName"][0],
        Key={"repositoryName": {"S": repository}, "period": {"S": "MONTH#2026-03"}},
        UpdateExpression="SET openAlerts = :wrong",
        ExpressionAttributeValues={":wrong": {"N": "7"}},
    )
    checked = gcsmttr(deployment, "verify", *only)
    assert checked.returncode == 1, checked.stderr
    assert checked.stdout.splitlines() == [
        f"repository {repository} MONTH#2026-03: openAlerts expected 2, found 7",
        "Different: 1 row and 0 ledger entries. Repair them with: gcsmttr repair",
    ]
    repaired = gcsmttr(deployment, "repair", *only)
    assert repaired.returncode == 0, repaired.stderr
    assert open_alerts("repositoryName") == 2
    client.wait_until(is_settled, seconds=120, what="both overviews to contain both alerts again")
    assert gcsmttr(deployment, "verify", *only).returncode == 0
