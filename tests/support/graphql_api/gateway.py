"""The HTTP API of the stack: the events that it sends to the handlers, and a local server."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from graphql_api import query_handler
from graphql_api.dashboard import handler as dashboard_handler
from graphql_api.graphiql import handler as graphiql_handler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mangum.types import LambdaContext as MangumContext


class Context:
    """The context that Lambda passes with each event."""

    function_name = invoked_function_arn = aws_request_id = "test"
    memory_limit_in_mb = 128


CONTEXT = cast("MangumContext", Context())
POWERTOOLS_CONTEXT = cast("LambdaContext", CONTEXT)


def gateway_event(
    method: str, path: str, query_string: str, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """Return an event of an HTTP API, payload format 2.0. Only JSON bodies are not in base64."""
    is_text = headers.get("content-type", "").startswith("application/json")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        is_text = False
    return {
        "version": "2.0",
        "routeKey": "ANY /graphql",
        "rawPath": path,
        "rawQueryString": query_string,
        "headers": dict(headers),
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "isBase64Encoded": not is_text,
        **({"body": text if is_text else base64.b64encode(body).decode()} if body else {}),
    }


def body_of(response: Mapping[str, Any]) -> bytes:
    """Return the body of a handler's response."""
    body: str = response.get("body", "")
    return base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()


@contextmanager
def served(prefix: str = "") -> Iterator[str]:
    """Serve all handlers over HTTP on this machine, below a path. Yields the URL of the path."""

    class Gateway(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            path = url.path.removeprefix(prefix)
            headers = {name.lower(): value for name, value in self.headers.items()}
            event = gateway_event(self.command, path, url.query, headers, self.rfile.read(length))
            if path == "/graphql":
                response = query_handler.handler(event, CONTEXT)
            elif path.startswith("/graphiql"):
                response = graphiql_handler.handler(event, POWERTOOLS_CONTEXT)
            else:
                response = dashboard_handler.handler(event, POWERTOOLS_CONTEXT)
            body = body_of(response)
            self.send_response(response["statusCode"])
            for name, value in response["headers"].items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_OPTIONS = do_PUT = _handle  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write nothing."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
