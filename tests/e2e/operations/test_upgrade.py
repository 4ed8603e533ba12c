"""`gcsmttr repair` completes what an earlier version counted, on the deployed stack."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import Deployment
from ingest.alerts.alert_row import from_item
from rollup.rows import parts
from rollup.rows.contribution import AlertContribution
from tests.support import layout_2
from tests.support.command_line import gcsmttr
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

CREATED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_cohorts_of_rows_of_layout_2_are_repaired(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    repository = f"{owner}/repo"
    for body in deliveries(repository):
        response = client.deliver_until_accepted(
            deployment.url("WebhookUrl"), secret=deployment.webhook_secret, payload=body
        )
        assert response.status_code == 202
    expected = [{"opened": 3, "closed": 2, "week": 0.3333, "month": 0.6667}]

    def is_settled() -> bool:
        return bool(
            cohort(deployment, owner).get("data") == {"organisation": {"metrics": expected}}
        )

    client.wait_until(is_settled, seconds=120, what="the cohort of the three alerts")
    become_old(deployment, repository)
    (error,) = cohort(deployment, owner)["errors"]
    assert error["extensions"]["reason"] == "incomplete_cohorts"
    assert "2 closings are not counted" in error["message"]
    only = ("--organisation", owner)
    assert gcsmttr(deployment, "verify", *only).returncode == 1
    repaired = gcsmttr(deployment, "repair", *only)
    assert repaired.returncode == 0, repaired.stderr
    client.wait_until(is_settled, seconds=120, what="the repaired cohort")
    assert gcsmttr(deployment, "verify", *only).returncode == 0


def deliveries(repository: str) -> list[dict[str, Any]]:
    """Return three alerts of one day, of which one is fixed after 2 days and one after 20."""
    bodies = [payload("created", repository, number, CREATED) for number in (1, 2, 3)]
    for number, days in ((1, 2), (2, 20)):
        at = (CREATED + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        times = {"fixed_at": at, "updated_at": at, "state": "fixed"}
        bodies.append(payload("fixed", repository, number, CREATED, **times))
    return bodies


def cohort(deployment: Deployment, owner: str) -> dict[str, Any]:
    """Return the response about the alerts that were created in March."""
    march = 'from: "2026-03-01", to: "2026-03-31", interval: TOTAL, basis: OPENED'
    fields = "opened closed week: shareClosedWithin(days: 7) month: shareClosedWithin(days: 30)"
    query = f'{{ organisation(name: "{owner}") {{ metrics({march}) {{ {fields} }} }} }}'
    response = client.post_query(deployment.url("GraphqlUrl"), key=deployment.api_key, query=query)
    found: dict[str, Any] = response.json()
    return found


def become_old(deployment: Deployment, repository: str) -> None:
    """Write the rows and ledger entries of a repository, and its organisation, in layout 2."""
    dynamodb = deployment.client("dynamodb")
    owner = repository.partition("/")[0]
    states = {
        str(row.number): AlertContribution.of(repository, row.alert)
        for item in items(dynamodb, deployment.outputs["AllEventsTable"])
        if (row := from_item(item)).repository == repository and row.alert
    }
    for output, name, key in (
        ("LedgerTable", f"alerts#{repository}", "source"),
        ("LedgerTable", f"rows#{repository}", "source"),
        ("OrganisationOverviewTable", owner, "organisationName"),
        ("RepositoryOverviewTable", repository, "repositoryName"),
    ):
        table = deployment.outputs[output]
        for item in items(dynamodb, table):
            if item[key]["S"] != name:
                continue
            if "cells" in item:
                old = layout_2.old_item(item, parts.counts_of(item, ()))
            else:
                state = states[item["part"]["S"]]
                old = {**item, "contribution": {"S": layout_2.old_contribution(state)}}
            dynamodb.put_item(TableName=table, Item=old)


def items(dynamodb: Any, table: str) -> list[dict[str, Any]]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]
