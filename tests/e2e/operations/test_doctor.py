"""`gcsmttr doctor` on the deployed stack: it names each damage and the command that mends it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.local.deployment import GCSMTTR, REGION, Deployment, deploy
from infra.local.emulator import running_emulator
from operations.dead_letter_queues import QUEUES, Action, DeadLetterQueue
from operations.local_stack import LocalStack
from tests.e2e.operations.test_redrive import mapping_of
from tests.support import aws_cli
from tests.support.meta_server import MetaServer
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e


class Doctor:
    """Runs `gcsmttr doctor --local` for a deployment, as the operator of `make run` does."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.deployment = deployment
        facts = LocalStack(deployment.endpoint, REGION, deployment.stack).to_facts()
        (folder / "outputs.json").write_text(json.dumps(facts))
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        self.environment = {**kept, "RUN_DIR": str(folder), "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [GCSMTTR, *arguments, "--local"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def document(self) -> Any:
        done = self.run("doctor", "--json")
        assert done.stdout, done.stderr
        document = json.loads(done.stdout)
        assert done.returncode == (1 if document["findings"] else 0), done.stderr
        return document

    def findings(self) -> list[tuple[str, str]]:
        return [(one["what"], one["next"]) for one in self.document()["findings"]]


@pytest.fixture(scope="module")
def doctor(meta: MetaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doctor]:
    """Yield a doctor of a stack of its own, which no other test damages or needs."""
    folder = tmp_path_factory.mktemp("damaged")
    with running_emulator(folder) as emulator:
        damaged = deploy(emulator.endpoint, meta_url=meta.url, folder=folder)
        yield Doctor(damaged, tmp_path_factory.mktemp("doctor"))


@pytest.fixture
def before(doctor: Doctor) -> Iterator[list[tuple[str, str]]]:
    """What is wrong before a test, since no GitHub is connected. It is the same after."""
    found = doctor.findings()
    yield found
    assert doctor.findings() == found


def new(doctor: Doctor, before: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the only finding that was not there before."""
    (found,) = [one for one in doctor.findings() if one not in before]
    return found


def test_every_part_of_the_stack_is_examined(doctor: Doctor) -> None:
    document = doctor.document()
    wrong = [one["what"] for one in document["findings"] if one["section"] not in STATE]
    assert wrong == []
    resources = doctor.deployment.client("cloudformation").get_paginator("list_stack_resources")
    kinds = [
        one["ResourceType"]
        for page in resources.paginate(StackName=doctor.deployment.stack)
        for one in page["StackResourceSummaries"]
    ]
    for section, kind in (
        ("functions", "AWS::Lambda::Function"),
        ("mappings", "AWS::Lambda::EventSourceMapping"),
        ("rules", "AWS::Events::Rule"),
        ("queueSettings", "AWS::SQS::Queue"),
        ("tables", "AWS::DynamoDB::Table"),
        ("stateMachines", "AWS::StepFunctions::StateMachine"),
    ):
        facts = document[section]
        assert facts["examined"] == kinds.count(kind) > 0, section
        assert facts["unchecked"] == [], section
    assert document["endpoints"]["WebhookUrl"] in {401, 403}
    assert document["endpoints"]["GraphqlUrl"] == 401
    assert document["archive"]["examined"] == 1
    assert abs(document["clock"]["skewSeconds"]) < 60


STATE = {"connections", "apps", "newestEvents", "queues", "deadLetters", "hookRanges"}
"""The sections of the status."""


def disable_mapping(deployment: Deployment) -> str:
    uuid = mapping_of(deployment, "AlertStreamHandler")
    deployment.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=False)
    return "AlertStreamHandler"


def disable_rule(deployment: Deployment) -> str:
    bus = deployment.outputs["EventBusName"]
    events = deployment.client("events")
    (rule,) = events.list_rules(EventBusName=bus)["Rules"]
    events.disable_rule(Name=rule["Name"], EventBusName=bus)
    return "is disabled, but was deployed enabled"


def disable_schedule(deployment: Deployment) -> str:
    events = deployment.client("events")
    for rule in events.list_rules()["Rules"]:
        if "SourceAddresses" in rule["Name"]:
            events.disable_rule(Name=rule["Name"])
    return "SourceAddresses"


def throttle(deployment: Deployment) -> str:
    function = deployment.outputs["MoverFunction"]
    deployment.client("lambda").put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=0
    )
    return "may not run"


def delete_archive(deployment: Deployment) -> str:
    deployment.client("events").delete_archive(ArchiveName=deployment.outputs["EventArchiveName"])
    return "archive is deleted"


def drop_redrive_policy(deployment: Deployment) -> str:
    deployment.client("sqs").set_queue_attributes(
        QueueUrl=deployment.outputs["RepositoryQueueUrl"], Attributes={"RedrivePolicy": ""}
    )
    return "has no dead-letter queue"


def delete_hook_ranges(deployment: Deployment) -> str:
    deployment.client("ssm").delete_parameter(Name=deployment.outputs["HookRangesParameter"])
    return "hook ranges"


def mark_secret_for_deletion(deployment: Deployment) -> str:
    deployment.client("secretsmanager").delete_secret(
        SecretId=deployment.outputs["WebhookSecretId"], RecoveryWindowInDays=7
    )
    return "The webhook secret will be deleted"


@pytest.mark.parametrize(
    "damage",
    [
        disable_mapping,
        disable_rule,
        disable_schedule,
        throttle,
        delete_archive,
        drop_redrive_policy,
        delete_hook_ranges,
        mark_secret_for_deletion,
    ],
    ids=lambda damage: damage.__name__,
)
def test_damage_is_named_and_mended_by_the_printed_command(
    doctor: Doctor, before: list[tuple[str, str]], damage: Callable[[Deployment], str]
) -> None:
    assert before is not None
    named = damage(doctor.deployment)
    what, command = new(doctor, before)
    assert named in what
    aws_cli.run(doctor.deployment, command)


@pytest.mark.parametrize("queue", QUEUES.values(), ids=lambda queue: queue.name)
def test_message_in_each_queue_is_named_and_redriven(
    doctor: Doctor, before: list[tuple[str, str]], queue: DeadLetterQueue
) -> None:
    sqs, url = doctor.deployment.client("sqs"), doctor.deployment.outputs[queue.output]
    assert not [what for what, _ in before if queue.title in what]
    fifo = {"MessageGroupId": "g", "MessageDeduplicationId": uuid4().hex} if queue.source else {}
    body = {"version": 2, "repository": "octo/cat", "alerts": []}
    if queue.source == "OrganisationQueueUrl":
        body = {"version": 2, "organisation": "octo", "rows": []}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body), **fifo)
    what, command = new(doctor, before)
    assert what.startswith(f"{queue.title} has 1 message.")
    program, *arguments = command.split()
    assert (program, arguments[-1]) == ("gcsmttr", "--local")
    done = doctor.run(*arguments[:-1], "--yes")
    if queue.action is Action.REPUBLISH:
        assert done.returncode == 1, done.stderr
        assert "1 message stays in the queue without an event." in done.stderr
        sqs.purge_queue(QueueUrl=url)
    else:
        assert done.returncode == 0, done.stderr


def test_alarm_is_explained(doctor: Doctor, before: list[tuple[str, str]]) -> None:
    name = f"{doctor.deployment.stack}-ExecutionsTimedOut"
    cloudwatch = doctor.deployment.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    what, command = new(doctor, before)
    assert what.startswith("The alarm ExecutionsTimedOut is raised since ")
    assert "docs/operating.md#executions-timed-out" in what
    assert command.startswith("gcsmttr replay ")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")


def test_deleted_alarm_is_named(doctor: Doctor) -> None:
    cloudwatch = doctor.deployment.client("cloudwatch")
    name = f"{doctor.deployment.stack}-ReconciliationFailed"
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    cloudwatch.delete_alarms(AlarmNames=[name])
    try:
        found = [(what, step) for what, step in doctor.findings() if "alarms are deleted" in what]
    finally:
        kept = set(cloudwatch.meta.service_model.shape_for("PutMetricAlarmInput").members)
        cloudwatch.put_metric_alarm(**{key: alarm[key] for key in kept & alarm.keys()})
    ((what, step),) = found
    assert what == f"Some alarms are deleted: {name}."
    assert step.endswith("docs/operating.md, Restore a deleted resource")
