"""Which other origins' pages may ask: none, unless a deployment names them. Pure.

Answered here and not by the gateway, so that it is the same wherever the service runs.
"""

from typing import NamedTuple, Self

from graphql_api.http.messages import HttpRequest, HttpResponse


class Cors(NamedTuple):
    """The origins that may ask; `*` is every one."""

    origins: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the setting written as origins with commas between them; empty is off."""
        return cls(frozenset(filter(None, (origin.strip() for origin in text.split(",")))))

    def preflight(self, request: HttpRequest) -> HttpResponse:
        """Return the answer to an OPTIONS request."""
        headers = {"allow": "GET, POST, OPTIONS", "vary": "Origin"}
        if origin := self._allowed(request):
            headers |= {
                "access-control-allow-origin": origin,
                "access-control-allow-methods": "GET, POST",
                "access-control-allow-headers": "accept, content-type, x-api-key",
                "access-control-max-age": "600",
            }
        return HttpResponse(204, headers)

    def shared(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Return the response, readable for the page that asked if its origin is allowed."""
        if not self.origins:
            return response
        vary = ", ".join(filter(None, [response.headers.get("vary"), "Origin"]))
        headers = {**response.headers, "vary": vary}
        if origin := self._allowed(request):
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = "etag"
        return response._replace(headers=headers)

    def _allowed(self, request: HttpRequest) -> str | None:
        origin = request.headers.get("origin")
        return origin if origin and ("*" in self.origins or origin in self.origins) else None
