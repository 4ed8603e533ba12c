"""`gcsmttr redrive` over moto: what it shows, what it does, and what stays after a failure."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest

from ingest.terms import Action
from operations import deployment as deployments
from operations.cli.exit_status import ExitStatus
from operations.dead_letter_queues import QUEUES
from operations.overviews import audit
from operations.overviews.verification import Summary
from operations.redrive import moving
from operations.redrive.letters import Letters
from rollup.queues.message import pack_rows
from rollup.rows.row_key import RowKey, RowRevision
from tests.integration.operations.cli.conftest import REGION, Terminal
from tests.support.rollup_stack import Stack
from tests.unit.rollup.builders import event

FIFO = {"FifoQueue": "true"}
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "6f0e9c3e-1c44-4a3b-9f5e-9b2f6b9d2c11",
    "source": "gcsmttr.ingest",
    "detail-type": "AlertEvent",
    "time": "2026-11-23T09:00:00Z",
    "detail": {"repositoryName": "octo/cat", "alertID": 7, "action": "created"},
}


@pytest.fixture
def sqs(rows: Stack) -> Any:  # noqa: ARG001  # starts the imitation
    return boto3.client("sqs", region_name=REGION)


@pytest.fixture
def terminal(terminal: Terminal, sqs: Any, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose stack has all queues, and a bus whose events a queue receives."""
    monkeypatch.setattr("operations.redrive.letters._WAIT_S", 0)
    urls = {
        one.output: sqs.create_queue(
            QueueName=f"{one.title}.fifo" if one.source else one.title,
            Attributes=FIFO if one.source else {},
        )["QueueUrl"]
        for one in QUEUES.values()
    }
    for level in ("Repository", "Organisation"):
        name = f"{level}Queue"
        urls[f"{name}Url"] = sqs.create_queue(QueueName=f"{name}.fifo", Attributes=FIFO)["QueueUrl"]
    seen = sqs.create_queue(QueueName="seen")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=seen, AttributeNames=["QueueArn"])["Attributes"]
    events = terminal.deployment.aws.events
    events.create_event_bus(Name="Bus")
    events.put_rule(Name="all", EventBusName="Bus", EventPattern='{"source": ["gcsmttr.ingest"]}')
    events.put_targets(
        Rule="all", EventBusName="Bus", Targets=[{"Id": "seen", "Arn": arn["QueueArn"]}]
    )
    outputs = {**terminal.deployment.outputs, **urls, "EventBusName": "Bus", "Seen": seen}
    mine = replace(terminal.deployment, outputs=outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)
    return Terminal(mine)


def bodies(terminal: Terminal, output: str) -> list[str]:
    """Receive and delete all messages of a queue, in their order."""
    client: Any = terminal.deployment.aws.sqs
    url = terminal.deployment.output(output)
    found: list[str] = []
    while batch := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in batch:
            client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            found.append(one["Body"])
    return found


def fill(terminal: Terminal, groups: Mapping[str, int]) -> list[str]:
    """Send messages of organisations to their dead-letter queue, each group in its order."""
    client: Any = terminal.deployment.aws.sqs
    sent = []
    for organisation, number in groups.items():
        for revision in range(number):
            row = RowRevision(RowKey(f"{organisation}/cat", "ALL"), revision)
            (message,) = pack_rows(organisation, [row])
            client.send_message(
                QueueUrl=terminal.deployment.output("OrganisationDeadLetterQueueUrl"),
                MessageBody=message.body,
                MessageGroupId=message.group,
                MessageDeduplicationId=message.deduplication,
            )
            sent.append(message.body)
    return sent


def bury(terminal: Terminal, queue: str, body: object, **options: Any) -> None:
    terminal.deployment.aws.sqs.send_message(
        QueueUrl=terminal.deployment.output(QUEUES[queue].output),
        MessageBody=body if isinstance(body, str) else json.dumps(body),
        **options,
    )


def test_fifo_messages_return_in_the_order_of_their_groups(terminal: Terminal) -> None:
    sent = fill(terminal, {"octo": 23, "acme": 4})
    done = terminal.mine("redrive", "organisation", "--yes")
    assert done.exit_code == ExitStatus.OK, done.output
    assert "OrganisationDeadLetterQueue has 27 messages: " in done.stdout
    assert done.stdout.endswith("Moved back: 27 messages.\n")
    found = bodies(terminal, "OrganisationQueueUrl")
    for name in ("octo", "acme"):
        assert [one for one in found if name in one] == [one for one in sent if name in one]
    again = terminal.mine("redrive", "organisation", "--yes")
    assert (again.exit_code, again.stdout) == (0, "OrganisationDeadLetterQueue is empty.\n")


def test_interruption_loses_no_message_and_sends_none_twice(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = fill(terminal, {"octo": 5})
    delete = Letters.delete
    deleted: list[object] = []

    def interrupted(letters: Letters, batch: Any) -> None:
        if len(deleted) == 2:
            raise KeyboardInterrupt
        deleted.append(batch)
        delete(letters, batch)

    with monkeypatch.context() as patched:
        patched.setattr(Letters, "delete", interrupted)
        done = terminal.mine("redrive", "organisation", "--yes")
    assert done.exit_code == ExitStatus.INTERRUPTED
    assert terminal.document("redrive", "organisation", "--yes")["processed"] == 3
    assert bodies(terminal, "OrganisationQueueUrl") == sent


def test_dry_run_shows_the_messages_and_leaves_them_visible(terminal: Terminal) -> None:
    fill(terminal, {"octo": 2, "acme": 1})
    done = terminal.mine("redrive", "organisation", "--dry-run")
    assert done.exit_code == ExitStatus.FOUND
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines if line[:1].isdigit()] == [
        ["2", "octo"], ["1", "acme"]
    ]  # fmt: skip
    assert lines[-1].startswith("The redrive will move them back to the queue")
    document = terminal.document("redrive", "organisation", "--dry-run")
    assert (document["messages"], document["read"], document["dryRun"]) == (3, 3, True)
    assert document["oldestAt"].endswith("Z")
    assert len(bodies(terminal, "OrganisationDeadLetterQueueUrl")) == 3


def test_nothing_happens_without_a_confirmation(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(terminal, {"octo": 1})
    done = terminal.mine("redrive", "organisation")
    assert done.exit_code == ExitStatus.USAGE
    assert "Give --yes to confirm" in done.stderr
    monkeypatch.setattr("operations.cli.output.Output.is_interactive", True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    done = terminal.mine("redrive", "organisation")
    assert (done.exit_code, done.stderr) == (ExitStatus.FOUND, "Nothing was changed.\n")
    assert len(bodies(terminal, "OrganisationDeadLetterQueueUrl")) == 1


def test_queues_are_named_in_the_help_and_in_the_error(terminal: Terminal) -> None:
    done = terminal.mine("redrive", "orders", "--yes")
    assert done.exit_code == ExitStatus.USAGE
    assert f"'orders' is not one of {', '.join(QUEUES)}." in done.stderr
    shown = terminal.run("redrive", "--help").stdout
    assert all(f"    {name} " in shown for name in QUEUES)
    done = terminal.mine("redrive", "OrganisationDeadLetterQueue", "--yes")
    assert done.exit_code == ExitStatus.OK


def test_events_go_to_the_bus_and_others_stay(terminal: Terminal) -> None:
    error = {"Error": "Lambda.Unknown", "Cause": "timed\n out"}
    bury(terminal, "execution", {"event": EVENT, "error": error})
    bury(terminal, "execution", "not JSON")
    bury(terminal, "execution", {"event": {**EVENT, "source": "aws.s3"}, "error": error})
    shown = terminal.document("redrive", "execution", "--dry-run")["contents"]
    assert {(one["about"], one["error"], one["messages"]) for one in shown} == {
        ("octo/cat alert 7: created", "Lambda.Unknown: timed out", 1),
        ("unreadable", "", 2),
    }
    done = terminal.mine("redrive", "execution", "--yes")
    assert done.exit_code == ExitStatus.FOUND
    assert "Put on the event bus: 1 event.\n" in done.stdout
    assert "2 messages stay in the queue without an event." in done.stderr
    (passed_on,) = map(json.loads, bodies(terminal, "Seen"))
    same = ("source", "detail-type", "detail", "time")
    assert {key: passed_on[key] for key in same} == {key: EVENT[key] for key in same}
    assert len(bodies(terminal, "ExecutionDeadLetterQueueUrl")) == 2


def test_undelivered_event_has_the_error_of_the_event_bus(terminal: Terminal) -> None:
    notes = {
        "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
        "ERROR_MESSAGE": {"DataType": "String", "StringValue": "not authorized"},
    }
    bury(terminal, "delivery", EVENT, MessageAttributes=notes)
    (shown,) = terminal.document("redrive", "delivery", "--dry-run")["contents"]
    assert shown["error"] == "NO_PERMISSIONS: not authorized"
    assert terminal.document("redrive", "delivery", "--yes")["processed"] == 1
    assert len(bodies(terminal, "Seen")) == 1


def test_messages_stay_while_the_bus_refuses_events(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury(terminal, "delivery", EVENT)
    monkeypatch.setattr("ingest.bus.event_bus.pause", lambda *_: None)
    refused = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    with monkeypatch.context() as patched:
        events = terminal.deployment.aws.events
        patched.setattr(events, "put_events", lambda **_: refused)
        done = terminal.mine("redrive", "delivery", "--yes")
    assert done.exit_code == ExitStatus.FAILED
    assert "Error: The event bus does not accept events." in done.stderr
    assert terminal.document("redrive", "delivery", "--yes")["processed"] == 1


def test_stream_messages_are_deleted_after_a_repair_only(
    terminal: Terminal, rows: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_LATE_S", 0)
    monkeypatch.setattr(audit, "_SETTLE_S", 0)
    rows.recorder.record(event("octo/cat", 1, Action.CREATED, created=1))
    bury(terminal, "alert-stream", {"requestContext": {"condition": "RetryAttemptsExhausted"}})
    with monkeypatch.context() as patched:
        patched.setattr(
            "operations.redrive.run.Verification.repair",
            lambda *_, **__: Summary(busy=["octo/cat ALL"]),
        )
        assert terminal.mine("redrive", "alert-stream", "--yes").exit_code == ExitStatus.BUSY
    done = terminal.mine("redrive", "alert-stream", "--yes")
    assert done.exit_code == ExitStatus.OK, done.output
    assert "RetryAttemptsExhausted" in done.stdout
    assert "Deleted: 1 message." in done.stdout
    assert terminal.mine("verify", "--all").exit_code == ExitStatus.OK
    assert bodies(terminal, "AlertStreamDeadLetterQueueUrl") == []


class Functions:
    """Lambda with a mover that settles a repository at its second start, or always fails."""

    def __init__(self, table: Any, *, fails: bool) -> None:
        self.table = table
        self.fails = fails
        self.started: list[str] = []

    def invoke(self, **request: Any) -> Any:
        (record,) = json.loads(request["Payload"])["Records"]
        key = record["dynamodb"]["Keys"]
        self.started.append(key["repository"]["S"])
        if self.fails:
            payload = type("Body", (), {"read": lambda _: b'{"errorType": "RecordingError"}'})()
            return {"FunctionError": "Unhandled", "Payload": payload}
        if len(self.started) == 2:
            self.table.put_item(TableName="Repositories", Item=key)
        return {}


@pytest.fixture
def movers(terminal: Terminal, rows: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
    rows.client.create_table(
        TableName="Repositories",
        KeySchema=[{"AttributeName": "repository", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "repository", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in (1, 2):
        item: dict[str, Any] = {"repository": {"S": f"id#{number}"}}
        moving_from = {"movingFrom": {"L": [{"S": "octo/old"}]}} if number == 1 else {}
        rows.client.put_item(TableName="Repositories", Item={**item, **moving_from})
    outputs = {
        **terminal.deployment.outputs, "RepositoriesTable": "Repositories", "MoverFunction": "mover"
    }  # fmt: skip
    mine = replace(terminal.deployment, outputs=outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)

    def made(*, fails: bool = False) -> Functions:
        functions = Functions(rows.client, fails=fails)
        monkeypatch.setitem(mine.aws.__dict__, "functions", functions)
        return functions

    return made


def test_mover_starts_until_nothing_waits_even_without_a_message(
    terminal: Terminal, movers: Any
) -> None:
    functions = movers()
    assert terminal.document("redrive", "mover", "--dry-run")["waiting"] == ["id#1"]
    assert terminal.document("redrive", "mover", "--yes")["processed"] == 1
    assert functions.started == ["id#1", "id#1"]
    assert terminal.mine("redrive", "mover", "--yes").stdout == "MoverDeadLetterQueue is empty.\n"


def test_messages_stay_if_the_mover_fails_or_never_ends(
    terminal: Terminal, movers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury(terminal, "mover", {"requestContext": {"condition": "RetryAttemptsExhausted"}})
    movers(fails=True)
    done = terminal.mine("redrive", "mover", "--yes")
    assert done.exit_code == ExitStatus.FAILED
    assert "Error: The mover failed for the repository id#1: RecordingError." in done.stderr
    monkeypatch.setattr(moving, "_MOST_STARTS", 1)
    movers()
    done = terminal.mine("redrive", "mover", "--yes")
    assert "Error: The alerts of the repository id#1 still have to move." in done.stderr
    assert len(bodies(terminal, "MoverDeadLetterQueueUrl")) == 1
