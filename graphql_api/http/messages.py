"""HTTP as this service sees it: a request read whole, a response made whole. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from graphql_api.execution.error_format import client_error
from graphql_api.http.negotiation import JSON

SAFETY = {
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
"""The headers of every response, unless it has its own."""

_CODES = {401: "UNAUTHENTICATED", 413: "LIMIT_EXCEEDED", 503: "UNAVAILABLE"}


class HttpRequest(NamedTuple):
    """A request. Names of headers are in lower case; the body is as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    query_string: bytes = b""
    body: bytes = b""


class HttpResponse(NamedTuple):
    """A response. Names of headers are in lower case; `notes` are for the log alone."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    notes: Mapping[str, Any] = MappingProxyType({})

    def noting(self, **notes: object) -> "HttpResponse":
        """Return the same response with these notes, and no others."""
        return self._replace(notes=notes)

    def made_safe(self) -> "HttpResponse":
        """Return the same response with the headers that every response has."""
        return self._replace(headers={**SAFETY, **self.headers})


def json_response(
    status: int, body: Mapping[str, Any], *, media_type: str = JSON, **headers: str
) -> HttpResponse:
    """Return a response with a JSON body in UTF-8."""
    return HttpResponse(
        status,
        {
            "content-type": f"{media_type}; charset=utf-8",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        orjson.dumps(body),
    )


def refusal(
    status: int, reason: str, message: str, *, media_type: str = JSON, **headers: str
) -> HttpResponse:
    """Return a response to a request that is refused before its document is read.

    GraphQL clients show its `errors`. As application/json it has `message` and `reason` as well,
    which a GraphQL response must not have.
    """
    body: dict[str, Any] = {"errors": [client_error(_code(status), reason, message)]}
    if media_type == JSON:
        body |= {"message": message, "reason": reason}
    response = json_response(status, body, media_type=media_type, **headers)
    return response.noting(reasons=[reason])


def _code(status: int) -> str:
    return _CODES.get(status, "BAD_REQUEST")
