"""The download of the hook ranges: untrusted URLs and redirects are refused."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self

import pytest

from ingest.errors import HookRangesError
from ingest.source_addresses.meta_document import fetch


@contextmanager
def redirecting_to(target: str) -> Iterator[str]:
    """Yield the address of a real HTTP server that answers every request with a redirect."""

    class Redirect(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Redirect)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/meta"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/meta",
        "http://127.0.0.1:80@example.org/meta",
        "http://127.0.0.1.example.org/meta",
        "file:///etc/passwd",
        "ftp://127.0.0.1/meta",
        "http://[::1",
        "",
    ],
)
def test_meta_url_other_than_https_or_loopback_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("was requested"))
    with pytest.raises(HookRangesError, match="hook_ranges_unreachable"):
        fetch(url)


def test_redirect_to_untrusted_url_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Strayed:
        url = "http://example.org/meta"

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def read(self, _: int) -> bytes:
            pytest.fail("was read")

    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: Strayed())
    with pytest.raises(HookRangesError, match="hook_ranges_unreachable"):
        fetch("https://api.github.com/meta")


def test_endless_redirect_is_refused() -> None:
    with (
        redirecting_to("/again") as url,
        pytest.raises(HookRangesError, match="hook_ranges_unreachable"),
    ):
        fetch(url)
