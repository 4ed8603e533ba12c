"""Requests that are rejected before the document is read, and the headers of all responses."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from graphql_api.access.key_store import KeyCheck
from graphql_api.vocabulary.errors import AccessUnavailableError
from tests.support.graphql_api.deployment import Deployment, Response, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = b'{"query":"{ __typename }"}'


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def post(deployment: Deployment, body: bytes, accept: str = JSON) -> Response:
    """Send a body as JSON."""
    return deployment.send("POST", body=body, headers={"content-type": JSON, "accept": accept})


@dataclass(frozen=True, slots=True)
class Rejected:
    """A request that is rejected before its document is read."""

    status: int
    code: str
    reason: str
    method: str = "POST"
    path: str = "/graphql"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = TYPENAME


REJECTED = (
    Rejected(401, "UNAUTHENTICATED", "unauthorized", headers={"x-api-key": "wrong"}),
    Rejected(404, "BAD_REQUEST", "not_found", path="/other"),
    Rejected(405, "BAD_REQUEST", "bad_method", method="PUT"),
    Rejected(406, "BAD_REQUEST", "not_acceptable", headers={"accept": "text/html"}),
    Rejected(413, "LIMIT_EXCEEDED", "body_too_large", body=b" " * 1_048_577),
    Rejected(415, "BAD_REQUEST", "unsupported_media_type", headers={"content-type": "text/plain"}),
    Rejected(415, "BAD_REQUEST", "unsupported_encoding", headers={"content-encoding": "gzip"}),
)


def send(deployment: Deployment, rejected: Rejected, **headers: str) -> Response:
    """Send the rejected request with additional headers."""
    given = {"content-type": JSON, **headers, **rejected.headers}
    return deployment.send(rejected.method, path=rejected.path, headers=given, body=rejected.body)


@pytest.mark.parametrize("rejected", REJECTED, ids=lambda one: one.reason)
def test_error_response_has_message_and_graphql_errors(
    deployment: Deployment, rejected: Rejected
) -> None:
    response = send(deployment, rejected)
    assert response.status == rejected.status
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    extensions = {"code": rejected.code, "reason": rejected.reason}
    assert response.json == {
        "message": response.json["message"],
        "reason": rejected.reason,
        "errors": [{"message": response.json["message"], "extensions": extensions}],
    }


@pytest.mark.parametrize(
    "rejected", [one for one in REJECTED if "accept" not in one.headers], ids=lambda one: one.reason
)
def test_graphql_response_has_only_errors(deployment: Deployment, rejected: Rejected) -> None:
    response = send(deployment, rejected, accept=GRAPHQL)
    assert response.status == rejected.status
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert response.json.keys() == {"errors"}
    assert response.reasons == [rejected.reason]


def test_unreadable_key_table_has_graphql_errors(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_self: KeyCheck, _key: str) -> None:
        raise AccessUnavailableError("The API key cannot be checked now. Try again.")

    monkeypatch.setattr(KeyCheck, "__call__", unreachable)
    response = post(deployment, TYPENAME)
    assert (response.status, response.headers["retry-after"]) == (503, "1")
    assert response.json["errors"][0]["extensions"] == {
        "code": "UNAVAILABLE",
        "reason": "access_unavailable",
    }
    response.assert_security_headers()


def test_responses_have_security_headers(deployment: Deployment) -> None:
    first = deployment.get("{ __typename }")
    responses = [
        first,
        deployment.get("{ __typename }", if_none_match=first.headers["etag"]),
        deployment.get("{"),
        deployment.get("mutation { __typename }"),
        post(deployment, TYPENAME),
        post(deployment, b"{"),
        post(deployment, b'{"query": "{ getAlerts(limit: 0) { nextToken } }"}', accept=GRAPHQL),
        *(send(deployment, rejected) for rejected in REJECTED),
    ]
    assert {response.status for response in responses} >= {
        200,
        304,
        400,
        401,
        404,
        405,
        406,
        413,
        415,
    }
    for response in responses:
        response.assert_security_headers()
