"""Cross-origin requests (CORS): which other origins' pages can send queries. None by default.

The service sends these headers, not the gateway, so they are the same wherever the service runs.
Pure.
"""

from typing import NamedTuple, Self

from graphql_api.http.messages import HttpRequest, HttpResponse


class Cors(NamedTuple):
    """The allowed origins. `*` allows every origin."""

    origins: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the setting from origins with commas between them. An empty text allows none."""
        return cls(frozenset(filter(None, (origin.strip() for origin in text.split(",")))))

    def preflight(self, request: HttpRequest) -> HttpResponse:
        """Return the response to an OPTIONS request."""
        headers = {"allow": "GET, POST, OPTIONS", "vary": "Origin"}
        if origin := self._allowed_origin(request):
            headers |= {
                "access-control-allow-origin": origin,
                "access-control-allow-methods": "GET, POST",
                "access-control-allow-headers": "accept, content-type, x-api-key",
                "access-control-max-age": "600",
            }
        return HttpResponse(204, headers)

    def add_headers(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Return the response with the headers that let the page of an allowed origin read it."""
        if not self.origins:
            return response
        vary = ", ".join(filter(None, [response.headers.get("vary"), "Origin"]))
        headers = {**response.headers, "vary": vary}
        if origin := self._allowed_origin(request):
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = "etag, retry-after"
        return response._replace(headers=headers)

    def _allowed_origin(self, request: HttpRequest) -> str | None:
        origin = request.headers.get("origin")
        return origin if origin and ("*" in self.origins or origin in self.origins) else None
