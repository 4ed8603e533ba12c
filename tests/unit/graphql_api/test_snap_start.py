"""With SnapStart, a snapshot contains the service, and a restored process renews some state."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.snap_start import prepare
from tests.support.graphql_api.deployment import ENVIRONMENT
from tests.support.paths import ROOT

ON_LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "query"}
SNAP_START = {**ON_LAMBDA, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """Return the hooks that Lambda calls after it restores a process."""
    registered: list[Callable[[], object]] = []
    runtime = SimpleNamespace(register_after_restore=registered.append)
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    return registered


@pytest.mark.parametrize("kind", ["on-demand", "provisioned-concurrency"])
def test_each_start_on_lambda_builds_during_initialisation(
    kind: str, hooks: list[Callable[[], object]]
) -> None:
    built: list[str] = []
    environment = {**ON_LAMBDA, "AWS_LAMBDA_INITIALIZATION_TYPE": kind}

    prepare(lambda: built.append("service"), environment=environment)

    assert built == ["service"]
    assert hooks == []


def test_other_processes_build_nothing_early(hooks: list[Callable[[], object]]) -> None:
    built: list[str] = []

    prepare(lambda: built.append("service"), environment={})

    assert built == []
    assert hooks == []


def test_processes_from_one_snapshot_have_different_random_numbers(
    hooks: list[Callable[[], object]],
) -> None:
    built: list[str] = []
    prepare(lambda: built.append("service"), environment=SNAP_START)
    assert built == ["service"]
    snapshot = random.getstate()

    states = []
    for _process in range(2):
        random.setstate(snapshot)
        for hook in hooks:
            hook()
        states.append(random.getstate())

    assert states[0] != states[1]


IMPORT = """
import sys
from types import SimpleNamespace

sys.modules["snapshot_restore_py"] = SimpleNamespace(register_after_restore=lambda hook: None)
from graphql_api import query_handler

print(query_handler._service.cache_info().currsize)
"""


@pytest.mark.parametrize(("start", "services"), [(SNAP_START, "1"), (ON_LAMBDA, "1"), ({}, "0")])
def test_initialised_process_contains_the_service(start: dict[str, str], services: str) -> None:
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}
    completed = subprocess.run(
        [sys.executable, "-c", IMPORT],
        env={**environment, **start},
        check=False,
        capture_output=True,
        text=True,
    )
    assert completed.stdout.strip() == services, completed.stderr


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[str]]]:
    """Yield the URL of a credentials endpoint like Lambda's, and the tokens of its requests.

    The first credentials expire after one minute.
    """
    tokens: list[str] = []

    class Credentials(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tokens.append(self.headers["Authorization"])
            lifetime = timedelta(minutes=1 if len(tokens) == 1 else 60)
            body = json.dumps(
                {
                    "AccessKeyId": f"KEY{len(tokens)}",
                    "SecretAccessKey": "secret",
                    "Token": "session",
                    "Expiration": (datetime.now(UTC) + lifetime).isoformat(),
                }
            ).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Credentials) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/credentials", tokens
        server.shutdown()


def test_restored_process_replaces_expired_container_credentials(
    endpoint: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, tokens = endpoint
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the sandbox")
    sent: list[AWSPreparedRequest] = []

    def respond(request: AWSPreparedRequest, **_: object) -> Any:
        sent.append(request)
        body = SimpleNamespace(stream=lambda: [b"{}"])
        return AWSResponse(str(request.url), 200, {}, body)  # type: ignore[arg-type]

    query_handler._service.cache_clear()
    dynamodb = query_handler._service().context_of(Access("tests")).reader.client
    query_handler._service.cache_clear()
    dynamodb.meta.events.register("before-send.dynamodb", respond)
    dynamodb.get_item(TableName="t", Key={"a": {"S": "1"}})

    assert "Credential=KEY2/" in str(sent[0].headers["Authorization"])
    assert tokens == ["of the sandbox"] * 2
