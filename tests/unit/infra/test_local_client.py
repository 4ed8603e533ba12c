"""How a stack is spoken to as GitHub does: what it could not take is delivered again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from infra.local import client


@dataclass
class Stack:
    """Answers with these statuses in turn, the last for good; keeps what it was sent."""

    statuses: list[int]
    url: str = ""
    told: list[tuple[str, str, bytes]] = field(default_factory=list)


@contextmanager
def answering(*statuses: int) -> Iterator[Stack]:
    stack = Stack(list(statuses))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers["X-Hub-Signature-256"]
            stack.told.append((self.headers["X-GitHub-Delivery"], signature, body))
            kept = len(stack.statuses) == 1
            self.send_response(stack.statuses[0] if kept else stack.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

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
    taken: list[float] = []
    monkeypatch.setattr("infra.local.client.time.sleep", taken.append)
    return taken


def test_what_was_not_taken_is_redelivered_unchanged_under_its_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with answering(503, 429, 202) as stack:
        assert client.deliver_until_taken(stack.url, secret="s", payload={"a": 1}).status == 202
    assert len(stack.told) == 3
    assert len(set(stack.told)) == 1
    assert capsys.readouterr().out.count("redelivering") == 2


@pytest.mark.parametrize("status", [202, 401, 422])
def test_what_was_answered_is_not_redelivered(status: int) -> None:
    with answering(status) as stack:
        assert client.deliver_until_taken(stack.url, secret="s", payload=b"{}").status == status
    assert len(stack.told) == 1


def test_a_stack_that_stays_down_is_given_up(pauses: list[float]) -> None:
    with answering(503) as stack:
        assert client.deliver_until_taken(stack.url, secret="s", payload=b"{}").status == 503
    assert len(stack.told) == 7
    assert 30 < sum(pauses) < 90
