"""The HTTP request and the HTTP response of this service. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from graphql_api.execution.error_format import client_error
from graphql_api.http.negotiation import JSON

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
"""Every response has these headers. A response can have its own value of one."""

_CODES = {401: "UNAUTHENTICATED", 413: "LIMIT_EXCEEDED", 429: "LIMIT_EXCEEDED", 503: "UNAVAILABLE"}


class HttpRequest(NamedTuple):
    """A request with its whole body, unchanged. The names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    query_string: bytes = b""
    body: bytes = b""


class HttpResponse(NamedTuple):
    """A response. The names of headers are in lower case.

    `log_fields` are for the log. The client does not get them.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    log_fields: Mapping[str, Any] = MappingProxyType({})

    def with_log_fields(self, **fields: object) -> "HttpResponse":
        """Return the same response with these fields for the log instead of its own."""
        return self._replace(log_fields=fields)

    def with_security_headers(self) -> "HttpResponse":
        """Return the same response with the headers that every response has."""
        return self._replace(headers={**SECURITY_HEADERS, **self.headers})


def json_response(
    status: int, body: Mapping[str, Any], *, media_type: str = JSON, **headers: str
) -> HttpResponse:
    """Return a response with a JSON body in UTF-8.

    Args:
        status: The HTTP status.
        body: The value of the body.
        media_type: The media type of the body.
        headers: Further headers, with `_` in place of `-`.
    """
    return HttpResponse(
        status,
        {
            "content-type": f"{media_type}; charset=utf-8",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        orjson.dumps(body),
    )


def error_response(
    status: int, reason: str, message: str, *, media_type: str = JSON, **headers: str
) -> HttpResponse:
    """Return the response to a request that is rejected before its document is read.

    GraphQL clients show its `errors`. As application/json it also has `message` and `reason`,
    which a GraphQL response must not have.
    """
    code = _CODES.get(status, "BAD_REQUEST")
    body: dict[str, Any] = {"errors": [client_error(code, reason, message)]}
    if media_type == JSON:
        body |= {"message": message, "reason": reason}
    response = json_response(status, body, media_type=media_type, **headers)
    return response.with_log_fields(reasons=[reason])
