"""Invalid arguments, sent with a key to one organisation.

No response is an internal error or contains a row of another organisation. All requests to the
tables are checked against rules of DynamoDB that moto does not have.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import build_schema

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import KeyCheck
from graphql_api.sdl import sdl
from tests.support.examples import some
from tests.support.graphql_api.deployment import Deployment, Response, alert, deployed
from tests.support.graphql_api.dynamodb_rules import check_request, checked
from tests.support.graphql_api.wrong_values import (
    ALLOWED,
    LITERALS,
    WRONG,
    Argument,
    arguments,
    nearly_valid,
)

JSON = "application/json"
ARGUMENTS = [
    one for one in arguments(build_schema(sdl())) if not one.path.startswith(".organisations.")
]
HIDDEN = {"tool": "hidden-tool", "rule": "hidden-rule"}


def octo_only(_self: KeyCheck, _key: str) -> Access:
    return Access("octo only", frozenset({ALLOWED}))


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield a deployment with two organisations. The key can read only one of them."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        for number in range(1, 4):
            deployment.record(alert(number), alert(number, repository=f"{ALLOWED}/dog"))
            deployment.record(alert(number, repository="secret/vault", **HIDDEN))
        deployment.roll_up()
        patch.setattr(KeyCheck, "__call__", octo_only)
        service = query_handler._service()
        with checked(service.context_of(Access("tests")).reader.client):
            yield deployment


def assert_harmless(response: Response) -> None:
    """Check for no internal error, no internal text, and no row of another organisation."""
    response.assert_no_internal_error()
    assert "hidden-" not in response.text, response.text[:1_000]
    if not response.text:
        return
    _assert_no_hidden_rows(response.json.get("data"))


def _assert_no_hidden_rows(data: Any) -> None:
    if isinstance(data, list):
        for one in data:
            _assert_no_hidden_rows(one)
    elif isinstance(data, dict):
        assert data.get("organisationName", ALLOWED) == ALLOWED
        assert (data.get("repositoryName") or f"{ALLOWED}/").startswith(f"{ALLOWED}/")
        for one in data.values():
            _assert_no_hidden_rows(one)


def test_arguments_of_all_fields_are_found() -> None:
    paths = {one.path for one in ARGUMENTS}
    assert len(paths) > 80
    assert {".getAlert(id)", ".repository.metrics.change(of)"} <= paths
    assert ".organisation.alerts.data.age(unit)" in paths


@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda one: one.path)
def test_invalid_arguments_never_cause_internal_errors(
    octo: Deployment, argument: Argument
) -> None:
    query, offset = argument.with_variable(), ARGUMENTS.index(argument)
    for value in some(WRONG, offset):
        assert_harmless(octo.ask(query, v=value))
    for text in some(LITERALS, offset):
        assert_harmless(octo.ask(argument.with_literal(text)))


@pytest.mark.parametrize(
    "path",
    [
        *(".organisation.metrics(filter)", ".organisation.metrics(top)"),
        *(".organisation.alerts(filter)", ".repository.alerts(filter)"),
    ],
)
def test_invalid_input_fields_never_cause_internal_errors(octo: Deployment, path: str) -> None:
    (argument,) = [one for one in ARGUMENTS if one.path == path]
    for value in nearly_valid(argument.type):
        assert_harmless(octo.ask(argument.with_variable(), v=value))


def test_repository_filter_is_not_filter_by_partition_key(octo: Deployment) -> None:
    query = """query ($names: [String!]) { repository(name: "octo/cat") {
      all: alerts(filter: {repository: $names}) { data { id } }
      open: alerts(state: OPEN, filter: {repository: $names}) { data { id } } } }"""
    for names, found in ((["octo/cat", "octo/dog"], 3), (["octo/dog"], 0)):
        response = octo.ask(query, names=names).data["repository"]
        assert [len(one["data"]) for one in response.values()] == [found, found]
    with pytest.raises(AssertionError, match="a filter cannot contain a key"):
        check_request(
            {
                "TableName": "AllEvents",
                "KeyConditionExpression": "#r = :v",
                "FilterExpression": "#r IN (:v)",
                "ExpressionAttributeNames": {"#r": "repositoryName"},
                "ExpressionAttributeValues": {":v": {"S": "octo/cat"}},
            }
        )


@pytest.mark.parametrize(
    "call",
    [
        'repository(name: "octo/cat") { alerts(filter: {repository: "octo/dog"}, %s)',
        'organisation(name: "unknown") { alerts(%s)',
    ],
)
def test_list_without_possible_rows_checks_its_arguments(octo: Deployment, call: str) -> None:
    def ask(argument: str) -> Response:
        query = f"{{ {call % argument} {{ nextToken }}"
        return octo.ask(query + " }" * (query.count("{") - query.count("}")))

    assert ask("limit: 5").data
    assert ask("limit: 0").reasons == ["bad_limit"]
    assert ask('nextToken: "x"').reasons == ["bad_cursor"]


@pytest.mark.parametrize(
    ("fields", "argument", "value", "accepted"),
    [
        ("alerts(limit: 0) { nextToken }", "limit", "0", "1 to 1,000"),
        ("alerts(limit: 1001) { nextToken }", "limit", "1,001", "1 to 1,000"),
        ("backlog { olderThan(days: -1) }", "days", "-1", "0 to 3,650"),
        ("metrics(interval: TOTAL) { shareClosedWithin(days: 31) }", "days", "31", "1 to 30, 45"),
        (
            "metrics(interval: TOTAL) { percentileTimeToRemediate(percent: 0.95) }",
            "percent",
            "0.95",
            "1 to 99.9",
        ),
        (
            "metrics(groupBy: TOOL, top: {groups: 0, by: CLOSED}) { closed }",
            "top.groups",
            "0",
            "1 to 1,000",
        ),
        ('metrics(from: "soon") { closed }', "from", '"soon"', "2026-11-23"),
        (
            'metrics(filter: {repository: "cat"}) { closed }',
            "filter.repository",
            '"cat"',
            "owner/name",
        ),
    ],
)
def test_error_names_argument_value_and_accepted_values(
    octo: Deployment, fields: str, argument: str, value: str, accepted: str
) -> None:
    (error,) = octo.ask(f'{{ organisation(name: "{ALLOWED}") {{ {fields} }} }}').json["errors"]
    message = error["message"]
    assert message.startswith((f"{argument} is {value}, ", f"{argument}: {value} "))
    assert accepted in message


def test_month_error_names_value(octo: Deployment) -> None:
    response = octo.ask('{ repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "Nov") { nextToken } }')
    (error,) = response.json["errors"]
    assert error["message"].startswith('monthlyPeriod is "Nov", but must be a month such as 2026')
