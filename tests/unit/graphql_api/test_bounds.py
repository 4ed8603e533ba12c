"""Limits on requests: no request overloads the service, reveals internals, or makes it fail."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_introspection_query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.execution import limits
from tests.support.examples import examples
from tests.support.graphql_api.deployment import Deployment, Response, alert, deployed


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        shared.record(alert(1))
        yield shared


def post(deployment: Deployment, body: bytes) -> Response:
    """Send bytes as a JSON body."""
    return deployment.send("POST", body=body, headers={"content-type": "application/json"})


DEEP = "{ __schema { types { fields { type " + "{ ofType " * 20 + "{ name }" + " }" * 24
BY_FRAGMENTS = "{ getAlerts { ...f0 } } " + " ".join(
    f"fragment f{n} on PaginatedAlerts {{ ...f{n + 1} ...f{n + 1} ...f{n + 1} }}" for n in range(30)
)
TOO_MUCH = {
    "aliases": ("too_many_aliases", "{ " + "".join(f"a{n}:__typename " for n in range(100)) + "}"),
    "root fields": ("too_many_root_fields", "{ " + "__typename " * 40 + "}"),
    "10,000 aliases": (
        "too_many_tokens",
        "{ " + "".join(f"a{n}:__typename " for n in range(10_000))[:60_000] + "}",
    ),
    "fields": (
        "too_many_fields",
        "{ getAlerts { data { " + "id " * 600 + "} } }",
    ),
    "levels": ("too_many_levels", DEEP),
    "unused fragments": (
        "too_many_fields",
        "{ __typename } fragment f on Alert { " + "id " * 600 + "}",
    ),
    "fragments of fragments": (
        "too_many_fields",
        BY_FRAGMENTS + " fragment f30 on PaginatedAlerts { nextToken }",
    ),
    "inline fragments": (
        "too_many_levels",
        "{ getAlerts { ... on PaginatedAlerts " + "{ ... { data " * 20 + "{ id }" + " } }" * 20,
    ),
    "characters": ("too_many_characters", "{ __typename } #" + "x" * 70_000),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_document_over_limit_is_rejected_quickly(deployment: Deployment, what: str) -> None:
    reason, document = TOO_MUCH[what]
    if document.count("{") > document.count("}"):
        document += "}" * (document.count("{") - document.count("}"))
    started = time.process_time()
    response = deployment.ask(document)
    assert response.reasons == [reason]
    assert response.json["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert time.process_time() - started < 2


def test_fragment_cycle_is_rejected(deployment: Deployment) -> None:
    circle = "{ getAlerts { ...a } } " + "".join(
        f"fragment {one} on PaginatedAlerts {{ ...{other} }} " for one, other in ("ab", "ba")
    )
    assert "invalid_document" in deployment.ask(circle).reasons


def test_longest_accepted_document_is_checked_quickly(
    deployment: Deployment,
) -> None:
    document = "{ getAlerts { data { " + "id " * 480 + "} } }"
    started = time.process_time()
    assert deployment.ask(document).data == {"getAlerts": {"data": [{"id": "octo/cat/1"}]}}
    assert time.process_time() - started < 2


def test_too_deep_nesting_is_rejected(deployment: Deployment) -> None:
    for document in ("{a" * 1_900, "{ a(b: " + "[" * 1_900, "query ($a: " + "[" * 1_900):
        assert deployment.ask(document).status == 200
        assert "data" not in deployment.ask(document).json


def test_introspection_queries_of_clients_are_within_limits(deployment: Deployment) -> None:
    document = get_introspection_query(
        specified_by_url=True, input_value_deprecation=True, directive_is_repeatable=True
    )
    assert deployment.ask(document).data["__schema"]["queryType"]["name"] == "Query"


def test_internal_error_is_masked_and_logged_with_reference(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    query_handler._service.cache_clear()
    monkeypatch.setenv("ALL_EVENTS_TABLE", "no-such-table")
    response = deployment.ask('{ getAlert(id: "octo/cat/1") { id } b: __typename }')
    query_handler._service.cache_clear()
    assert response.status == 200
    assert response.json["data"] == {"getAlert": None, "b": "Query"}
    (error,) = response.json["errors"]
    assert error["path"] == ["getAlert"]
    assert error["extensions"]["reason"] == "internal"
    assert "no-such-table" not in response.text
    assert "ResourceNotFound" not in response.text
    (fault,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert vars(fault)["reference"] == error["extensions"]["reference"]
    assert "ResourceNotFoundException" in str(fault.exc_info)


def test_response_too_large_for_lambda_is_an_error(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.http.service.LARGEST_RESPONSE", 1_000)
    response = deployment.ask(get_introspection_query())
    assert response.reasons == ["answer_too_large"]


def test_response_too_large_for_lambda_is_logged_and_not_cached(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("graphql_api.http.service.LARGEST_RESPONSE", 1_000)
    response = deployment.get(get_introspection_query())
    assert (response.status, response.reasons) == (200, ["answer_too_large"])
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["reasons"] == ["answer_too_large"]
    assert response.json["data"] is None


def test_number_of_errors_is_limited(
    deployment: Deployment,
) -> None:
    response = deployment.ask("""{ organisation(name: "octo") {
      metrics(from: "2026-01-01", to: "2026-11-24", interval: DAY) {
        percentileTimeToRemediate(percent: 0) } } }""")
    assert response.reasons == ["bad_percent"] * 100 + ["more_errors"]
    last = response.json["errors"][-1]
    assert last["message"] == "228 more errors are not shown."
    assert last["extensions"]["code"] == "LIMIT_EXCEEDED"


def test_messages_quote_limited_part_of_client_text(deployment: Deployment) -> None:
    response = deployment.ask(f'{{ getAlert(id: {{ a: "{"x" * 60_000}" }}) {{ id }} }}')
    assert response.reasons == ["invalid_document"]
    assert len(response.text) < 2_000


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
MANY = settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def assert_harmless(response: Response) -> None:
    """Check for no internal error and no internal text, and for rows only if requested."""
    response.assert_no_internal_error()
    assert "octo/cat/1" not in json.dumps(response.json.get("data"))


@MANY
@given(body=st.binary(max_size=2_000))
def test_random_bytes_never_cause_internal_errors(deployment: Deployment, body: bytes) -> None:
    assert_harmless(post(deployment, body))


@MANY
@given(query=st.text(max_size=500))
def test_random_documents_never_cause_internal_errors(deployment: Deployment, query: str) -> None:
    assert_harmless(deployment.ask(query.encode("utf-8", "replace").decode()))


@MANY
@given(
    body=st.fixed_dictionaries(
        {},
        optional={
            "query": JSON_VALUES | st.just("query ($v: ID) { getAlert(id: $v) { id } }"),
            "variables": JSON_VALUES | st.dictionaries(st.just("v"), JSON_VALUES),
            "operationName": JSON_VALUES,
            "extensions": JSON_VALUES,
        },
    )
)
def test_random_parameters_never_cause_internal_errors(
    deployment: Deployment, body: dict[str, Any]
) -> None:
    assert_harmless(post(deployment, json.dumps(body).encode()))


CALLS = {
    "getAlert(id: $v)": "ID",
    "getRepositoryOverview(id: $v)": "ID",
    "getOrganisationOverview(id: $v)": "ID",
}
LIST_CALLS = {
    "getAlerts(nextToken: $v)": "String",
    "getAlerts(limit: $v)": "Int",
    "getRepositoryOverviews(nextToken: $v)": "String",
    "repositoryOverviewbyRepositoryName(repositoryName: $v)": "String!",
    'repositoryOverviewbyRepositoryName(repositoryName: "a", monthlyPeriod: $v)': "String",
    'repositoryOverviewbyRepositoryName(repositoryName: "a", sortDirection: $v)': "Sort",
    "repositoryOverviewbyMonthlyPeriod(monthlyPeriod: $v)": "String!",
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", repositoryName: $v)': "String",
    "organisationOverviewbyOrganisationName(organisationName: $v)": "String!",
    'organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-11", nextToken: $v)': "String",
}


@MANY
@given(
    call=st.sampled_from([*CALLS, *LIST_CALLS]),
    value=JSON_VALUES.filter(lambda value: value not in ("octo/cat/1", None)),
)
def test_random_arguments_never_cause_internal_errors(
    deployment: Deployment, call: str, value: object
) -> None:
    if call in CALLS:
        query = f"query ($v: {CALLS[call]}) {{ {call} {{ id }} }}"
    else:
        query = f"query ($v: {LIST_CALLS[call]}) {{ {call} {{ nextToken }} }}"
    assert_harmless(deployment.ask(query, v=value))


def test_documented_limits_equal_code() -> None:
    assert (limits.DEPTH, limits.ALIASES, limits.ROOT_FIELDS) == (16, 60, 30)
    assert (limits.FIELDS, limits.TOKENS) == (500, 4_000)
