"""A server in place of GitHub's meta endpoint, which lists the source addresses of webhooks.

A local deployment fetches its hook ranges over HTTP, as one on AWS does. Owns the document and the
status of the response; tests change both.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

LOOPBACK = ("127.0.0.1/32", "::1/128")


def document(ranges: tuple[str, ...] = LOOPBACK) -> bytes:
    """Return the part of GitHub's meta document that the system reads."""
    return json.dumps({"hooks": list(ranges)}).encode()


@dataclass(slots=True)
class MetaServer:
    """The address of the server, and its next response; assign `status` and `body` to change it."""

    url: str
    status: int = 200
    body: bytes = document()


@contextmanager
def serving_meta() -> Iterator[MetaServer]:
    """Serve the document on a free port of 127.0.0.1 until the context ends."""
    meta = MetaServer(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(meta.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(meta.body)))
            self.end_headers()
            self.wfile.write(meta.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing: `make run` prints only what its user needs."""

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
