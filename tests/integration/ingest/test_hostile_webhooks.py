"""Random hostile deliveries: the receiver never crashes, and unsigned ones have no effect.

The deliveries are real payloads with random changes to values, structure, size, Unicode, headers,
signatures and encodings. `HOSTILE_WEBHOOKS` sets their number, `HOSTILE_SEED` the random seed.
"""

import copy
import hashlib
import hmac
import json
import os
import random
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

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
from ingest.webhooks.delivery import MAX_BODY_BYTES
from tests.support.lambda_context import CONTEXT
from tests.support.paths import ROOT
from tests.support.sample_webhooks import story

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

COUNT = int(os.environ.get("HOSTILE_WEBHOOKS", "1500"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
SECRET = "the secret"
EXAMPLES = ROOT / "node_modules" / "@octokit" / "webhooks-examples"
NOW = datetime.now(UTC)

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

TEXTS = (
    *("", " ", "\x00", "\x7f", "\u202e", "\ud800", "\udfff", "\N{ROCKET}" * 400, "e\u0301" * 300),
    *("a/b", "a/b/c", "../..", "A" * 5_000, "null", "__proto__", "{{7*7}}", "' OR 1=1 --", "\n\r"),
    *("open", "fixed", "dismissed", "CREATED", "reconciled", "created", "fixed", "reopened"),
    *(
        "refs/heads/main",
        "refs/pull/1/merge",
        "critical",
        "won't fix",
        "\u212a",
        "\u0130",
        "\ufeff",
    ),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-W01-1"),
    *("2026-11-23T09:00:00Z", "2026-11-23T09:00:00.123456789+14:00", "2026-11-23T24:00:00Z"),
    *("https://github.com/a/b/security/dependabot/1", "javascript:alert(1)", "https://[::1"),
)
NUMBERS = (0, -0.0, -1, 1, 22, 2**31 - 1, 2**31, 2**63, 10**400, 1e308, 1.5, True, False)


@dataclass
class Hostile:
    """Random deliveries from one seeded source."""

    chance: random.Random
    payloads: list[dict[str, Any]]
    signed: list[tuple[bytes, str]] = field(default_factory=list)

    def event(self) -> tuple[dict[str, Any], bytes, bool]:
        """Return an event of the HTTP API, its body, and whether the body is signed."""
        body, content_type = self._body()
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers: dict[str, Any] = {
            "x-github-event": self.chance.choice([*["code_scanning_alert"] * 5, "repository"]),
            "x-github-delivery": f"d-{self.chance.randrange(10**6)}",
            "content-type": content_type,
            "x-hub-signature-256": signature,
        }
        is_signed = True
        if self.chance.random() < 0.25:
            body, is_signed = self._unsign(headers, body)
        if self.chance.random() < 0.2:
            name = self.chance.choice(
                ["x-github-event", "x-github-delivery", "content-type", "host", "x-forwarded-for"]
            )
            headers[name] = self.chance.choice([*TEXTS, "ping", "push", "dependabot_alert"])
            if self.chance.random() < 0.3:
                del headers[name]
        named = {self._spelled(name): value for name, value in headers.items()}
        try:
            text, is_base64 = body.decode(), self.chance.random() < 0.3
        except UnicodeDecodeError:
            text, is_base64 = "", True
        sent = b64encode(body).decode() if is_base64 else text
        return {"headers": named, "body": sent, "isBase64Encoded": is_base64}, body, is_signed

    def _unsign(self, headers: dict[str, Any], body: bytes) -> tuple[bytes, bool]:
        good = headers["x-hub-signature-256"]
        match self.chance.randrange(6):
            case 0:
                del headers["x-hub-signature-256"]
            case 1:
                headers["x-hub-signature-256"] = self.chance.choice(
                    ["", "sha256=", "sha1=1", good[:-1], good + "0", good.upper(), *TEXTS]
                )
            case 2:
                other = hmac.new(b"", body, hashlib.sha256).hexdigest()
                headers["x-hub-signature-256"] = f"sha256={other}"
            case 3 if self.signed:
                _, headers["x-hub-signature-256"] = self.chance.choice(self.signed)
                return body + b" ", False
            case 4:
                headers["x-hub-signature"] = headers.pop("x-hub-signature-256")
            case _:
                position = self.chance.randrange(len(body) + 1)
                body = body[:position] + b"x" + body[position:]
        return body, False

    def _spelled(self, name: str) -> str:
        return name.title() if self.chance.random() < 0.5 else name

    def _body(self) -> tuple[bytes, str]:
        payload = copy.deepcopy(self.chance.choice(self.payloads))
        for _ in range(self.chance.choice([0, 1, 1, 2, 5])):
            self._mutate(payload)
        if self.chance.random() < 0.02:
            payload["padding"] = "x" * (MAX_BODY_BYTES - self.chance.randrange(20_000))
        text = json.dumps(payload, ensure_ascii=self.chance.random() < 0.5)
        if self.chance.random() < 0.1:
            text = self._broken(text)
        raw = text.encode(errors="surrogatepass")
        if self.chance.random() < 0.2:
            form = urlencode({"payload": raw})
            return form.encode(), "application/x-www-form-urlencoded"
        return raw, "application/json"

    def _broken(self, text: str) -> str:
        deep = self.chance.choice([50, 900, 20_000])
        return self.chance.choice(
            [
                text[: self.chance.randrange(len(text))],
                text.replace("null", self.chance.choice(["NaN", "Infinity", "-Infinity", "1e999"])),
                text.replace("null", "[" * deep + "]" * deep, 1),
                text.replace("null", "9" * 5_000, 1),
                f"[{text}]",
                text + text,
                "\ufeff" + text,
                "",
                "null",
                '"created"',
            ]
        )

    def _mutate(self, payload: dict[str, Any]) -> None:
        holder: Any = payload
        for step in self.chance.choice(PATHS):
            if not isinstance(holder.get(step), dict):
                break
            holder = holder[step]
        name = self.chance.choice([*holder, "ref", "state", "extra"])
        if self.chance.random() < 0.2:
            holder.pop(name, None)
        else:
            holder[name] = self._value()

    def _value(self) -> Any:
        return self.chance.choice(
            [
                None,
                [],
                {},
                [{"login": "x"}],
                {"name": {"name": 1}},
                self.chance.choice(NUMBERS),
                self.chance.choice(TEXTS),
                self.chance.choice(TEXTS),
            ]
        )


PATHS: tuple[tuple[str, ...], ...] = (
    *((), ("alert",), ("alert",), ("repository",), ("repository", "owner"), ("organization",)),
    *(("alert", "rule"), ("alert", "tool"), ("alert", "most_recent_instance")),
)


def payloads() -> list[dict[str, Any]]:
    """Return GitHub's own examples of alerts of every kind, and deliveries of the sample story."""
    kinds = ("code_scanning_alert", "dependabot_alert", "secret_scanning_alert")
    examples = [
        example
        for file in sorted(EXAMPLES.glob("*/index.json"))
        for event in json.loads(file.read_text())
        if event["name"] in kinds
        for example in event["examples"]
    ]
    return examples + list(story(NOW))[::5]


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
    hostile = Hostile(random.Random(SEED), payloads())  # noqa: S311
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
