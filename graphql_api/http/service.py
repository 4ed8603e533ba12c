"""GraphQL over HTTP: who may ask, what was asked, and how the answer travels.

Follows the specification "GraphQL over HTTP" in status codes and media types. Pure but for what it
is given: `authenticate` says whose key it is, `context_of` makes what resolvers are given.
"""

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import NamedTuple

import orjson

from graphql_api.access.access import Access
from graphql_api.execution.engine import Engine, Outcome
from graphql_api.execution.error_format import client_error
from graphql_api.http.cors import Cors
from graphql_api.http.messages import HttpRequest, HttpResponse, json_response, refusal
from graphql_api.http.negotiation import GRAPHQL, JSON, is_json_in_utf_8, response_type
from graphql_api.http.parameters import BadParametersError, from_body, from_query_string
from graphql_api.schema.context import Context
from graphql_api.vocabulary.errors import AccessUnavailableError

LONGEST_BODY = 1_048_576
LARGEST_ANSWER = 5_500_000
"""Lambda hands on 6 MB, in which the answer is a JSON string with its quotes escaped."""

CACHE_SECONDS = 15
_ALLOWED = "GET, POST"


class Service(NamedTuple):
    """Answers requests to one path, wherever that path is mounted."""

    engine: Engine
    authenticate: Callable[[str], Access | None]
    context_of: Callable[[Access], Context]
    cors: Cors

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request; whatever a client sends, this does not raise."""
        if request.method == "OPTIONS" and self.cors.origins:
            return self.cors.preflight(request).made_safe()
        return self.cors.shared(request, self._answer(request)).made_safe()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        accepted = response_type(request.headers.get("accept"))
        refuse = partial(refusal, media_type=accepted or JSON)
        if not request.path.rstrip("/").endswith("/graphql"):
            return refuse(404, "not_found", "GraphQL is served at /graphql.")
        if request.method not in {"GET", "POST"}:
            return refuse(405, "bad_method", "Use GET or POST.", allow=_ALLOWED)
        try:
            access = self.authenticate(request.headers.get("x-api-key", ""))
        except AccessUnavailableError as error:
            return refuse(503, error.reason, str(error), retry_after="1")
        if access is None:
            message = "Send a valid API key in the header x-api-key."
            return refuse(
                401, "unauthorized", message, www_authenticate='ApiKey header="x-api-key"'
            )
        if accepted is None:
            message = "Answers are application/json or application/graphql-response+json."
            return refuse(406, "not_acceptable", message)
        return self._execute(request, access, accepted)

    def _execute(self, request: HttpRequest, access: Access, media_type: str) -> HttpResponse:
        try:
            if request.method == "GET":
                asked = from_query_string(request.query_string)
            elif refused := _unreadable(request, media_type):
                return refused.noting(key=access.name, **refused.notes)
            else:
                asked = from_body(request.body)
        except BadParametersError as error:
            wrong = client_error("BAD_REQUEST", error.reason, str(error))
            refused = json_response(400, {"errors": [wrong]}, media_type=media_type)
            return refused.noting(key=access.name, reasons=[error.reason])
        context = self.context_of(access)
        outcome = self.engine.execute(asked, context)
        if outcome.kind == "not_a_query" and request.method == "GET":
            response = json_response(405, outcome.body, media_type=media_type, allow="POST")
        else:
            response = _response(request, outcome, media_type)
        errors = outcome.body.get("errors", [])
        return response.noting(
            key=access.name,
            operation=asked.operation_name,
            reads=context.budget.reads,
            reasons=sorted({error["extensions"]["reason"] for error in errors}),
        )


def _unreadable(request: HttpRequest, media_type: str) -> HttpResponse | None:
    refuse = partial(refusal, media_type=media_type)
    if not is_json_in_utf_8(request.headers.get("content-type")):
        message = "Send the body as content-type application/json, in UTF-8."
        return refuse(415, "unsupported_media_type", message)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return refuse(415, "unsupported_encoding", "Send the body without content-encoding.")
    if len(request.body) > LONGEST_BODY:
        return refuse(413, "body_too_large", f"A body may have at most {LONGEST_BODY:,} bytes.")
    return None


def _response(request: HttpRequest, outcome: Outcome, media_type: str) -> HttpResponse:
    refused = outcome.kind != "executed"
    body = orjson.dumps(outcome.body)
    if _is_too_large(body):
        wrong = client_error(
            "LIMIT_EXCEEDED", "answer_too_large", "The answer is over 5 MB: ask for less at once."
        )
        body = orjson.dumps({"errors": [wrong], "data": None})
    headers = {"content-type": f"{media_type}; charset=utf-8"}
    headers["vary"] = "Accept, X-Api-Key"
    if request.method == "GET" and "errors" not in outcome.body:
        headers["cache-control"] = f"private, max-age={CACHE_SECONDS}"
        headers["etag"] = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        if _is_known(headers["etag"], request.headers.get("if-none-match", "")):
            return HttpResponse(304, headers)
    status = 400 if refused and media_type == GRAPHQL else 200
    return HttpResponse(status, headers, body)


def _is_too_large(body: bytes) -> bool:
    escapes = 0
    if len(body) > LARGEST_ANSWER // 2:
        escapes = body.count(b'"') + body.count(b"\\")
    return len(body) + escapes > LARGEST_ANSWER


def _is_known(etag: str, if_none_match: str) -> bool:
    """Whether the client has this answer: RFC 9110, section 13.1.2, by weak comparison."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or known == {"*"}
