"""The four Lambda functions over moto: stream records become overviews of both levels."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from ingest.alerts.alert_row import AlertRow, to_item
from ingest.alerts.change import Change, Facts, Kind
from ingest.origin import Origin, Origins, from_item
from ingest.terms import Ref, Severity
from rollup import (
    alert_stream_handler,
    organisation_queue_handler,
    repository_queue_handler,
    repository_stream_handler,
)
from rollup.queues.forwarding import alert_messages
from rollup.queues.sender import Sender, SendError
from rollup.rows.ledger import Entry
from rollup.stores.item_reader import ContentionError
from rollup.stores.rollup_store import RollupStore
from tests.support.lambda_context import CONTEXT
from tests.support.metric_lines import metric, metrics_in

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

TABLES = {
    "REPOSITORY_OVERVIEW_TABLE": ("repositories", "repositoryName", "period"),
    "ORGANISATION_OVERVIEW_TABLE": ("organisations", "organisationName", "period"),
    "LEDGER_TABLE": ("ledger", "source", "part"),
}
QUEUES = {"REPOSITORY_QUEUE_URL": "r.fifo", "ORGANISATION_QUEUE_URL": "o.fifo"}
STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/events/stream/2026-01-01T00:00:00.000"
HANDLERS = (
    alert_stream_handler,
    repository_queue_handler,
    repository_stream_handler,
    organisation_queue_handler,
)


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("STACK_NAME", "Gcsmttr")
    with mock_aws():
        for variable, (name, *keys) in TABLES.items():
            monkeypatch.setenv(variable, name)
            dynamodb().create_table(
                TableName=name,
                KeySchema=[
                    {"AttributeName": keys[0], "KeyType": "HASH"},
                    {"AttributeName": keys[1], "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
                BillingMode="PAY_PER_REQUEST",
            )
        for variable, name in QUEUES.items():
            made = sqs().create_queue(QueueName=name, Attributes={"FifoQueue": "true"})
            monkeypatch.setenv(variable, made["QueueUrl"])
        yield
    for module in HANDLERS:
        for cached in ("_sender", "_store", "_reader"):
            if hasattr(module, cached):
                getattr(module, cached).cache_clear()


def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb")


def sqs() -> "SQSClient":
    return boto3.client("sqs")


def image(repository: str, number: int, revision: int = 1, origins: Origins = ()) -> dict[str, Any]:
    facts = Facts(1_767_225_600_000, repository, "https://x", Severity.HIGH, None, None)
    created = Change(at_ms=facts.created_ms, kind=Kind.CREATED, ref=Ref.DEFAULT, facts=facts)
    seen = replace(created, at_ms=facts.created_ms + revision)
    row = AlertRow(repository, number, revision, frozenset({created, seen}), origins=origins)
    return {"eventSourceARN": STREAM, "dynamodb": {"NewImage": to_item(row)}}


def never_created(repository: str, number: int) -> dict[str, Any]:
    """Return the stream record of a change to an alert that was never created."""
    facts = Facts(1_767_225_600_000, repository, "https://x", Severity.HIGH, None, None)
    reopened = Change(at_ms=facts.created_ms, kind=Kind.REOPENED, ref=Ref.DEFAULT, facts=facts)
    row = AlertRow(repository, number, 1, frozenset({reopened}), expires_s=1)
    return {"eventSourceARN": STREAM, "dynamodb": {"NewImage": to_item(row)}}


def overview(repository: str, revision: int) -> dict[str, Any]:
    """Return the stream record of a repository's overview row."""
    key = {"repositoryName": {"S": repository}, "period": {"S": "ALL"}}
    item = {**key, "revision": {"N": str(revision)}}
    return {"eventSourceARN": STREAM, "dynamodb": {"NewImage": item}}


def received(variable: str) -> list[dict[str, Any]]:
    url = sqs().get_queue_url(QueueName=QUEUES[variable])["QueueUrl"]
    records: list[dict[str, Any]] = []
    while (
        messages := sqs()
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])
        .get("Messages", [])
    ):
        records += [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "attributes": {"MessageGroupId": message["Attributes"]["MessageGroupId"]},
            }
            for message in messages
        ]
    return records


def rows(table: str) -> dict[str, dict[str, Any]]:
    items = dynamodb().scan(TableName=table)["Items"]
    name = "repositoryName" if table == "repositories" else "organisationName"
    return {f"{item[name]['S']} {item['period']['S']}": item for item in items}


def stream_of_rows() -> list[dict[str, Any]]:
    return [
        {"eventSourceARN": STREAM, "dynamodb": {"NewImage": item}}
        for item in rows("repositories").values()
    ]


def test_stream_records_become_overviews_of_both_levels() -> None:
    records = [image("octo/cat", n) for n in range(1, 4)] + [image("octo/dog", 1)]
    records += [
        image("octo/cat", 1, revision=2),
        {"eventSourceARN": STREAM, "dynamodb": {"Keys": {}}},
        never_created("octo/cow", 1),
    ]
    alert_stream_handler.handler({"Records": records}, CONTEXT)
    messages = received("REPOSITORY_QUEUE_URL")
    assert len(messages) == 2
    response = repository_queue_handler.handler({"Records": messages}, CONTEXT)
    assert response == {"batchItemFailures": []}
    stream = stream_of_rows()
    repository_stream_handler.handler({"Records": stream}, CONTEXT)
    messages = received("ORGANISATION_QUEUE_URL")
    assert len(messages) == 1
    for _ in range(2):
        response = organisation_queue_handler.handler({"Records": messages}, CONTEXT)
        assert response == {"batchItemFailures": []}
    assert rows("repositories")["octo/cat MONTH#2026-01"]["openAlerts"]["N"] == "3"
    assert rows("organisations")["octo ALL"]["openAlerts"]["N"] == "4"
    assert rows("organisations")["octo ALL"]["revision"]["N"] == "1"


def messages_of(*repositories: str) -> list[dict[str, Any]]:
    records = [image(repository, 1) for repository in repositories]
    alert_stream_handler.handler({"Records": records}, CONTEXT)
    return received("REPOSITORY_QUEUE_URL")


def test_malformed_message_blocks_only_later_messages_of_its_group() -> None:
    good, other = messages_of("octo/cat", "octo/dog")
    bad = {**good, "messageId": "bad", "body": json.dumps({"version": 2})}
    behind = {**good, "messageId": "behind"}
    response = repository_queue_handler.handler({"Records": [good, bad, behind, other]}, CONTEXT)
    failed = [failure["itemIdentifier"] for failure in response["batchItemFailures"]]
    assert failed == ["bad", "behind"]
    assert {"octo/cat ALL", "octo/dog ALL"} <= rows("repositories").keys()


def test_failed_group_is_reported_and_other_groups_are_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cat, dog = messages_of("octo/cat", "octo/dog")
    apply = RollupStore.apply

    def busy(self: RollupStore, entries: Iterable[Entry]) -> list[Entry]:
        some = list(entries)
        if some[0].key.source.endswith("octo/cat"):
            raise ContentionError
        return apply(self, some)

    monkeypatch.setattr(RollupStore, "apply", busy)
    response = repository_queue_handler.handler({"Records": [cat, dog]}, CONTEXT)
    assert response == {"batchItemFailures": [{"itemIdentifier": cat["messageId"]}]}
    assert "octo/dog ALL" in rows("repositories")


def test_missing_table_reports_the_group_as_failed() -> None:
    messages = messages_of("octo/cat")
    dynamodb().delete_table(TableName="ledger")
    response = repository_queue_handler.handler({"Records": messages}, CONTEXT)
    assert response["batchItemFailures"] == [{"itemIdentifier": messages[0]["messageId"]}]


def test_row_with_unknown_layout_fails_only_its_group() -> None:
    cat, dog = messages_of("octo/cat", "octo/dog")
    repository_queue_handler.handler({"Records": [cat]}, CONTEXT)
    item = rows("repositories")["octo/cat ALL"] | {"cells": {"B": b"\x09"}}
    dynamodb().put_item(TableName="repositories", Item=item)
    (message,) = alert_messages([image("octo/cat", 2)])
    later = {**cat, "messageId": "later", "body": message.body}
    response = repository_queue_handler.handler({"Records": [later, dog]}, CONTEXT)
    assert response == {"batchItemFailures": [{"itemIdentifier": "later"}]}
    assert "octo/dog ALL" in rows("repositories")


@pytest.mark.parametrize("lost", ["revision", "cells"])
def test_malformed_row_fails_only_its_group(lost: str) -> None:
    cat, dog = messages_of("octo/cat", "octo/dog")
    repository_queue_handler.handler({"Records": [cat]}, CONTEXT)
    item = rows("repositories")["octo/cat ALL"]
    dynamodb().put_item(TableName="repositories", Item=item | {lost: {"S": "malformed"}})
    (message,) = alert_messages([image("octo/cat", 2)])
    later = {**cat, "messageId": "later", "body": message.body}
    response = repository_queue_handler.handler({"Records": [later, dog]}, CONTEXT)
    assert response == {"batchItemFailures": [{"itemIdentifier": "later"}]}
    assert "octo/dog ALL" in rows("repositories")


def test_message_refused_by_sqs_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    client = sqs()
    monkeypatch.setattr(
        client, "send_message_batch", lambda **_: {"Failed": [{"Id": "0"}]}, raising=False
    )
    sender = Sender(client, queue_url="u")
    assert sender.send([], stream=STREAM) == 0
    (message,) = alert_messages([image("octo/cat", 1)])
    with pytest.raises(SendError):
        sender.send([message], stream=STREAM)


@pytest.mark.parametrize(
    ("handler", "records", "queue"),
    [
        (alert_stream_handler.handler, [image("octo/cat", 1)], "REPOSITORY_QUEUE_URL"),
        (repository_stream_handler.handler, [overview("octo/cat", 4)], "ORGANISATION_QUEUE_URL"),
    ],
)
def test_same_revision_of_a_restored_table_is_another_message(
    handler: Callable[..., None], records: list[dict[str, Any]], queue: str
) -> None:
    restored = [{**record, "eventSourceARN": f"{STREAM}-restored"} for record in records]
    for batch in (records, records, restored):
        handler({"Records": batch}, CONTEXT)
    first, second = received(queue)
    assert first["body"] == second["body"]


def test_more_than_ten_messages_are_sent_in_several_batches() -> None:
    names = [f"octo/r{n}" for n in range(23)]
    assert len(messages_of(*names)) == 23


def test_deliveries_are_in_each_log_line_down_to_the_organisation(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    now_ms = time.time_ns() // 1_000_000
    records = [
        image("octo/cat", 1, origins=(Origin("first", now_ms - 60_000),)),
        image("octo/cat", 1, revision=2, origins=(Origin("second", now_ms - 30_000),)),
        image("octo/cat", 2, origins=(Origin("backfill"),)),
    ]
    alert_stream_handler.handler({"Records": records}, CONTEXT)
    repository_queue_handler.handler({"Records": received("REPOSITORY_QUEUE_URL")}, CONTEXT)
    stream = stream_of_rows()
    repository_stream_handler.handler({"Records": stream}, CONTEXT)
    messages = received("ORGANISATION_QUEUE_URL")
    for _ in range(2):
        organisation_queue_handler.handler({"Records": messages}, CONTEXT)
    lines = [getattr(line, "deliveries", None) for line in caplog.records]
    assert lines == ["first second backfill"] * 5
    assert ["origins" in item for item in rows("organisations").values()] == [False] * 3
    found = metrics_in(capsys.readouterr().out)
    for level in ("repository", "organisation"):
        lags = found.pop(metric("Lag", level=level))
        assert [lag // 20_000 for lag in lags] == [3, 1]
    assert found == {
        metric("Applied", level="repository"): [2],
        metric("Applied", level="organisation"): [3],
        metric("Duplicates", level="organisation"): [3],
    }


def test_origins_of_a_row_are_those_of_its_newest_write() -> None:
    def origins_after(number: int, *ids: str) -> list[str]:
        (message,) = alert_messages([image("octo/cat", number, origins=tuple(map(Origin, ids)))])
        record = {"body": message.body, "attributes": {"MessageGroupId": message.group}}
        repository_queue_handler.handler({"Records": [record]}, CONTEXT)
        found = [from_item(item) for item in rows("repositories").values()]
        return [one.delivery for origins in found for one in origins]

    assert origins_after(1, "first") == ["first"]
    assert origins_after(2, "second") == ["second"]
    many = [f"d-{number}" for number in range(20)]
    assert origins_after(3, *many) == many[:10]


def test_failure_of_a_stream_handler_names_its_deliveries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object, **__: object) -> int:
        raise SendError

    monkeypatch.setattr(Sender, "send", refused)
    records = [image("octo/cat", 1, origins=(Origin("first"),))]
    with pytest.raises(SendError):
        alert_stream_handler.handler({"Records": records}, CONTEXT)
    (line,) = caplog.records
    assert (line.message, line.deliveries) == ("not forwarded", "first")  # type: ignore[attr-defined]


def test_repeated_transactions_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    transact, refused = RollupStore._transact, iter([False])

    def busy_once(self: RollupStore, actions: list[Any]) -> bool:
        return next(refused, True) and transact(self, actions)

    monkeypatch.setattr(RollupStore, "_transact", busy_once)
    repository_queue_handler.handler({"Records": messages_of("octo/cat")}, CONTEXT)
    assert metrics_in(capsys.readouterr().out) == {
        metric("Applied", level="repository"): [1],
        metric("Conflicts", level="repository"): [1],
    }
