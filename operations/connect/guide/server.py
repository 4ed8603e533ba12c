"""The server of the page: on 127.0.0.1, on a free port, below a random path, for one run.

Owns what a request must have: the exact host of this server, the random path, and for GitHub's
redirection the random `state`. It never calls GitHub or AWS: the command takes the code from here.
"""

import hmac
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from operations.connect.guide.page import View, html, problem

_HOST = "127.0.0.1"
_TIMEOUT_S = 10
_HTML = "text/html; charset=utf-8"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class PageServer:
    """The state that the requests of the browser and the command share."""

    def __init__(self) -> None:
        self.state = secrets.token_urlsafe(32)
        """What GitHub must send back with the code."""
        self.path = f"/{secrets.token_urlsafe(16)}/"
        self.host = ""
        self.view: View | None = None
        self._code: str | None = None
        self._is_code_taken = False
        self._lock = threading.Lock()
        self._moved = threading.Event()
        self._is_opened = False
        self._seen = ""
        self._is_seen = threading.Condition(self._lock)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{self.host}{self.path}"

    def show(self, view: View) -> None:
        """Show something else from now on."""
        with self._lock:
            self.view = view

    def take_code(self) -> str | None:
        """Return the code of GitHub's redirection once, or None if it has not come."""
        with self._lock:
            code, self._code = self._code, None
            return code

    def pause(self, seconds: float) -> None:
        """Wait until the person comes back from GitHub, or for some seconds."""
        self._moved.wait(seconds)
        self._moved.clear()

    def wait_until_seen(self, seconds: float) -> None:
        """Wait until the browser has the present view, if it has shown the page before."""
        with self._is_seen:
            view = self.view
            if self._is_opened and view is not None:
                self._is_seen.wait_for(lambda: self._seen == view.version, seconds)

    def page(self) -> tuple[str, View] | None:
        """Return a nonce and the view of a page that the browser gets."""
        with self._is_seen:
            if self.view is None:
                return None
            self._is_opened, self._seen = True, self.view.version
            self._is_seen.notify_all()
            return secrets.token_urlsafe(16), self.view

    def accept(self, query: str) -> bool:
        """Keep the code of GitHub's redirection, and return whether its `state` is right.

        Only the first code counts.
        """
        try:
            fields = parse_qs(query, max_num_fields=10)
        except ValueError:
            return False
        state, code = fields.get("state", [""])[0], fields.get("code", [""])[0]
        if not code or not hmac.compare_digest(state.encode(), self.state.encode()):
            return False
        with self._lock:
            if not self._is_code_taken:
                self._is_code_taken, self._code = True, code
        self._moved.set()
        return True

    def notice(self) -> None:
        """Let the command look at once whether the App is installed."""
        self._moved.set()


@contextmanager
def serving() -> Iterator[PageServer]:
    """Serve the page until the context ends."""
    shared = PageServer()

    class Handler(_Handler):
        page_server = shared

    server = _Server((_HOST, 0), Handler)
    shared.host = f"{_HOST}:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, args=(0.05,), name="connect page", daemon=True
    )
    thread.start()
    try:
        yield shared
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Print a defect, but not that a browser has closed its connection."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    page_server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = _TIMEOUT_S

    def do_GET(self) -> None:
        shared = self.page_server
        path, _, query = self.path.partition("?")
        # Another host name that leads here belongs to a page of somebody else.
        if self.headers.get_all("Host") != [shared.host]:
            self._send(421, problem("This server has another host name."))
        elif not path.startswith(shared.path):
            self._send(404, problem("There is no such page."))
        else:
            self._respond(path.removeprefix(shared.path), query)

    def _respond(self, name: str, query: str) -> None:
        shared = self.page_server
        if name == "":
            self._send_page()
        elif name == "version":
            view = shared.view
            self._send(200, view.version if view else "", "text/plain; charset=utf-8")
        elif name == "registered":
            if shared.accept(query):
                self._redirect()
            else:
                text = "This address does not belong to the command that runs now."
                self._send(403, problem(text))
        elif name == "installed":
            shared.notice()
            self._redirect()
        else:
            self._send(404, problem("There is no such page."))

    def _send_page(self) -> None:
        shown = self.page_server.page()
        if shown is None:
            self._send(503, problem("The command has not started yet. Load this page again."))
            return
        nonce, view = shown
        self._send(200, html(view, nonce=nonce), policy=_policy(nonce, view))

    def _redirect(self) -> None:
        """Send the browser to the page, so that no address with a code stays in its history."""
        self._send(303, "", location=self.page_server.path)

    def _send(
        self,
        status: int,
        text: str,
        content_type: str = _HTML,
        *,
        policy: str = _NOTHING,
        location: str = "",
    ) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", policy)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Return nothing about the software."""
        return "gcsmttr"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: addresses contain the code."""


def _policy(nonce: str, view: View) -> str:
    """Return the content security policy of the page."""
    # The form goes to GitHub, which can lead to the sign-in of a company on another host.
    parts = urlsplit(view.form_url)
    github = f"{parts.scheme}://{parts.netloc}" if parts.scheme == "http" else ""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:;"
        f" connect-src 'self'; form-action https: {github}; base-uri 'none'; frame-ancestors 'none'"
    )
