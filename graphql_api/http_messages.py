"""HTTP as this service sees it: a request read whole, a response made whole. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request. Names of headers are in lower case; the body is as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    query_string: bytes = b""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response. Names of headers are in lower case; `notes` are for the log alone."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    notes: dict[str, Any] = field(default_factory=dict)


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
    response = json_response(status, {"message": message, "reason": reason}, **headers)
    response.notes["reasons"] = [reason]
    return response
