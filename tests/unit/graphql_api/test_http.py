"""GraphQL over HTTP, beyond the checks of the audit: status codes, media types, paths, CORS."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.http.cors import Cors
from graphql_api.http.negotiation import response_type
from graphql_api.settings import Settings
from tests.support.graphql_api.deployment import ENVIRONMENT, Deployment, Response, deployed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = b'{"query":"{ __typename }"}'


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def post(deployment: Deployment, body: bytes, **headers: str) -> Response:
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
def test_response_has_accepted_media_type(
    deployment: Deployment, accept: str | None, expected: str | None
) -> None:
    headers = {} if accept is None else {"accept": accept}
    response = post(deployment, TYPENAME, **headers)
    if expected is None:
        assert (response.status, response.json["reason"]) == (406, "not_acceptable")
    else:
        assert response.status == 200
        assert response.headers["content-type"] == f"{expected}; charset=utf-8"


@given(st.text())
def test_random_accept_headers_are_handled(accept: str) -> None:
    assert response_type(accept) in {JSON, GRAPHQL, None}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/graphql", "multipart/x"])
def test_body_of_another_media_type_is_rejected(deployment: Deployment, content_type: str) -> None:
    response = post(deployment, TYPENAME, content_type=content_type)
    assert (response.status, response.json["reason"]) == (415, "unsupported_media_type")


def test_body_without_media_type_is_rejected(deployment: Deployment) -> None:
    response = deployment.send("POST", body=TYPENAME)
    assert (response.status, response.json["reason"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_charset_utf_8_is_accepted(deployment: Deployment, charset: str) -> None:
    content_type = f"application/json; charset={charset}"
    assert post(deployment, TYPENAME, content_type=content_type).status == 200


def test_other_charsets_and_encodings_are_rejected(deployment: Deployment) -> None:
    latin = post(deployment, TYPENAME, content_type="application/json; charset=iso-8859-1")
    assert latin.status == 415
    packed = post(deployment, TYPENAME, content_encoding="gzip")
    assert (packed.status, packed.json["reason"]) == (415, "unsupported_encoding")


def test_byte_order_mark_is_accepted(deployment: Deployment) -> None:
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
def test_malformed_request_has_stable_reason(
    deployment: Deployment, body: bytes, reason: str
) -> None:
    for accept in (JSON, GRAPHQL):
        response = post(deployment, body, accept=accept)
        assert (response.status, response.reasons) == (400, [reason])
        assert "data" not in response.json


def test_too_large_body_or_document_is_rejected(deployment: Deployment) -> None:
    assert post(deployment, b" " * 1_048_577).status == 413
    long = json.dumps({"query": "{ __typename }" + " " * 900_000}).encode()
    assert post(deployment, long).reasons == ["too_many_characters"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_rejected_with_allowed_methods(
    deployment: Deployment, method: str
) -> None:
    response = deployment.send(method)
    assert (response.status, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/prod/graphql", "/a/b/graphql"])
def test_path_can_have_any_prefix(deployment: Deployment, path: str) -> None:
    headers = {"content-type": JSON}
    response = deployment.send("POST", path=path, body=TYPENAME, headers=headers)
    assert response.data == {"__typename": "Query"}


def test_other_path_is_not_found(deployment: Deployment) -> None:
    assert deployment.send("GET", path="/other").status == 404


def test_get_accepts_query_variables_and_operation_name(
    deployment: Deployment,
) -> None:
    parameters = {
        "query": "query A { __typename } query B($n: String!) { __type(name: $n) { name } }",
        "operationName": "B",
        "variables": '{"n": "Alert"}',
        "extensions": "",
    }
    response = deployment.send("GET", query_string=urlencode(parameters))
    assert response.data == {"__type": {"name": "Alert"}}


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
def test_malformed_query_string_has_stable_reason(
    deployment: Deployment, query_string: str, reason: str
) -> None:
    response = deployment.send("GET", query_string=query_string)
    assert (response.status, response.reasons) == (400, [reason])


def test_empty_operation_name_in_url_is_ignored(deployment: Deployment) -> None:
    query_string = "query=%7B__typename%7D&operationName="
    assert deployment.send("GET", query_string=query_string).data == {"__typename": "Query"}


@pytest.mark.parametrize("operation", ["mutation", "subscription"])
def test_mutation_and_subscription_are_never_executed(
    deployment: Deployment, operation: str
) -> None:
    document = f"{operation} {{ __typename }}"
    by_get = deployment.get(document)
    assert (by_get.status, by_get.headers["allow"]) == (405, "POST")
    for accept, status in ((JSON, 200), (GRAPHQL, 400)):
        response = post(deployment, json.dumps({"query": document}).encode(), accept=accept)
        assert (response.status, response.reasons) == (status, ["not_a_query"])
        assert "data" not in response.json


@pytest.mark.parametrize(
    ("query", "name"),
    [("query A { __typename } query B { __typename }", None), ("query A { __typename }", "B")],
)
def test_unknown_operation_is_an_error(
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
def test_errors_before_execution_have_code_and_reason(
    deployment: Deployment, query: str, code: str, reason: str
) -> None:
    for accept, status in ((JSON, 200), (GRAPHQL, 400)):
        response = post(deployment, json.dumps({"query": query}).encode(), accept=accept)
        assert response.status == status
        assert response.json["errors"][0]["extensions"] == {"code": code, "reason": reason}
        assert "data" not in response.json


def test_other_origins_are_forbidden_by_default(deployment: Deployment) -> None:
    response = post(deployment, TYPENAME, origin="https://a.example")
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert deployment.send("OPTIONS", headers={"origin": "https://a.example"}).status == 405


def test_settings_have_defaults() -> None:
    settings = Settings.read(ENVIRONMENT)
    assert settings.cors == Cors()
    assert settings.introspection


def test_invalid_setting_is_rejected_at_cold_start() -> None:
    with pytest.raises(ValueError, match="INTROSPECTION"):
        Settings.read({**ENVIRONMENT, "INTROSPECTION": "maybe"})
    with pytest.raises(KeyError):
        Settings.read({})


def test_host_can_be_ipv6_address(deployment: Deployment) -> None:
    response = post(deployment, TYPENAME, Host="[::1]:4566", X_Forwarded_Port="x")
    assert response.status == 200
