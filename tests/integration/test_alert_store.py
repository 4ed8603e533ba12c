"""Recording events in All Events (moto): entered once, never lost, unknown alerts left unknown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from ingest import alert_store, recorder_handler
from ingest.alert_row import AlertRow
from ingest.alert_store import AlertStore, Recorded, RecordingError
from ingest.event import AlertEvent
from ingest.terms import Action, AlertState, ClosedAs, Ref, Severity

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CONTEXT = LambdaContext()
CONTEXT._function_name = CONTEXT._invoked_function_arn = CONTEXT._aws_request_id = "test"
CONTEXT._memory_limit_in_mb = 128
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CREATED = AlertEvent(
    delivery_id="1",
    action=Action.CREATED,
    repository="octo/cat",
    number=7,
    url="https://github.com/octo/cat/security/code-scanning/7",
    created_at=NOW,
    happened_at=NOW,
    received_at=NOW,
    closed_as=None,
    severity=Severity.HIGH,
    tool="CodeQL",
    rule=None,
    ref=Ref.DEFAULT,
)
FIXED = replace(CREATED, action=Action.FIXED, closed_as=ClosedAs.FIXED, delivery_id="2")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("ALL_EVENTS_TABLE", "events")
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="events",
            KeySchema=[
                {"AttributeName": "repositoryName", "KeyType": "HASH"},
                {"AttributeName": "alertID", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "repositoryName", "AttributeType": "S"},
                {"AttributeName": "alertID", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client
    recorder_handler._store.cache_clear()


def test_a_closing_of_an_alert_that_was_never_stored_leaves_no_row(
    client: "DynamoDBClient",
) -> None:
    store = AlertStore(client, table="events")
    assert store.record(FIXED) is Recorded.UNKNOWN
    assert store.read("octo/cat", 7) is None


def test_an_event_is_stored_once(client: "DynamoDBClient") -> None:
    store = AlertStore(client, table="events")
    assert [store.record(e) for e in (CREATED, FIXED, CREATED, FIXED)] == [
        Recorded.STORED,
        Recorded.STORED,
        Recorded.UNCHANGED,
        Recorded.UNCHANGED,
    ]
    row = store.read("octo/cat", 7)
    assert row is not None
    assert row.alert is not None
    assert (row.revision, row.alert.state) == (2, AlertState.CLOSED)


def test_a_write_that_another_overtook_is_done_again(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    store, rival = AlertStore(client, table="events"), AlertStore(client, table="events")
    store.record(CREATED)
    read, rivals = AlertStore.read, [FIXED]

    def overtaken(self: AlertStore, repository: str, number: int) -> AlertRow | None:
        row = read(self, repository, number)
        if self is store and rivals:
            rival.record(rivals.pop())
        return row

    monkeypatch.setattr(AlertStore, "read", overtaken)
    dismissed = replace(
        FIXED, action=Action.CLOSED_BY_USER, closed_as=ClosedAs.WONT_FIX, ref=Ref.NONE
    )
    assert store.record(dismissed) is Recorded.STORED
    row = read(store, "octo/cat", 7)
    assert row is not None
    assert (row.revision, len(row.changes)) == (3, 3)


def test_an_alert_keeps_a_bounded_number_of_changes(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_store, "MAX_CHANGES", 1)
    store = AlertStore(client, table="events")
    store.record(CREATED)
    with pytest.raises(RecordingError, match="too_many_changes"):
        store.record(FIXED)


def test_a_row_that_stays_busy_is_an_error_and_not_lost(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_store, "_FIRST_PAUSE_S", 0)
    monkeypatch.setattr(AlertStore, "_write", lambda *_args, **_kwargs: False)
    with pytest.raises(RecordingError, match="write_contention"):
        AlertStore(client, table="events").record(CREATED)


@pytest.mark.usefixtures("client")
def test_the_recorder_answers_what_became_of_the_event() -> None:
    answers = [recorder_handler.handler(e.to_detail(), CONTEXT) for e in (FIXED, CREATED)]
    assert answers == [{"outcome": "unknown"}, {"outcome": "stored"}]
