"""The responses at /badge: a number as a picture, or as JSON for shields.io.

Owns the paths, the headers for caches and browsers, and what a client sees of a failure. A badge
that does not exist, is revoked or has a malformed token has one response: 404.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

import orjson

from graphql_api.access.access import Access
from graphql_api.badges.badge import Badge
from graphql_api.badges.badge_store import StoredBadge
from graphql_api.badges.number import NEUTRAL, Number, number_of, request_of
from graphql_api.badges.picture import svg
from graphql_api.execution.engine import Engine
from graphql_api.http.caching import matches
from graphql_api.http.messages import HttpRequest, HttpResponse, json_response
from graphql_api.schema.context import Context
from graphql_api.vocabulary.errors import AccessUnavailableError

PATH = "/badge/"
CACHE_SECONDS = 300
"""Seconds for which caches may keep a badge, also one that is revoked meanwhile."""

_UNAVAILABLE = Number("unavailable", NEUTRAL)
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
}


class Badges(NamedTuple):
    """Responds to the requests below /badge/. The path can have any prefix.

    `find` returns the valid badge of a token, and `context_of` the context of its query.
    """

    engine: Engine
    find: Callable[[str], StoredBadge | None]
    context_of: Callable[[Access], Context]

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request. Nothing that a client can send makes this raise."""
        return self._respond(request).with_security_headers()

    def _respond(self, request: HttpRequest) -> HttpResponse:
        _, _, file = request.path.rpartition(PATH)
        token, _, form = file.rpartition(".")
        if form not in {"svg", "json"} or request.method != "GET":
            return _not_found()
        try:
            stored = self.find(token)
        except AccessUnavailableError as error:
            return _failure("badge", form, [error.reason])
        if stored is None:
            return _not_found()
        badge = stored.badge
        access = Access(f"badge:{stored.id}", frozenset({badge.organisation}))
        context = self.context_of(access)
        body = self.engine.execute(request_of(badge), context).body
        if "errors" in body:
            reasons = sorted({one["extensions"]["reason"] for one in body["errors"]})
            return _failure(badge.text, form, reasons).with_log_fields(
                key=access.name, reads=context.budget.reads, reasons=reasons
            )
        shown = _shown(request, badge, form, number_of(badge, body["data"]))
        return shown.with_log_fields(key=access.name, reads=context.budget.reads)


def _shown(request: HttpRequest, badge: Badge, form: str, number: Number) -> HttpResponse:
    body, media_type = _body(badge.text, form, number, is_error=False)
    headers = {
        **_HEADERS,
        "content-type": media_type,
        "cache-control": f"public, max-age={CACHE_SECONDS}",
        "etag": f'"{blake2b(body, digest_size=16).hexdigest()}"',
    }
    if matches(headers["etag"], request.headers.get("if-none-match", "")):
        return HttpResponse(304, headers)
    return HttpResponse(200, headers, body)


def _failure(label: str, form: str, reasons: list[str]) -> HttpResponse:
    """Return 503: alarms count it, and what shows the body shows that the number is missing."""
    body, media_type = _body(label, form, _UNAVAILABLE, is_error=True)
    headers = {**_HEADERS, "content-type": media_type, "retry-after": "60"}
    return HttpResponse(503, headers, body).with_log_fields(reasons=reasons)


def _not_found() -> HttpResponse:
    response = json_response(404, {"message": "Not found."})
    return response._replace(headers={**_HEADERS, **response.headers})


def _body(label: str, form: str, number: Number, *, is_error: bool) -> tuple[bytes, str]:
    if form == "svg":
        return svg(label, *number).encode(), "image/svg+xml; charset=utf-8"
    document = {
        "schemaVersion": 1,
        "label": label,
        "message": number.message,
        "color": number.color,
        "isError": is_error,
        "cacheSeconds": CACHE_SECONDS,
    }
    return orjson.dumps(document), "application/json; charset=utf-8"
