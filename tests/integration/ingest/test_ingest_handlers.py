"""The receiver and the authorizer over moto."""

import copy
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from ingest import authorizer_handler, receiver_handler
from ingest.bus.event_bus import EventBus
from ingest.errors import BusUnavailableError, HookRangesError, SecretUnavailableError
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.meta_document import fetch
from ingest.source_addresses.stored_ranges import StoredRanges
from ingest.webhooks.connected_apps import ConnectedApp, text_of
from ingest.webhooks.delivery import Accepted, Delivery, understand
from ingest.webhooks.secret_store import REFRESH_SECONDS, SecretStore, SecretStores
from tests.support.lambda_context import CONTEXT
from tests.support.metric_lines import metric, metrics_in

ALERT: dict[str, Any] = {
    "action": "created",
    "ref": "refs/heads/main",
    "alert": {
        "number": 1,
        "created_at": "2026-11-01T09:00:00Z",
        "html_url": "https://github.com/o/r/security/code-scanning/1",
    },
    "repository": {"full_name": "o/r", "default_branch": "main"},
}


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "WEBHOOK_SECRET_ID": "secret",
        "GITHUB_APPS_SECRET_ID": "apps",
        "EVENT_BUS_NAME": "bus",
        "KEEP_ACTORS": "false",
        "HOOK_RANGES_PARAMETER": "/ranges",
        "META_URL": "https://github.example.org/api/v3/meta",
        "POWERTOOLS_SERVICE_NAME": "test",
        "STACK_NAME": "Gcsmttr",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws(config={"core": {"passthrough": {"urls": ["127.0.0.1"]}}}):
        boto3.client("secretsmanager").create_secret(Name="secret", SecretString="one")
        boto3.client("secretsmanager").create_secret(Name="apps", SecretString="[]")
        boto3.client("events").create_event_bus(Name="bus")
        yield
    for cached in (
        receiver_handler._secrets,
        receiver_handler._bus,
        authorizer_handler._ranges,
    ):
        cached.cache_clear()


def deliver(
    body: bytes, *, secret: str = "one", encoded: bool = False, event: str = "code_scanning_alert"
) -> Any:
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    request = {
        "headers": {
            "X-Hub-Signature-256": signature,
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": "d",
            "Content-Type": "application/json",
        },
        "body": b64encode(body).decode() if encoded else body.decode(),
        "isBase64Encoded": encoded,
    }
    response = receiver_handler.handler(request, CONTEXT)
    return response["statusCode"], json.loads(response["body"])


@pytest.mark.parametrize("encoded", [False, True])
def test_signed_alert_is_accepted_with_its_id(encoded: bool) -> None:
    response = deliver(json.dumps(ALERT).encode(), encoded=encoded)
    assert response == (202, {"outcome": "accepted", "alert": "o/r/1"})


def test_each_response_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    dismissed = copy.deepcopy(ALERT) | {"action": "closed_by_user"}
    dismissed["alert"]["dismissed_reason"] = "something new"
    deliver(json.dumps(dismissed).encode())
    deliver(json.dumps(ALERT).encode())
    deliver(b"{}", secret="wrong")
    deliver(b"{}", event="push")
    deliver(b'{"action":"updated_assignment"}')
    deliver(b'{"action":"new_of_github"}')
    deliver(b"{}", event="ping")
    assert metrics_in(capsys.readouterr().out) == {
        metric("Accepted"): [1, 1],
        metric("UnknownReasons"): [1],
        metric("Refused", reason="signature_wrong"): [1],
        metric("Ignored", action="other_event"): [1],
        metric("Ignored", action="updated_assignment"): [1],
        metric("Ignored", action="other_action"): [1],
    }


def test_responses_contain_their_reason() -> None:
    assert deliver(b"{}", secret="wrong")[0] == 401
    assert deliver(b"{}")[1]["reason"] == "action_missing"
    assert deliver(b"{}", event="ping") == (200, {"outcome": "pong"})
    assert deliver(b"{}", event="push")[0] == 202


@pytest.mark.parametrize(("reason", "is_noted"), [("something new", True), ("mitigated", False)])
def test_log_line_notes_unknown_reason_of_dismissal(
    reason: str, is_noted: bool, caplog: pytest.LogCaptureFixture
) -> None:
    dismissed = copy.deepcopy(ALERT) | {"action": "closed_by_user"}
    dismissed["alert"]["dismissed_reason"] = reason
    assert deliver(json.dumps(dismissed).encode())[0] == 202
    assert getattr(caplog.records[-1], "unknownReason", False) is is_noted


def test_unavailable_bus_gives_503() -> None:
    boto3.client("events").delete_event_bus(Name="bus")
    with pytest.MonkeyPatch.context() as patch:
        refusing = EventBus(boto3.client("events"), name="bus")
        patch.setattr(refusing, "_client", Refusing())
        patch.setattr(receiver_handler, "_bus", lambda: refusing)
        response = deliver(json.dumps(ALERT).encode())
    assert response == (503, {"outcome": "refused", "reason": "bus_unavailable"})


class Refusing:
    def put_events(self, **_: Any) -> dict[str, int]:
        return {"FailedEntryCount": 1}


class Unreachable:
    def put_events(self, **_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="x")

    get_secret_value = put_parameter = get_parameter = put_events


class Failing:
    def get_secret_value(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "x")

    put_parameter = get_parameter = get_secret_value


def test_unreachable_service_raises_its_own_error() -> None:
    bus = EventBus(Unreachable(), name="bus")  # type: ignore[arg-type]
    accepted = understand(delivery(), now=NOW)
    assert isinstance(accepted, Accepted)
    with pytest.raises(BusUnavailableError):
        bus.put(accepted.event)
    for client in (Unreachable(), Failing()):
        secrets = SecretStore(client, secret_id="s", clock=lambda: 0)  # type: ignore[arg-type]
        with pytest.raises(SecretUnavailableError):
            secrets.cached()


NOW = datetime(2026, 11, 23, tzinfo=UTC)


def delivery() -> Delivery:
    headers = {
        "x-github-event": "code_scanning_alert",
        "x-github-delivery": "d",
        "content-type": "application/json",
    }
    return Delivery(headers, json.dumps(ALERT).encode())


def test_secret_rotation_accepts_old_and_new_secret() -> None:
    client, now = boto3.client("secretsmanager"), [0.0]
    store = SecretStores(SecretStore(client, secret_id="secret", clock=lambda: now[0]))
    assert list(store.values()) == [("one",)]
    client.put_secret_value(SecretId="secret", SecretString="two")
    assert list(store.values()) == [("one",)]
    now[0] = 61
    assert list(store.values()) == [("one",), ("two", "one")]
    assert list(store.values()) == [("two", "one")]


def connect(*apps: ConnectedApp) -> None:
    boto3.client("secretsmanager").put_secret_value(SecretId="apps", SecretString=text_of(apps))


def app_with(secret: str, *, app_id: int = 7) -> ConnectedApp:
    return ConnectedApp(
        api_url="https://api.github.com",
        app_id=app_id,
        slug="our-metrics",
        owner="acme",
        private_key="a key",
        webhook_secret=secret,
    )


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the receiver's cache in seconds."""
    seconds = [0.0]
    monkeypatch.setattr("ingest.receiver_handler.time.monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the secrets that the receiver reads."""
    found: list[str] = []
    read = SecretStore.read

    def noted(store: SecretStore) -> tuple[str, ...]:
        found.append(store._secret_id)
        return read(store)

    monkeypatch.setattr(SecretStore, "read", noted)
    return found


def test_deliveries_of_every_app_and_of_the_webhook_made_by_hand_are_accepted() -> None:
    connect(app_with("of an App"), app_with("of another App", app_id=8))
    for secret in ("one", "of an App", "of another App"):
        assert deliver(b"{}", secret=secret, event="ping")[0] == 200
    assert deliver(b"{}", secret="of no App", event="ping")[0] == 401


def test_former_secret_of_an_app_is_accepted() -> None:
    connect(app_with("old"))
    connect(app_with("new"))
    assert deliver(b"{}", secret="old", event="ping")[0] == 200


def test_app_that_was_just_connected_is_accepted_after_a_minute(now: list[float]) -> None:
    assert deliver(b"{}", secret="of an App", event="ping")[0] == 401
    connect(app_with("of an App"))
    assert deliver(b"{}", secret="of an App", event="ping")[0] == 401
    now[0] = REFRESH_SECONDS
    assert deliver(b"{}", secret="of an App", event="ping")[0] == 200


def test_known_signatures_cost_no_read(now: list[float], reads: list[str]) -> None:
    connect(app_with("of an App"))
    for _ in range(3):
        assert deliver(b"{}", event="ping")[0] == 200
    assert reads == ["secret"]
    for _ in range(3):
        assert deliver(b"{}", secret="of an App", event="ping")[0] == 200
        now[0] += REFRESH_SECONDS
    assert reads == ["secret", "apps"]


def test_unknown_signatures_cost_one_read_of_each_secret_a_minute(
    now: list[float], reads: list[str]
) -> None:
    for _ in range(5):
        assert deliver(b"{}", secret="unknown", event="ping")[0] == 401
    assert reads == ["secret", "apps"]
    now[0] = REFRESH_SECONDS
    for _ in range(5):
        assert deliver(b"{}", secret="unknown", event="ping")[0] == 401
    assert reads == ["secret", "apps"] * 2


@pytest.mark.parametrize("apps", [None, "not JSON", '[{"appId": 7}]', "{}", "7"])
def test_one_unavailable_secret_does_not_stop_deliveries_with_the_other(apps: str | None) -> None:
    client = boto3.client("secretsmanager")
    if apps is None:
        client.delete_secret(SecretId="apps", ForceDeleteWithoutRecovery=True)
    else:
        client.put_secret_value(SecretId="apps", SecretString=apps)
    assert deliver(b"{}", event="ping")[0] == 200
    assert deliver(b"{}", secret="of an App", event="ping")[0] == 503


def test_apps_work_without_the_secret_of_a_webhook_made_by_hand() -> None:
    connect(app_with("of an App"))
    boto3.client("secretsmanager").delete_secret(SecretId="secret")
    assert deliver(b"{}", secret="of an App", event="ping")[0] == 200
    assert deliver(b"{}", event="ping")[0] == 503


def authorized(address: str) -> bool:
    authorizer_handler._ranges.cache_clear()
    event = {"requestContext": {"http": {"sourceIp": address}}}
    return authorizer_handler.handler(event, CONTEXT)["isAuthorized"]


def store(*ranges: str) -> None:
    client = boto3.client("ssm")
    stored = StoredRanges(HookRanges.listed(ranges), NOW)
    HookRangesStore(client, parameter="/ranges").write(stored)


def test_no_address_is_allowed_until_ranges_are_stored() -> None:
    assert not authorized("127.0.0.1")
    store("127.0.0.1/32")
    assert authorized("127.0.0.1")
    assert not authorized("127.0.0.2")


def test_listed_ranges_of_github_com_are_allowed_until_ranges_are_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("META_URL", "https://api.github.com/meta")
    assert authorized("192.30.252.1")
    assert authorized("2606:50c0::1")
    assert not authorized("127.0.0.1")
    store("127.0.0.1/32")
    assert not authorized("192.30.252.1")


def test_allowed_ranges_replace_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("META_URL", "https://api.github.com/meta")
    store("127.0.0.1/32")
    monkeypatch.setenv("ALLOWED_RANGES", "192.0.2.0/24,2001:db8::/32")
    monkeypatch.delenv("HOOK_RANGES_PARAMETER")
    assert authorized("192.0.2.7")
    assert authorized("2001:db8::7")
    assert not authorized("127.0.0.1")
    assert not authorized("192.30.252.1")


def test_damaged_copy_refuses_the_request() -> None:
    boto3.client("ssm").put_parameter(Name="/ranges", Value="damaged", Type="String")
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        authorized("127.0.0.1")


def test_unreadable_or_unwritable_ranges_have_stable_reason() -> None:
    ranges = StoredRanges(HookRanges.listed(["127.0.0.1/32"]), NOW)
    for client in (Unreachable(), Failing()):
        unusable = HookRangesStore(client, parameter="p")  # type: ignore[arg-type]
        with pytest.raises(HookRangesError, match="hook_ranges_unreadable"):
            unusable.read()
        with pytest.raises(HookRangesError, match="hook_ranges_unwritable"):
            unusable.write(ranges)
    with pytest.raises(HookRangesError, match="hook_ranges_unreachable"):
        fetch("file:///etc/passwd")
