"""A proxy between the functions and the emulator that injects faults into their requests.

Owns the selection of requests and the forwarding. A function is recognised by the application id
that its environment adds to the header User-Agent, an operation by the header X-Amz-Target.
"""

import http.client
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

from tests.chaos.effects import Effect, Reply, Request
from tests.chaos.processes import kill_worker_of

_APPLICATION = re.compile(r"app/(\S+)")
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(slots=True)
class Rule:
    """Applies an effect to some requests.

    Attributes:
        effect: What happens.
        functions: The functions whose requests are affected.
        operations: The affected operations, such as `PutItem`.
        share: The share of these requests.
        most: The most requests that are affected.
        containing: Only requests whose body contains this text.
    """

    effect: Effect
    functions: Sequence[str]
    operations: Sequence[str]
    share: float = 1
    most: int = 1_000_000
    containing: str = ""
    applied: int = 0

    def selects(self, request: Request, chance: float) -> bool:
        """Return whether the effect applies to a request."""
        return (
            self.applied < self.most
            and request.function in self.functions
            and request.operation in self.operations
            and chance < self.share
            and self.containing.encode() in request.body
        )


@dataclass(slots=True)
class Proxy:
    """A running proxy: its address, and the rules that apply at the moment."""

    url: str
    target: str
    rules: list[Rule] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=random.Random)
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def applying(self, rules: Sequence[Rule], *, seed: int) -> Iterator[None]:
        """Apply rules inside the context."""
        with self.lock:
            self.rules, self.chance = list(rules), random.Random(seed)  # noqa: S311
        try:
            yield
        finally:
            self.rules = []

    def effect_on(self, request: Request) -> Effect | None:
        """Return what happens to a request; None if it is passed on unchanged."""
        with self.lock:
            self.seen[request.function, request.operation] += 1
            for rule in self.rules:
                if rule.selects(request, self.chance.random()):
                    rule.applied += 1
                    return rule.effect
        return None


@contextmanager
def serving_proxy(target: str) -> Iterator[Proxy]:
    """Serve a proxy to the emulator at `target` on a free port until the context ends."""
    proxy = Proxy("", target)

    class Handler(_Handler):
        served = proxy

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Forwards the requests of one connection of a function."""

    protocol_version = "HTTP/1.1"
    served: Proxy

    def handle(self) -> None:
        """Handle requests until the function closes the connection, or its process ends."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_POST(self) -> None:
        """Apply an effect, if any, and pass the request on."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self._function(), self._operation(), body)
        effect = self.served.effect_on(request) or Effect()
        if effect.hang_s:
            time.sleep(effect.hang_s)
        if effect.kill_before:
            self._kill()
            return
        headers: dict[str, str] = {}
        reply = None
        for sent in effect.send(request):
            reply, headers = self._forward(sent)
        if effect.kill_after:
            self._kill()
            return
        if effect.reply is not None:
            reply = effect.reply(request)
            headers = {"Content-Type": "application/x-amz-json-1.0"}
        assert reply is not None, "an effect either passes a request on or replies"
        self._answer(reply, headers)

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - the names are http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing."""

    def _function(self) -> str:
        found = _APPLICATION.search(self.headers.get("User-Agent", ""))
        return found.group(1) if found else ""

    def _operation(self) -> str:
        return self.headers.get("X-Amz-Target", "").rpartition(".")[2]

    def _kill(self) -> None:
        assert kill_worker_of(self.client_address[1]), "the process of the function is unknown"
        self.close_connection = True

    def _forward(self, body: bytes) -> tuple[Reply, dict[str, str]]:
        kept = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        host = urlsplit(self.served.target).netloc
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            connection.request(self.command, self.path, body=body, headers=kept)
            response = connection.getresponse()
            reply = Reply(response.status, response.read())
        finally:
            connection.close()
        headers = {k: v for k, v in response.getheaders() if k.lower() not in _HOP_BY_HOP}
        return reply, headers

    def _answer(self, reply: Reply, headers: dict[str, str]) -> None:
        self.send_response_only(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
