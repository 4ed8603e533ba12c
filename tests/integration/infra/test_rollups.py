"""The two levels of the rollup: batches, groups, retries, and dead-letter queues."""

from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

LEVELS = ("Repository", "Organisation")
STREAM_HANDLERS = {
    "Repository": "RollupsRepositoryAlertStreamHandler",
    "Organisation": "RollupsOrganisationRepositoryStreamHandler",
}
QUEUE_HANDLERS = {level: f"Rollups{level}{level}QueueHandler" for level in LEVELS}


def one(template: Template, kind: str, part: str, properties: object = None) -> dict[str, Any]:
    found = template.find_resources(kind, {"Properties": properties or {}})
    (resource,) = [resource for name, resource in found.items() if name.startswith(part)]
    return dict(resource["Properties"])


@pytest.mark.parametrize("level", LEVELS)
def test_failing_stream_record_is_isolated_and_reported(level: str, aws: Template) -> None:
    mapping = one(aws, "AWS::Lambda::EventSourceMapping", STREAM_HANDLERS[level])

    assert mapping["BatchSize"] == 1000
    assert mapping["MaximumBatchingWindowInSeconds"] == 1
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 10
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert f"Rollups{level}StreamDeadLetters" in str(mapping["DestinationConfig"]["OnFailure"])
    assert "FunctionResponseTypes" not in mapping


@pytest.mark.parametrize("level", LEVELS)
def test_queue_handler_takes_ten_messages_and_reports_failed_ones(
    level: str, aws: Template
) -> None:
    mapping = one(aws, "AWS::Lambda::EventSourceMapping", QUEUE_HANDLERS[level])

    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 10}


@pytest.mark.parametrize("level", LEVELS)
def test_groups_do_not_block_each_other(level: str, aws: Template) -> None:
    redrive = {"RedrivePolicy": Match.any_value()}
    queue = one(aws, "AWS::SQS::Queue", f"Rollups{level}Queue", redrive)

    assert queue["FifoQueue"] is True
    assert queue["DeduplicationScope"] == "messageGroup"
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert f"Rollups{level}DeadLetters" in str(queue["RedrivePolicy"]["deadLetterTargetArn"])
    assert one(aws, "AWS::SQS::Queue", f"Rollups{level}DeadLetters")["FifoQueue"] is True


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("variant", "times"), [("aws", 6), ("emulator", 1)])
def test_message_stays_hidden_while_its_handler_may_run(
    level: str, variant: str, times: int, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)
    queue = one(template, "AWS::SQS::Queue", f"Rollups{level}Queue")
    handler = one(template, "AWS::Lambda::Function", QUEUE_HANDLERS[level])

    assert queue["VisibilityTimeout"] == times * handler["Timeout"]


def test_organisation_level_reads_rows_of_repository_level(aws: Template) -> None:
    sources = {
        level: one(aws, "AWS::Lambda::EventSourceMapping", STREAM_HANDLERS[level])
        for level in LEVELS
    }

    assert "StorageAllEvents" in str(sources["Repository"]["EventSourceArn"])
    assert "StorageRepositoryOverview" in str(sources["Organisation"]["EventSourceArn"])


def test_every_queue_is_encrypted_and_refuses_plain_http(aws: Template) -> None:
    queues = aws.find_resources("AWS::SQS::Queue")
    policies = aws.find_resources("AWS::SQS::QueuePolicy").values()
    denied = {
        policy["Properties"]["Queues"][0]["Ref"]
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert denied == set(queues)
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())
