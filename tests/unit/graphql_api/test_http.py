"""GraphQL over HTTP beyond what the audit asks: status codes, media types, caching, CORS."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.http.cors import Cors
from graphql_api.http.negotiation import response_type
from graphql_api.settings import Settings
from tests.support.graphql_api.deployment import ENVIRONMENT, Answer, Deployment, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = b'{"query":"{ __typename }"}'


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """One deployment for all tests here: none of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def post(deployment: Deployment, body: bytes, **headers: str) -> Answer:
    """Send a body as JSON, or with other headers."""
    given_headers = {"content-type": JSON}
    given_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
    return deployment.send("POST", body=body, headers=given_headers)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.5", JSON),
        (f"{GRAPHQL};charset=utf-8, */*;q=0.1", GRAPHQL),
        ("application/json;q=0.9,text/plain", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"{JSON}; q=nonsense", JSON),
        ("text/plain", None),
        ("text/html, image/*", None),
        (f"{JSON};q=0", None),
    ],
)
def test_the_answer_has_the_type_that_was_asked_for(
    deployment: Deployment, accept: str | None, expected: str | None
) -> None:
    headers = {} if accept is None else {"accept": accept}
    answer = post(deployment, TYPENAME, **headers)
    if expected is None:
        assert (answer.status, answer.json["reason"]) == (406, "not_acceptable")
    else:
        assert answer.status == 200
        assert answer.headers["content-type"] == f"{expected}; charset=utf-8"


@given(st.text())
def test_no_accept_header_breaks_the_choice(accept: str) -> None:
    assert response_type(accept) in {JSON, GRAPHQL, None}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/graphql", "multipart/x"])
def test_a_body_of_another_type_is_refused(deployment: Deployment, content_type: str) -> None:
    answer = post(deployment, TYPENAME, content_type=content_type)
    assert (answer.status, answer.json["reason"]) == (415, "unsupported_media_type")


def test_a_body_without_a_type_is_refused(deployment: Deployment) -> None:
    answer = deployment.send("POST", body=TYPENAME)
    assert (answer.status, answer.json["reason"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_may_be_named(deployment: Deployment, charset: str) -> None:
    content_type = f"application/json; charset={charset}"
    assert post(deployment, TYPENAME, content_type=content_type).status == 200


def test_another_charset_or_an_encoded_body_is_refused(deployment: Deployment) -> None:
    latin = post(deployment, TYPENAME, content_type="application/json; charset=iso-8859-1")
    assert latin.status == 415
    packed = post(deployment, TYPENAME, content_encoding="gzip")
    assert (packed.status, packed.json["reason"]) == (415, "unsupported_encoding")


def test_a_byte_order_mark_is_tolerated(deployment: Deployment) -> None:
    assert post(deployment, b"\xef\xbb\xbf" + TYPENAME).data == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b'{"query": NaN}', "bad_json"),
        (b'{"query": "\\ud800"}', "bad_json"),
        (b'{"query": "{ \xff }"}', "bad_json"),
        ("{'query'}".encode("utf-16"), "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b"null", "bad_body"),
        (b'"{ __typename }"', "bad_body"),
        (b"[]", "batch"),
        (b'[{"query":"{ __typename }"}]', "batch"),
        (b"{}", "bad_query"),
        (b'{"query": null}', "bad_query"),
        (b'{"query": ""}', "bad_query"),
        (b'{"query": 1}', "bad_query"),
        (b'{"query": "{ __typename }", "operationName": 1}', "bad_operation_name"),
        (b'{"query": "{ __typename }", "variables": []}', "bad_variables"),
        (b'{"query": "{ __typename }", "variables": "{}"}', "bad_variables"),
        (b'{"query": "{ __typename }", "extensions": 0}', "bad_extensions"),
    ],
)
def test_a_malformed_request_is_a_400_with_a_stable_reason(
    deployment: Deployment, body: bytes, reason: str
) -> None:
    for accept in (JSON, GRAPHQL):
        answer = post(deployment, body, accept=accept)
        assert (answer.status, answer.reasons) == (400, [reason])
        assert "data" not in answer.json


def test_a_body_over_a_mebibyte_is_refused_and_a_long_document_too(deployment: Deployment) -> None:
    assert post(deployment, b" " * 1_048_577).status == 413
    long = json.dumps({"query": "{ __typename }" + " " * 900_000}).encode()
    assert post(deployment, long).reasons == ["too_many_characters"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_refused_with_those_that_work(
    deployment: Deployment, method: str
) -> None:
    answer = deployment.send(method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/prod/graphql", "/a/b/graphql"])
def test_any_prefix_of_the_path_works(deployment: Deployment, path: str) -> None:
    headers = {"content-type": JSON}
    answer = deployment.send("POST", path=path, body=TYPENAME, headers=headers)
    assert answer.data == {"__typename": "Query"}


def test_another_path_is_not_found(deployment: Deployment) -> None:
    assert deployment.send("GET", path="/other").status == 404


def test_get_takes_the_document_its_variables_and_the_name_of_an_operation(
    deployment: Deployment,
) -> None:
    parameters = {
        "query": "query A { __typename } query B($n: String!) { __type(name: $n) { name } }",
        "operationName": "B",
        "variables": '{"n": "Alert"}',
        "extensions": "",
    }
    answer = deployment.send("GET", query_string=urlencode(parameters))
    assert answer.data == {"__type": {"name": "Alert"}}


@pytest.mark.parametrize(
    ("query_string", "reason"),
    [
        ("", "bad_query"),
        ("query=", "bad_query"),
        ("query=%7B__typename%7D&variables=x", "bad_json"),
        ("query=%7B__typename%7D&variables=[]", "bad_variables"),
        ("query=%7B__typename%7D&extensions=1", "bad_extensions"),
        ("query=%7B__typename%7D&query=%7B__typename%7D", "repeated_parameter"),
        ("query=%ff", "bad_query_string"),
        ("query=é", "bad_query_string"),
        ("&".join(f"a{n}=1" for n in range(50)), "bad_query_string"),
    ],
)
def test_a_malformed_query_string_is_a_400(
    deployment: Deployment, query_string: str, reason: str
) -> None:
    answer = deployment.send("GET", query_string=query_string)
    assert (answer.status, answer.reasons) == (400, [reason])


def test_an_empty_operation_name_in_a_url_is_none(deployment: Deployment) -> None:
    query_string = "query=%7B__typename%7D&operationName="
    assert deployment.send("GET", query_string=query_string).data == {"__typename": "Query"}


@pytest.mark.parametrize("operation", ["mutation", "subscription"])
def test_what_is_no_query_is_never_executed(deployment: Deployment, operation: str) -> None:
    document = f"{operation} {{ __typename }}"
    by_get = deployment.get(document)
    assert (by_get.status, by_get.headers["allow"]) == (405, "POST")
    for accept, status in ((JSON, 200), (GRAPHQL, 400)):
        answer = post(deployment, json.dumps({"query": document}).encode(), accept=accept)
        assert (answer.status, answer.reasons) == (status, ["not_a_query"])
        assert "data" not in answer.json


@pytest.mark.parametrize(
    ("query", "name"),
    [("query A { __typename } query B { __typename }", None), ("query A { __typename }", "B")],
)
def test_an_operation_that_is_not_there_is_a_clear_error(
    deployment: Deployment, query: str, name: str | None
) -> None:
    body = json.dumps({"query": query, "operationName": name}).encode()
    assert post(deployment, body).reasons == ["unknown_operation"]


@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", "syntax"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", "invalid_document"),
        ("query ($i: ID!) { getAlert(id: $i) { id } }", "BAD_USER_INPUT", "bad_argument"),
        (
            "{ getAlerts(limit: 2147483648) { nextToken } }",
            "GRAPHQL_VALIDATION_FAILED",
            "invalid_document",
        ),
    ],
)
def test_the_three_ways_to_be_wrong_before_execution(
    deployment: Deployment, query: str, code: str, reason: str
) -> None:
    for accept, status in ((JSON, 200), (GRAPHQL, 400)):
        answer = post(deployment, json.dumps({"query": query}).encode(), accept=accept)
        assert answer.status == status
        assert answer.json["errors"][0]["extensions"] == {"code": code, "reason": reason}
        assert "data" not in answer.json


def test_no_other_origin_may_read_anything_by_default(deployment: Deployment) -> None:
    answer = post(deployment, TYPENAME, origin="https://a.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert deployment.send("OPTIONS", headers={"origin": "https://a.example"}).status == 405


def test_the_settings_are_off_unless_they_are_set() -> None:
    settings = Settings.read(ENVIRONMENT)
    assert settings.cors == Cors()
    assert settings.introspection


def test_a_setting_that_means_nothing_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="INTROSPECTION"):
        Settings.read({**ENVIRONMENT, "INTROSPECTION": "maybe"})
    with pytest.raises(KeyError):
        Settings.read({})


def test_a_host_that_is_an_ipv6_address_breaks_nothing(deployment: Deployment) -> None:
    answer = post(deployment, TYPENAME, Host="[::1]:4566", X_Forwarded_Port="x")
    assert answer.status == 200
