"""The deployed stack as end-to-end tests use it: deliveries, rows, and conditions to wait for.

The tests wait for visible conditions, such as the end of an execution or a complete ledger, so a
slow machine only takes longer.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2

from infra.local import client
from infra.local.deployment import Deployment
from rollup.rows.ledger import alert_source, row_source
from tests.support.sample_webhooks import payload

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def unique(owner: str = "octo") -> str:
    return f"{owner}-{uuid4().hex[:8]}/repo"


def send(deployment: Deployment, body: dict[str, Any] | bytes, **options: Any) -> httpx2.Response:
    url, secret = deployment.url("WebhookUrl"), deployment.webhook_secret
    return client.deliver_until_accepted(url, secret=secret, payload=body, **options)


def send_all(deployment: Deployment, bodies: Iterable[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(16) as pool:
        statuses = pool.map(lambda body: send(deployment, body).status_code, bodies)
        assert set(statuses) <= {202}


def fix(repository: str, number: int) -> dict[str, Any]:
    return payload("fixed", repository, number, CREATED, fixed_at="2026-03-05T09:00:00Z")


def rows(deployment: Deployment, table: str, attribute: str, prefix: str) -> list[dict[str, Any]]:
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=deployment.outputs[table], ConsistentRead=True)
    )
    found = [item for page in pages for item in page["Items"]]
    return [item for item in found if item[attribute]["S"].startswith(prefix.lower())]


def alerts(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    found = rows(deployment, "AllEventsTable", "repositoryName", repository)
    return [row for row in found if "state" in row]


def changes_without_alert(deployment: Deployment, repository: str) -> list[dict[str, Any]]:
    """Return the rows with changes of alerts that were never created."""
    found = rows(deployment, "AllEventsTable", "repositoryName", repository)
    return [row for row in found if "state" not in row]


def overview(deployment: Deployment, table: str, attribute: str, name: str) -> dict[str, Any]:
    found = rows(deployment, table, attribute, name)
    return {item["period"]["S"]: item for item in found}


def closed_and_open(deployment: Deployment, owner: str) -> tuple[int, int]:
    """Return the numbers of closed and open alerts in an organisation's overview."""
    rows_of_owner = overview(deployment, "OrganisationOverviewTable", "organisationName", owner)
    numbers = {name: int(value.get("N", 0)) for name, value in rows_of_owner.get("ALL", {}).items()}
    closed = numbers.get("numberFixed", 0) + numbers.get("numberManuallyClosed", 0)
    return closed, numbers.get("openAlerts", 0)


def wait(condition: Any, what: str, seconds: float = 300) -> None:
    client.wait_until(condition, seconds=seconds, what=what)


def depths(deployment: Deployment, *, dead: bool) -> int:
    sqs = deployment.client("sqs")
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    urls = {
        url
        for name, url in deployment.outputs.items()
        if name.endswith("QueueUrl") and ("DeadLetter" in name) == dead
    }
    assert urls
    return sum(
        int(number)
        for url in urls
        for number in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))[
            "Attributes"
        ].values()
    )


def quiet(deployment: Deployment) -> bool:
    return depths(deployment, dead=False) == 0


def recorded(deployment: Deployment) -> bool:
    """Return whether all executions of the state machine have ended."""
    machine = deployment.outputs["StateMachineArn"]
    running = deployment.client("stepfunctions").list_executions(
        stateMachineArn=machine, statusFilter="RUNNING"
    )
    return not running["executions"]


def settled(deployment: Deployment, owner: str) -> bool:
    """Return whether the ledger contains all rows of an owner at their last revisions."""
    if not recorded(deployment):
        return False
    # Read before the rows: a row that is applied meanwhile then counts as missing.
    applied = {
        (row["source"]["S"], row["part"]["S"]): row["revision"]["N"]
        for row in rows(deployment, "LedgerTable", "source", "")
    }
    wanted = {
        alert_source(row["repositoryName"]["S"], int(row["alertID"]["N"])): row["revision"]["N"]
        for row in alerts(deployment, owner)
    } | {
        row_source(row["repositoryName"]["S"], row["period"]["S"]): row["revision"]["N"]
        for row in rows(deployment, "RepositoryOverviewTable", "repositoryName", owner)
    }
    return all(applied.get(source) == wanted[source] for source in wanted) and quiet(deployment)
