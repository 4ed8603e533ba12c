"""The ASGI application that Mangum calls.

Owns the conversion between ASGI messages and the requests and responses of `http.messages`.
"""

from collections.abc import Callable

from mangum.types import ASGI, Receive, Scope, Send

from graphql_api.http.messages import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]


def asgi_app(respond: Respond) -> ASGI:
    """Return an ASGI application that passes each whole request to `respond`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = respond(
            HttpRequest(
                method=scope["method"],
                path=scope["path"],
                headers={
                    name.decode("latin-1"): value.decode("latin-1")
                    for name, value in scope["headers"]
                },
                query_string=scope["query_string"],
                body=await _body(receive),
            )
        )
        headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    return app


async def _body(receive: Receive) -> bytes:
    message = await receive()
    parts = [message.get("body", b"")]
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)
