"""Requests that are refused before their document is read, and the headers of every answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from graphql_api.access.key_store import KeyCheck
from graphql_api.vocabulary.errors import AccessUnavailableError
from tests.support.graphql_api.deployment import Answer, Deployment, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = b'{"query":"{ __typename }"}'


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """One deployment for all tests here: none of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def post(deployment: Deployment, body: bytes, accept: str = JSON) -> Answer:
    """Send a body as JSON."""
    return deployment.send("POST", body=body, headers={"content-type": JSON, "accept": accept})


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is refused before its document is read."""

    status: int
    code: str
    reason: str
    method: str = "POST"
    path: str = "/graphql"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = TYPENAME


REFUSED = (
    Refused(401, "UNAUTHENTICATED", "unauthorized", headers={"x-api-key": "wrong"}),
    Refused(404, "BAD_REQUEST", "not_found", path="/other"),
    Refused(405, "BAD_REQUEST", "bad_method", method="PUT"),
    Refused(406, "BAD_REQUEST", "not_acceptable", headers={"accept": "text/html"}),
    Refused(413, "LIMIT_EXCEEDED", "body_too_large", body=b" " * 1_048_577),
    Refused(415, "BAD_REQUEST", "unsupported_media_type", headers={"content-type": "text/plain"}),
    Refused(415, "BAD_REQUEST", "unsupported_encoding", headers={"content-encoding": "gzip"}),
)


def send(deployment: Deployment, refused: Refused, **headers: str) -> Answer:
    """Send the request that is refused, with more headers."""
    given = {"content-type": JSON, **headers, **refused.headers}
    return deployment.send(refused.method, path=refused.path, headers=given, body=refused.body)


@pytest.mark.parametrize("refused", REFUSED, ids=lambda one: one.reason)
def test_a_refusal_has_graphql_errors_beside_its_message(
    deployment: Deployment, refused: Refused
) -> None:
    answer = send(deployment, refused)
    assert answer.status == refused.status
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    extensions = {"code": refused.code, "reason": refused.reason}
    assert answer.json == {
        "message": answer.json["message"],
        "reason": refused.reason,
        "errors": [{"message": answer.json["message"], "extensions": extensions}],
    }


@pytest.mark.parametrize(
    "refused", [one for one in REFUSED if "accept" not in one.headers], ids=lambda one: one.reason
)
def test_a_refusal_as_a_graphql_response_has_errors_alone(
    deployment: Deployment, refused: Refused
) -> None:
    answer = send(deployment, refused, accept=GRAPHQL)
    assert answer.status == refused.status
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert answer.json.keys() == {"errors"}
    assert answer.reasons == [refused.reason]


def test_an_access_table_out_of_reach_is_a_503_with_graphql_errors(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_self: KeyCheck, _key: str) -> None:
        raise AccessUnavailableError("Access cannot be checked now: try again.")

    monkeypatch.setattr(KeyCheck, "__call__", unreachable)
    answer = post(deployment, TYPENAME)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["errors"][0]["extensions"] == {
        "code": "UNAVAILABLE",
        "reason": "access_unavailable",
    }
    answer.assert_safe()


def test_every_answer_has_the_headers_that_make_it_safe(deployment: Deployment) -> None:
    first = deployment.get("{ __typename }")
    answers = [
        first,
        deployment.get("{ __typename }", if_none_match=first.headers["etag"]),
        deployment.get("{"),
        deployment.get("mutation { __typename }"),
        post(deployment, TYPENAME),
        post(deployment, b"{"),
        post(deployment, b'{"query": "{ getAlerts(limit: 0) { nextToken } }"}', accept=GRAPHQL),
        *(send(deployment, refused) for refused in REFUSED),
    ]
    assert {answer.status for answer in answers} >= {200, 304, 400, 401, 404, 405, 406, 413, 415}
    for answer in answers:
        answer.assert_safe()
