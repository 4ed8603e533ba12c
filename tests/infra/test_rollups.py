"""The two legs: batches, groups, retries, and where what cannot be done ends."""

from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

LEGS = ("Repository", "Organisation")


def one(template: Template, kind: str, part: str, properties: object = None) -> dict[str, Any]:
    found = template.find_resources(kind, {"Properties": properties or {}})
    (resource,) = [resource for name, resource in found.items() if name.startswith(part)]
    return dict(resource["Properties"])


@pytest.mark.parametrize("leg", LEGS)
def test_a_stream_s_poison_record_is_isolated_and_told_of(leg: str, aws: Template) -> None:
    mapping = one(aws, "AWS::Lambda::EventSourceMapping", f"Rollups{leg}Forwarder")

    assert mapping["BatchSize"] == 1000
    assert mapping["MaximumBatchingWindowInSeconds"] == 1
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 10
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert f"Rollups{leg}StreamDeadLetters" in str(mapping["DestinationConfig"]["OnFailure"])
    assert "FunctionResponseTypes" not in mapping


@pytest.mark.parametrize("leg", LEGS)
def test_an_applier_takes_ten_messages_and_reports_the_failed_ones(leg: str, aws: Template) -> None:
    mapping = one(aws, "AWS::Lambda::EventSourceMapping", f"Rollups{leg}Applier")

    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("leg", LEGS)
def test_groups_do_not_hold_back_each_other(leg: str, aws: Template) -> None:
    redrive = {"RedrivePolicy": Match.any_value()}
    queue = one(aws, "AWS::SQS::Queue", f"Rollups{leg}Queue", redrive)

    assert queue["FifoQueue"] is True
    assert queue["DeduplicationScope"] == "messageGroup"
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert f"Rollups{leg}DeadLetters" in str(queue["RedrivePolicy"]["deadLetterTargetArn"])
    assert one(aws, "AWS::SQS::Queue", f"Rollups{leg}DeadLetters")["FifoQueue"] is True


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize(("variant", "times"), [("aws", 6), ("emulator", 1)])
def test_a_message_is_hidden_for_as_long_as_its_applier_may_take(
    leg: str, variant: str, times: int, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)
    queue = one(template, "AWS::SQS::Queue", f"Rollups{leg}Queue")
    applier = one(template, "AWS::Lambda::Function", f"Rollups{leg}Applier")

    assert queue["VisibilityTimeout"] == times * applier["Timeout"]


def test_the_levels_follow_each_other(aws: Template) -> None:
    sources = {
        leg: one(aws, "AWS::Lambda::EventSourceMapping", f"Rollups{leg}Forwarder") for leg in LEGS
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
