"""The receiver during failures: its log of refused deliveries, and an outage of the secret."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ingest import receiver_handler
from ingest.errors import SecretUnavailableError
from ingest.webhooks.secret_store import REFRESH_SECONDS, SecretStore, SecretStores
from tests.support.lambda_context import CONTEXT

SECRET = "the secret itself"


class SecretsManager:
    """Returns one value, fails while it is down, and counts its requests."""

    def __init__(self) -> None:
        self.requests, self.down, self.response = 0, False, {"SecretString": SECRET}

    def get_secret_value(self, **_: str) -> dict[str, str]:
        self.requests += 1
        if self.down:
            raise EndpointConnectionError(endpoint_url="secretsmanager")
        return self.response


@pytest.fixture
def manager() -> SecretsManager:
    return SecretsManager()


def store_of(manager: SecretsManager, now: list[float]) -> SecretStores:
    clock = lambda: now[0]  # noqa: E731
    return SecretStores(SecretStore(manager, secret_id="s", clock=clock))  # type: ignore[arg-type]


def test_secret_is_requested_once_a_minute_during_outage(manager: SecretsManager) -> None:
    now = [0.0]
    store = store_of(manager, now)
    assert list(store.values()) == [(SECRET, SECRET)]
    manager.down, manager.requests, now[0] = True, 0, float(REFRESH_SECONDS)
    with pytest.raises(SecretUnavailableError):
        list(store.values())
    for _ in range(20):
        assert list(store.values()) == [(SECRET, SECRET)]
    assert manager.requests == 1
    manager.down, now[0] = False, 2.0 * REFRESH_SECONDS
    assert len(list(store.values())) == 2


def test_secret_without_value_is_unavailable(
    manager: SecretsManager,
) -> None:
    manager.response = {}
    store = store_of(manager, [0.0])
    for _ in range(2):
        with pytest.raises(SecretUnavailableError):
            next(store.values())


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, manager: SecretsManager) -> Iterator[io.StringIO]:
    monkeypatch.setenv("STACK_NAME", "Gcsmttr")
    monkeypatch.setattr(receiver_handler, "_secrets", lambda: store_of(manager, [0.0]))
    stream = io.StringIO()
    handler: Any = receiver_handler.logger.registered_handler
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def deliver(headers: dict[str, str]) -> int:
    body = json.dumps({"action": "created", "note": "a text of the body"})
    status: int = receiver_handler.handler({"headers": headers, "body": body}, CONTEXT)[
        "statusCode"
    ]
    return status


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": None, "body": None},
        {"headers": {}, "body": "", "isBase64Encoded": True},
        {"headers": {"X-Hub-Signature-256": "sha256=0,sha256=1"}, "body": "\ud800"},
        {"headers": {"x-hub-signature-256": "\udcff"}, "body": "{}"},
    ],
)
def test_malformed_request_is_refused_with_401(event: dict[str, Any], log: io.StringIO) -> None:
    assert receiver_handler.handler(event, CONTEXT)["statusCode"] == 401
    assert json.loads(log.getvalue())["reason"].startswith("signature_")


def test_refusal_logs_one_line_with_reason_but_without_body_or_secret(
    log: io.StringIO,
) -> None:
    headers = {
        "X-GitHub-Delivery": "d-1",
        "X-GitHub-Event": "code_scanning_alert",
        "X-Hub-Signature-256": "sha256=" + "0" * 64,
    }
    assert deliver(headers) == 401
    assert log.getvalue().count("\n") == 1
    line = json.loads(log.getvalue())
    logged = {name: line[name] for name in ("delivery", "event", "status", "outcome", "reason")}
    assert logged == {
        "delivery": "d-1",
        "event": "code_scanning_alert",
        "status": 401,
        "outcome": "refused",
        "reason": "signature_wrong",
    }
    assert "a text of the body" not in log.getvalue()
    assert SECRET not in log.getvalue()


def test_headers_with_control_characters_or_markup_are_not_logged(log: io.StringIO) -> None:
    assert deliver({"X-GitHub-Delivery": "forged\nline", "X-GitHub-Event": "<script>"}) == 401
    assert "forged" not in log.getvalue()
    assert "script" not in log.getvalue()
