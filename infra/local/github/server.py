"""Serving the fake GitHub: on loopback for a stack and a browser, or inside the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx2
from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local.github.forms.addresses import Addresses
from infra.local.github.github import GitHub
from infra.local.github.http.application import Application
from infra.local.github.http.call import LostConnectionError


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


class _InProcess(httpx2.WSGITransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return super().handle_request(request)
        except LostConnectionError:
            raise httpx2.ReadError("connection lost", request=request) from None


def transport(github: GitHub) -> httpx2.WSGITransport:
    """Return a transport that calls the fake GitHub without a network."""
    return _InProcess(app=Application(github))


@contextmanager
def serving(github: GitHub, *, port: int = 0) -> Iterator[str]:
    """Serve on 127.0.0.1, on a free port if there is none given; yield the address of the pages.

    The API is below it at `/api/v3`, as on Enterprise Server, and also at `/`, as on
    api.github.com.
    """
    server = make_server(
        "127.0.0.1", port, Application(github), threaded=True, request_handler=_Quiet
    )
    url = f"http://127.0.0.1:{server.server_port}"
    github.addresses = Addresses(web=url, api=f"{url}/api/v3")
    thread = Thread(target=server.serve_forever, args=(0.05,), name="github", daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
