"""A stand-in for GitHub's meta endpoint, on loopback: says which addresses webhooks come from.

A local deployment learns its hook ranges the way the one on AWS does, by asking over HTTP. Owns the
document and how it is answered, which tests switch.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

LOOPBACK = ("127.0.0.1/32", "::1/128")


def document(ranges: tuple[str, ...] = LOOPBACK) -> bytes:
    """The part of GitHub's meta document that is read here."""
    return json.dumps({"hooks": list(ranges)}).encode()


@dataclass(slots=True)
class MetaServer:
    """What is answered now; assign `status` and `body` to switch it."""

    url: str
    status: int = 200
    body: bytes = document()


@contextmanager
def serving_meta() -> Iterator[MetaServer]:
    """Serve the document on a free port of 127.0.0.1 for as long as the context lasts."""
    meta = MetaServer(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(meta.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(meta.body)))
            self.end_headers()
            self.wfile.write(meta.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: its requests are not news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    meta.url = f"http://127.0.0.1:{server.server_port}/meta"
    thread = Thread(target=server.serve_forever, name="meta", daemon=True)
    thread.start()
    try:
        yield meta
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
