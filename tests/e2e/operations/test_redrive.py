"""`gcsmttr redrive` on the deployed stack: after each kind of failure, all rows end exact."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.deployment import Deployment
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from tests.support.command_line import document, gcsmttr
from tests.support.deployed_stack import (
    CREATED,
    alerts,
    closed_and_open,
    fix,
    overview,
    quiet,
    recorded,
    rows,
    send,
    send_all,
    settled,
    unique,
    wait,
)
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

STREAM_FAILURE = {
    "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 11},
    "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
    "DDBStreamBatchInfo": {
        "batchSize": 3,
        "approximateArrivalOfFirstRecord": "2026-11-23T09:00:00Z",
    },
}
"""A message of Lambda about records of a stream that it gave up, in the parts that are read."""


def mapping_of(deployment: Deployment, function: str) -> str:
    """Return the id of the mapping of the function whose name contains `function`."""
    found = deployment.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    (mapping,) = [one for one in found if function in one["FunctionArn"]]
    return str(mapping["UUID"])


@contextmanager
def disabled(deployment: Deployment, function: str) -> Iterator[None]:
    functions, uuid = deployment.client("lambda"), mapping_of(deployment, function)
    functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=uuid, Enabled=True)


def url_of(deployment: Deployment, queue: str) -> str:
    return deployment.outputs[f"{queue}Url"]


def messages(deployment: Deployment, queue: str) -> int:
    found = deployment.client("sqs").get_queue_attributes(
        QueueUrl=url_of(deployment, queue),
        AttributeNames=[
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ],
    )
    return sum(int(number) for number in found["Attributes"].values())


def bury(deployment: Deployment, queue: str) -> int:
    """Move all messages of a FIFO queue to its dead-letter queue, as SQS does after failures."""
    sqs, moved = deployment.client("sqs"), 0
    source = url_of(deployment, f"{queue}Queue")
    while batch := sqs.receive_message(
        QueueUrl=source, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
    ).get("Messages"):
        for one in batch:
            sqs.send_message(
                QueueUrl=url_of(deployment, f"{queue}DeadLetterQueue"),
                MessageBody=one["Body"],
                MessageGroupId=one["Attributes"]["MessageGroupId"],
                MessageDeduplicationId=one["MessageId"],
            )
            sqs.delete_message(QueueUrl=source, ReceiptHandle=one["ReceiptHandle"])
            moved += 1
    return moved


def is_exact(deployment: Deployment, owner: str, right: tuple[int, int]) -> bool:
    """Return whether an organisation shows closed and open alerts, and all its rows are right."""
    if closed_and_open(deployment, owner) != right or not settled(deployment, owner):
        return False
    return gcsmttr(deployment, "verify", "--organisation", owner).returncode == 0


def wait_until_exact(deployment: Deployment, owner: str, right: tuple[int, int]) -> None:
    wait(lambda: is_exact(deployment, owner, right), f"{right} in {owner}")


@pytest.mark.parametrize(
    ("queue", "handler"),
    [("Repository", "RepositoryQueueHandler"), ("Organisation", "OrganisationQueueHandler")],
)
def test_messages_of_a_fifo_queue_return_and_count_once(
    deployment: Deployment, queue: str, handler: str
) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    wait(lambda: quiet(deployment), "the queues to be empty")
    with disabled(deployment, handler):
        send_all(deployment, [payload("created", repository, n, CREATED) for n in range(1, 6)])
        wait(lambda: len(alerts(deployment, repository)) == 5, "five alerts")
        wait(lambda: messages(deployment, f"{queue}Queue") > 0, "messages")
        send_all(deployment, [fix(repository, 1), fix(repository, 2)])
        wait(lambda: recorded(deployment), "the fixes")
        before = -1
        while before != (before := messages(deployment, f"{queue}Queue")):
            gcsmttr(deployment, "status")
        buried = bury(deployment, queue)
    assert buried >= 1
    name = queue.lower()
    shown = gcsmttr(deployment, "redrive", name, "--dry-run")
    assert shown.returncode == 1, shown.stderr
    assert f"{queue}DeadLetterQueue has {buried} message" in shown.stdout
    assert (repository if queue == "Repository" else owner) in shown.stdout
    assert messages(deployment, f"{queue}DeadLetterQueue") == buried
    assert document(deployment, "redrive", name, "--yes")["processed"] == buried
    assert messages(deployment, f"{queue}DeadLetterQueue") == 0
    wait_until_exact(deployment, owner, (2, 3))
    assert document(deployment, "redrive", name, "--yes")["messages"] == 0


def test_failed_executions_are_recorded_after_the_fix(deployment: Deployment) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    functions = deployment.client("lambda")
    name = deployment.outputs["RecorderFunction"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    before = messages(deployment, "ExecutionDeadLetterQueue")
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "ALL_EVENTS_TABLE": "missing"}}
    )
    try:
        send_all(deployment, [payload("created", repository, n, CREATED) for n in (1, 2, 3)])
        wait(lambda: messages(deployment, "ExecutionDeadLetterQueue") == before + 3, "3 letters")
    finally:
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )
    send(deployment, fix(repository, 2))
    shown = gcsmttr(deployment, "redrive", "execution", "--dry-run", "--json")
    contents = json.loads(shown.stdout)["contents"]
    mine = [one for one in contents if one["about"].startswith(repository)]
    assert {one["about"] for one in mine} == {f"{repository} alert {n}: created" for n in (1, 2, 3)}
    assert all(one["error"] for one in mine)
    assert document(deployment, "redrive", "execution", "--yes")["processed"] == before + 3
    assert messages(deployment, "ExecutionDeadLetterQueue") == 0
    wait_until_exact(deployment, owner, (1, 2))


def test_undelivered_events_go_to_the_bus_again(deployment: Deployment) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    events, bus = deployment.client("events"), deployment.outputs["EventBusName"]
    queue = url_of(deployment, "DeliveryDeadLetterQueue")
    arn = deployment.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    (rule,) = events.list_rules(EventBusName=bus)["Rules"]
    aside = f"aside-{uuid4().hex[:8]}"
    events.put_rule(Name=aside, EventBusName=bus, EventPattern=rule["EventPattern"])
    events.put_targets(Rule=aside, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    events.disable_rule(Name=rule["Name"], EventBusName=bus)
    try:
        send_all(deployment, [payload("created", repository, n, CREATED) for n in (1, 2)])
        send(deployment, fix(repository, 1))
        wait(lambda: messages(deployment, "DeliveryDeadLetterQueue") == 3, "three events")
    finally:
        events.remove_targets(Rule=aside, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=aside, EventBusName=bus)
        events.enable_rule(Name=rule["Name"], EventBusName=bus)
    assert alerts(deployment, repository) == []
    assert document(deployment, "redrive", "DeliveryDeadLetterQueue", "--yes")["processed"] == 3
    assert messages(deployment, "DeliveryDeadLetterQueue") == 0
    wait_until_exact(deployment, owner, (1, 1))


@pytest.mark.parametrize(
    ("queue", "title", "table", "attribute"),
    [
        ("alert-stream", "AlertStream", "RepositoryOverviewTable", "repositoryName"),
        ("repository-stream", "RepositoryStream", "OrganisationOverviewTable", "organisationName"),
    ],
)
def test_lost_stream_records_are_repaired(
    deployment: Deployment, queue: str, title: str, table: str, attribute: str
) -> None:
    repository = unique()
    owner = repository.partition("/")[0]
    send_all(deployment, [payload("created", repository, n, CREATED) for n in (1, 2, 3)])
    wait_until_exact(deployment, owner, (0, 3))
    right = overview(deployment, table, attribute, owner)
    for row in rows(deployment, table, attribute, owner):
        deployment.client("dynamodb").delete_item(
            TableName=deployment.outputs[table],
            Key={name: row[name] for name in (attribute, "period")},
        )
    deployment.client("sqs").send_message(
        QueueUrl=url_of(deployment, f"{title}DeadLetterQueue"),
        MessageBody=json.dumps(STREAM_FAILURE),
    )
    shown = gcsmttr(deployment, "redrive", queue, "--dry-run")
    assert "3 stream records since 2026-11-23T09:00:00Z" in shown.stdout
    assert "RetryAttemptsExhausted: Unhandled" in shown.stdout
    assert document(deployment, "redrive", queue, "--yes")["processed"] == 1
    assert messages(deployment, f"{title}DeadLetterQueue") == 0
    wait_until_exact(deployment, owner, (0, 3))

    def counts(found: dict[str, Any]) -> dict[str, Any]:
        return {period: row["cells"] for period, row in found.items() if "cells" in row}

    assert counts(overview(deployment, table, attribute, owner)) == counts(right)


def test_mover_starts_again_for_each_waiting_repository(deployment: Deployment) -> None:
    owner = f"o{uuid4().hex[:8]}"
    github = GitHub()
    repository = github.world.add_repository(f"{owner}/old")
    with serving(github):
        github.add_hook(
            github.world.account(owner), deployment.url("WebhookUrl"), deployment.webhook_secret
        )
        for _ in range(3):
            changes.create_alert(github.world, repository)
        wait(lambda: settled(deployment, owner) and len(alerts(deployment, owner)) == 3, "3 alerts")
        with disabled(deployment, "Mover"):
            # The imitated GitHub reports the creation of a repository as its last update.
            repository.created_at = github.world.clock() + timedelta(minutes=1)
            changes.rename(github.world, repository, "renamed")
            key = f"id#{repository.id}"
            wait(lambda: key in waiting(deployment), "the repository to wait for the mover")
            deployment.client("sqs").send_message(
                QueueUrl=url_of(deployment, "MoverDeadLetterQueue"),
                MessageBody=json.dumps(STREAM_FAILURE),
            )
            assert key in document_of_dry_run(deployment, "mover")["waiting"]
            done = gcsmttr(deployment, "redrive", "mover", "--yes")
            assert done.returncode == 0, done.stderr
            assert f"The alerts of the repository {key} have moved." in done.stdout
            assert messages(deployment, "MoverDeadLetterQueue") == 0
            assert key not in waiting(deployment)
    assert {row["repositoryName"]["S"] for row in alerts(deployment, owner)} == {f"{owner}/renamed"}
    wait_until_exact(deployment, owner, (0, 3))


def waiting(deployment: Deployment) -> set[str]:
    """Return the keys of the repositories whose alerts have to move."""
    found = rows(deployment, "RepositoriesTable", "repository", "id#")
    return {row["repository"]["S"] for row in found if "movingFrom" in row}


def document_of_dry_run(deployment: Deployment, queue: str) -> Any:
    done = gcsmttr(deployment, "redrive", queue, "--dry-run", "--json")
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)
