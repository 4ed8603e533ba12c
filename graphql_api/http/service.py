"""The service: it turns an HTTP request into a GraphQL request, and the outcome into a response.

Follows the specification "GraphQL over HTTP" in its status codes and media types. Owns the limits
of bodies and the headers for caches. Its caller provides the authentication and the context of the
resolvers, so nothing here reads a table.
"""

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

import orjson

from graphql_api.access.access import Access
from graphql_api.execution.engine import Engine, Outcome
from graphql_api.execution.error_format import client_error
from graphql_api.http.caching import matches
from graphql_api.http.compression import compressed
from graphql_api.http.cors import Cors
from graphql_api.http.messages import HttpRequest, HttpResponse, error_response, json_response
from graphql_api.http.negotiation import GRAPHQL, JSON, is_json_in_utf_8, response_type
from graphql_api.http.parameters import BadParametersError, from_body, from_query_string
from graphql_api.schema.context import Context
from graphql_api.vocabulary.errors import AccessError, UnauthorizedError

LONGEST_BODY = 1_048_576
"""Bytes of the body of a request."""
LARGEST_RESPONSE = 5_500_000
"""Bytes of the body of a response, as a JSON string: Lambda accepts 6 MB in this form."""

CACHE_SECONDS = 15
_ALLOWED = "GET, POST"
_STATUSES = {"UNAUTHENTICATED": 401, "LIMIT_EXCEEDED": 429, "UNAVAILABLE": 503}
"""The status of a request whose sender is refused, by the code of the error."""


class Service(NamedTuple):
    """Responds to the requests of one path. The path can have any prefix.

    `authenticate` returns the access of the sender of these headers, or raises AccessError.
    `context_of` creates the context of a request's resolvers.
    """

    engine: Engine
    authenticate: Callable[[Mapping[str, str]], Access]
    context_of: Callable[[Access], Context]
    cors: Cors

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request. Nothing that a client can send makes this raise."""
        if request.method == "OPTIONS" and self.cors.origins:
            return self.cors.preflight(request).with_security_headers()
        response = compressed(request, self._respond(request))
        return self.cors.add_headers(request, response).with_security_headers()

    def _respond(self, request: HttpRequest) -> HttpResponse:
        media_type = response_type(request.headers.get("accept"))
        reject = partial(error_response, media_type=media_type or JSON)
        if not request.path.rstrip("/").endswith("/graphql"):
            return reject(404, "not_found", "GraphQL is served at /graphql.")
        if request.method not in {"GET", "POST"}:
            return reject(405, "bad_method", "Use GET or POST.", allow=_ALLOWED)
        try:
            access = self.authenticate(request.headers)
        except AccessError as error:
            return _refusal(error, media_type or JSON)
        if media_type is None:
            message = f"Accept {JSON} or {GRAPHQL}."
            return reject(406, "not_acceptable", message)
        return self._execute(request, access, media_type)

    def _execute(self, request: HttpRequest, access: Access, media_type: str) -> HttpResponse:
        try:
            if request.method == "GET":
                graphql_request = from_query_string(request.query_string)
            elif rejection := _reject_body(request, media_type):
                return rejection.with_log_fields(key=access.name, **rejection.log_fields)
            else:
                graphql_request = from_body(request.body)
        except BadParametersError as error:
            shown = client_error("BAD_REQUEST", error.reason, str(error))
            rejection = json_response(400, {"errors": [shown]}, media_type=media_type)
            return rejection.with_log_fields(key=access.name, reasons=[error.reason])
        context = self.context_of(access)
        outcome, body = _fitting(self.engine.execute(graphql_request, context))
        if outcome.kind == "not_a_query" and request.method == "GET":
            response = json_response(405, outcome.body, media_type=media_type, allow="POST")
        else:
            response = _response(request, outcome, body, media_type)
        errors = outcome.body.get("errors", [])
        return response.with_log_fields(
            key=access.name,
            operation=graphql_request.operation_name,
            reads=context.budget.reads,
            reasons=sorted({error["extensions"]["reason"] for error in errors}),
        )


def _refusal(error: AccessError, media_type: str) -> HttpResponse:
    """Return the error response to a sender who may not query, or not now."""
    headers = {}
    if isinstance(error, UnauthorizedError):
        headers["www_authenticate"] = 'ApiKey header="x-api-key", Bearer'
    if error.retry_after_s:
        headers["retry_after"] = str(error.retry_after_s)
    response = error_response(
        _STATUSES[error.code], error.reason, str(error), media_type=media_type, **headers
    )
    return response.with_log_fields(reasons=[error.reason], **error.log_fields)


def _reject_body(request: HttpRequest, media_type: str) -> HttpResponse | None:
    """Return the error response to a body that must not be parsed, or None."""
    reject = partial(error_response, media_type=media_type)
    if not is_json_in_utf_8(request.headers.get("content-type")):
        message = "Send the body as content-type application/json, in UTF-8."
        return reject(415, "unsupported_media_type", message)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return reject(415, "unsupported_encoding", "Send the body without content-encoding.")
    if len(request.body) > LONGEST_BODY:
        return reject(413, "body_too_large", f"The body can have at most {LONGEST_BODY:,} bytes.")
    return None


def _fitting(outcome: Outcome) -> tuple[Outcome, bytes]:
    """Return an outcome and its body, or an error if Lambda does not accept a body of this size."""
    body = orjson.dumps(outcome.body)
    if not _is_too_large(body):
        return outcome, body
    error = client_error(
        "LIMIT_EXCEEDED",
        "answer_too_large",
        "The response is larger than 5 MB. Request less data at once.",
    )
    outcome = outcome._replace(body={"errors": [error], "data": None})
    return outcome, orjson.dumps(outcome.body)


def _response(request: HttpRequest, outcome: Outcome, body: bytes, media_type: str) -> HttpResponse:
    headers = {
        "content-type": f"{media_type}; charset=utf-8",
        "vary": "Accept, Accept-Encoding, X-Api-Key, Authorization",
    }
    if request.method == "GET" and "errors" not in outcome.body:
        headers["cache-control"] = f"private, max-age={CACHE_SECONDS}"
        # A weak tag, since it is the same with and without compression.
        headers["etag"] = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
        if matches(headers["etag"], request.headers.get("if-none-match", "")):
            return HttpResponse(304, headers)
    is_rejected = outcome.kind != "executed"
    status = 400 if is_rejected and media_type == GRAPHQL else 200
    return HttpResponse(status, headers, body)


def _is_too_large(body: bytes) -> bool:
    """Return whether a body is too large for Lambda, which escapes its quotes and backslashes."""
    escapes = 0
    if len(body) > LARGEST_RESPONSE // 2:
        escapes = body.count(b'"') + body.count(b"\\")
    return len(body) + escapes > LARGEST_RESPONSE
