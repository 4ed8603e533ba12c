"""The local client redelivers webhooks that the stack cannot accept yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from infra.local import client


@dataclass
class Stack:
    """A server that responds with these statuses in turn, and keeps the last one."""

    statuses: list[int]
    url: str = ""
    received: list[tuple[str, str, bytes]] = field(default_factory=list)
    """The id, signature and body of each delivery."""


@contextmanager
def responding(*statuses: int) -> Iterator[Stack]:
    stack = Stack(list(statuses))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers["X-Hub-Signature-256"]
            stack.received.append((self.headers["X-GitHub-Delivery"], signature, body))
            is_last = len(stack.statuses) == 1
            self.send_response(stack.statuses[0] if is_last else stack.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    stack.url = f"http://127.0.0.1:{server.server_port}/github/webhook"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stack
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr("infra.local.client.time.sleep", made.append)
    return made


def delivered(stack: Stack) -> int:
    """Deliver a webhook and return the last status."""
    return client.deliver_until_accepted(stack.url, secret="s", payload={"a": 1}).status_code


def test_redelivery_repeats_the_same_id_signature_and_body(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with responding(503, 429, 202) as stack:
        assert delivered(stack) == 202
    assert len(stack.received) == 3
    assert len(set(stack.received)) == 1
    assert capsys.readouterr().out.count("redelivering") == 2


@pytest.mark.parametrize("status", [202, 401, 422])
def test_accepted_and_refused_deliveries_are_not_repeated(status: int) -> None:
    with responding(status) as stack:
        assert delivered(stack) == status
    assert len(stack.received) == 1


def test_client_gives_up_after_about_a_minute(pauses: list[float]) -> None:
    with responding(503) as stack:
        assert delivered(stack) == 503
    assert len(stack.received) == 7
    assert 30 < sum(pauses) < 90
