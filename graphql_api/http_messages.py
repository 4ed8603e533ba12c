"""HTTP as this service sees it: a request read whole, a response made whole. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson


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


def json_response(
    status: int, body: Mapping[str, Any], *, media_type: str = "application/json", **headers: str
) -> HttpResponse:
    """Return a response that no cache may keep, with a JSON body in UTF-8."""
    return HttpResponse(
        status,
        {
            "content-type": f"{media_type}; charset=utf-8",
            "cache-control": "no-store",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        orjson.dumps(body),
    )


def refusal(status: int, reason: str, message: str, **headers: str) -> HttpResponse:
    """Return a response that is not GraphQL's: its body says what is wrong in `message`."""
    body = {"message": message, "reason": reason}
    return json_response(status, body, **headers).noting(reasons=[reason])
