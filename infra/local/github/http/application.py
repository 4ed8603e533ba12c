"""The WSGI application: finds the endpoint of a request, and applies limits, faults and ETags.

Owns the routes. The API is served under `/` and under `/api/v3`, as github.com and Enterprise
Server have it.
"""

import hashlib
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from infra.local.github.forms.addresses import Addresses
from infra.local.github.http import account_calls, alert_calls, app_calls, repository_calls
from infra.local.github.http.call import Call, LostConnectionError, RefusalError, Reply
from infra.local.github.http.pages import PAGES

if TYPE_CHECKING:
    from infra.local.github.github import GitHub

Endpoint = Callable[..., Reply]
_GHES = "/api/v3"
_REPOSITORY = ("/repos/<owner>/<name>", "/repositories/<int:number>")
_ORGANISATION = ("/orgs/<org>", "/organizations/<int:number>")
_ANYONE = frozenset({account_calls.one, app_calls.meta, app_calls.convert})
_GET: dict[str, Endpoint] = {
    "/meta": app_calls.meta,
    "/rate_limit": app_calls.rate_limit,
    "/enterprises/<slug>/code-scanning/alerts": alert_calls.of_enterprise,
    **{f"{one}/code-scanning/alerts": alert_calls.of_organisation for one in _ORGANISATION},
    **{f"{one}/repos": repository_calls.of_organisation for one in _ORGANISATION},
    **{f"{one}/properties/values": repository_calls.property_values for one in _ORGANISATION},
    **{f"{one}/code-scanning/alerts": alert_calls.of_repository for one in _REPOSITORY},
    **{f"{one}/code-scanning/alerts/<int:alert>": alert_calls.one for one in _REPOSITORY},
    **dict.fromkeys(_REPOSITORY, repository_calls.one),
    "/users/<login>": account_calls.one,
    "/users/<login>/repos": repository_calls.of_user,
    "/user/<int:number>/repos": repository_calls.of_user,
    "/user/repos": repository_calls.of_token,
    "/installation/repositories": repository_calls.of_installation,
    "/app": app_calls.app,
    "/app/installations": app_calls.installations,
    "/app/hook/deliveries": app_calls.app_deliveries,
    "/orgs/<login>/installation": app_calls.installation_of_account,
    "/users/<login>/installation": app_calls.installation_of_account,
    "/repos/<owner>/<name>/installation": app_calls.installation_of_repository,
    "/orgs/<org>/hooks": app_calls.organisation_hooks,
    "/orgs/<org>/hooks/<int:hook>/deliveries": app_calls.organisation_deliveries,
    "/repos/<owner>/<name>/hooks": app_calls.repository_hooks,
    "/repos/<owner>/<name>/hooks/<int:hook>/deliveries": app_calls.repository_deliveries,
}
_POST: dict[str, Endpoint] = {
    "/app-manifests/<code>/conversions": app_calls.convert,
    "/app/installations/<int:number>/access_tokens": app_calls.access_token,
    "/app/hook/deliveries/<int:delivery>/attempts": app_calls.app_redelivery,
    "/orgs/<org>/hooks/<int:hook>/deliveries/<int:delivery>/attempts": (
        app_calls.organisation_redelivery
    ),
    "/repos/<owner>/<name>/hooks/<int:hook>/deliveries/<int:delivery>/attempts": (
        app_calls.repository_redelivery
    ),
}
_ROUTES = Map(
    [Rule(path, methods=["GET"], endpoint=one) for path, one in _GET.items()]
    + [Rule(path, methods=["POST"], endpoint=one) for path, one in _POST.items()]
)


class Application:
    """The fake GitHub as a WSGI application."""

    def __init__(self, github: "GitHub") -> None:
        """Serve this GitHub."""
        self.github = github

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Respond to a request."""
        request = Request(environ)
        try:
            response = self._page(request) or self._api(request)
        except LostConnectionError:
            if (connection := environ.get("werkzeug.socket")) is None:
                raise
            connection.shutdown(socket.SHUT_RDWR)
            return []
        response.headers["date"] = http_date(self.github.world.clock())
        return response(environ, start_response)

    def _page(self, request: Request) -> Response | None:
        try:
            page, arguments = PAGES.bind_to_environ(request.environ).match()
        except HTTPException:
            return None
        made: Response = page(self.github, request, **arguments)
        return made

    def _api(self, request: Request) -> Response:
        root = request.host_url.rstrip("/")
        path = request.path
        prefix = _GHES if path.startswith(f"{_GHES}/") else ""
        path = path.removeprefix(prefix)
        github = self.github
        github.requests.append(f"{request.method} {path}")
        actor = github.registry.actor(request.headers.get("authorization", ""))
        name = actor.name if actor else "nobody"
        call = Call(github, actor, Addresses(root, root + prefix), path, request.args.to_dict())
        is_allowed = github.limits.take(name)
        limits = github.limits.headers(name)
        try:
            reply = _dispatch(call, request, is_allowed=is_allowed)
        except RefusalError as refusal:
            return _encoded(refusal.body, refusal.status, {**limits, **refusal.headers})
        response = _encoded(reply.data, reply.status, limits | dict(reply.headers))
        if request.method == "GET":
            response.headers["etag"] = f'W/"{hashlib.sha256(response.get_data()).hexdigest()}"'
            if request.headers.get("if-none-match") == response.headers["etag"]:
                github.limits.give_back(name)
                return Response(status=304, headers={**github.limits.headers(name)})
        return response


def _dispatch(call: Call, request: Request, *, is_allowed: bool) -> Reply:
    if not is_allowed:
        raise RefusalError(403, "API rate limit exceeded.")
    fault = call.github.faults.take(call.path)
    if fault is not None and fault.status == 0:
        raise LostConnectionError
    if fault is not None:
        raise RefusalError(fault.status, fault.message, headers=fault.headers)
    routes = _ROUTES.bind("github", path_info=call.path, default_method=request.method)
    try:
        endpoint, arguments = routes.match()
    except HTTPException:
        raise RefusalError(404, "Not Found") from None
    if call.actor is None and request.headers.get("authorization"):
        raise RefusalError(401, "Bad credentials")
    if endpoint not in _ANYONE:
        call.sender()
    with call.github.world.lock:
        reply: Reply = endpoint(call, **arguments)
    if reply.then is not None:
        reply.then()
    return reply


def _encoded(data: object, status: int, headers: Mapping[str, str]) -> Response:
    media_type = "application/json; charset=utf-8"
    return Response(orjson.dumps(data), status, dict(headers), content_type=media_type)
