"""Random hostile deliveries: the receiver never crashes, and unsigned ones have no effect.

The deliveries are real payloads, and random ones by GitHub's schemas, with random changes to
values, structure, size, Unicode, headers, signatures and encodings. `HOSTILE_WEBHOOKS` sets their
number, `HOSTILE_SEED` the random seed.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from ingest import receiver_handler, recorder_handler
from ingest.alerts import alert_row
from ingest.alerts.alert_store import AlertStore
from ingest.errors import BusUnavailableError
from ingest.events import repository_event
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.events.repository_event import RepositoryEvent
from ingest.recording.recorder import Recorded, Recorder
from ingest.repositories.repository_store import RepositoryStore
from tests.support import webhook_schemas
from tests.support.hostile_webhooks import Hostile, payloads
from tests.support.lambda_context import CONTEXT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

COUNT = int(os.environ.get("HOSTILE_WEBHOOKS", "1500"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
SECRET = "the secret"

REASONS = {
    200: {"pong"},
    202: {"accepted", "event_ignored", "action_ignored"},
    400: {"body_not_json", "event_missing", "delivery_id_invalid", "content_type_unknown"},
    401: {"signature_missing", "signature_wrong"},
    413: {"body_too_large"},
    422: {
        *("action_missing", "alert_missing", "repository_missing", "repository_invalid"),
        *("alert_number_invalid", "alert_url_invalid", "created_at_invalid", "updated_at_invalid"),
        *("fixed_at_invalid", "dismissed_at_invalid", "time_in_the_future"),
    },
    503: {"bus_unavailable"},
}
"""Every documented reason of the receiver, by status."""


class Bus:
    """A bus that keeps events as JSON, as EventBridge does, and can be unavailable."""

    def __init__(self) -> None:
        self.is_down = False
        self.details: list[str] = []

    def put(self, event: AlertEvent) -> None:
        self._put(to_detail(event))

    def put_repository(self, event: RepositoryEvent) -> None:
        self._put(repository_event.to_detail(event))

    def _put(self, detail: dict[str, object]) -> None:
        if self.is_down:
            raise BusUnavailableError
        self.details.append(json.dumps(detail, allow_nan=False))


class Secrets:
    def values(self) -> Iterator[tuple[str, ...]]:
        yield (SECRET,)
        yield ("", "another")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("KEEP_ACTORS", "true")
    monkeypatch.setenv("STACK_NAME", "Gcsmttr")
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
        client.create_table(
            TableName="repositories",
            KeySchema=[{"AttributeName": "repository", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "repository", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def test_hostile_deliveries_get_documented_responses_and_unsigned_ones_have_no_effect(
    table: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    bus, store = Bus(), AlertStore(table, table="events")
    monkeypatch.setattr(receiver_handler, "_secrets", Secrets)
    monkeypatch.setattr(receiver_handler, "_bus", lambda: bus)
    repositories = RepositoryStore(table, table="repositories")
    recorder = Recorder(table, alerts=store, repositories=repositories)
    monkeypatch.setattr(recorder_handler, "_recorder", lambda: recorder)
    monkeypatch.setattr(recorder_handler, "_repositories", lambda: repositories)
    chance = random.Random(SEED)  # noqa: S311
    kinds = webhook_schemas.names("code-scanning-alert", "repository-", "dependabot-alert")
    by_schema = [webhook_schemas.payload(name, chance) for name in kinds for _ in range(3)]
    hostile = Hostile(chance, payloads(datetime.now(UTC)) + by_schema, SECRET)
    seen: Counter[str] = Counter()
    for number in range(COUNT):
        event, body, is_signed = hostile.event()
        bus.is_down = hostile.chance.random() < 0.02
        accepted = len(bus.details)
        response = receiver_handler.handler(event, CONTEXT)
        body_sent = json.loads(response["body"])
        reason = body_sent.get("reason", body_sent["outcome"])
        shown = (
            f"delivery {number} of seed {SEED}: {response} for {event['headers']} {body[:2_000]!r}"
        )
        assert reason in REASONS[response["statusCode"]], shown
        assert is_signed or response["statusCode"] in {401, 413}, shown
        assert bus.is_down or response["statusCode"] < 500, shown
        assert len(bus.details) - accepted == (reason == "accepted"), shown
        if is_signed:
            hostile.signed.append((body, _header(event["headers"], "x-hub-signature-256")))
        if reason == "accepted" and "repository" in body_sent:
            outcome = recorder_handler.handler(json.loads(bus.details[-1]), CONTEXT)
            assert outcome == {"outcome": "observed"}, shown
        elif reason == "accepted":
            _record(json.loads(bus.details[-1]), body_sent["alert"], store)
        seen[reason] += 1
    if COUNT >= 1_000:
        assert len(seen) > 15
        assert seen["accepted"] > COUNT / 20


def _header(headers: dict[str, Any], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _record(detail: dict[str, Any], alert: str, store: AlertStore) -> None:
    """Assert that an accepted event is unchanged on the bus and is recorded once."""
    event = from_detail(detail)
    assert to_detail(event) == detail
    assert event.alert_id == alert
    assert recorder_handler.handler(detail, CONTEXT)["outcome"] in set(Recorded)
    assert recorder_handler.handler(detail, CONTEXT) == {"outcome": "unchanged"}
    row = store.read(event.repository, event.number)
    assert row is not None
    item = alert_row.to_item(row)
    assert alert_row.from_item(item) == row
    if row.alert is not None:
        assert alert_row.state_from_item(item) == row.alert
