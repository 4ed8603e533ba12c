"""Documents and variables within the limits use little of the stack."""

import inspect
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from graphql import parse

from graphql_api.execution.limits import check_size, check_text
from tests.support.graphql_api.deployment import Deployment, deployed
from tests.support.graphql_api.wrong_requests import chain, nested

FRAMES = 350
"""Stack frames that a document within the limits can use. Python allows 1,000 in total."""


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


@contextmanager
def few_frames(number: int) -> Iterator[None]:
    """Limit the growth of the stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + number)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


LEAVES = "kind name ofType { name }"
TYPES = nested(LEAVES, "ofType { ", " }", 12)
INLINE = nested("...f1", "... { ", " }", 30)
DEEPEST = {
    "a chain of fragments": chain(46),
    "a chain of fragments, twice": chain(46).replace("{ ...f0 }", "{ ...f0 x: __typename ...f0 }"),
    "fragments of inline fragments": f"{{ ...f0 }} fragment f0 on Query {{ {INLINE} }} "
    "fragment f1 on Query { " + nested("__typename", "... { ", " }", 14) + " }",
    "fields": f'{{ __type(name: "Alert") {{ {TYPES} {TYPES} }} }}',
    "fields in inline fragments": '{ __type(name: "Alert") { '
    + nested(LEAVES, "... { ofType { ", " } }", 12)
    + " } }",
    "fields in fragments": '{ __type(name: "Alert") { ...f0 } } '
    + " ".join(f"fragment f{n} on __Type {{ ofType {{ ...f{n + 1} }} }}" for n in range(14))
    + " fragment f14 on __Type { name }",
    "a list": "{ getAlert(id: " + nested("1", "[", "]", 29) + ") { id } }",
    "an object": "{ getAlert(id: " + nested("1", "{ a: ", " }", 29) + ") { id } }",
    "a list for a list": '{ organisation(name: "a") { alerts(rule: '
    + nested('"a"', "[", "]", 29)
    + ") { nextToken } } }",
    "a type": "query ($v: " + nested("Int", "[", "]", 30) + ") { __typename }",
    "a default": "query ($v: [Int] = " + nested("1", "[", "]", 30) + ") { __typename }",
    "a directive": "{ __typename @skip(if: " + nested("1", "[", "]", 29) + ") }",
    "a mutation": "mutation " + nested("b", "{ a ", " }", 17),
    "a schema": "type A { a(b: C = " + nested("1", "[", "]", 29) + "): D }",
}


@pytest.mark.parametrize("what", DEEPEST)
def test_deepest_accepted_documents_need_few_frames(deployment: Deployment, what: str) -> None:
    # The first request creates objects that later requests reuse.
    assert deployment.ask("{ __typename }").status == 200
    check_text(DEEPEST[what])
    check_size(parse(DEEPEST[what]))
    with few_frames(FRAMES):
        response = deployment.ask(DEEPEST[what])
    response.assert_no_internal_error()
    assert "nested too deeply" not in response.text
    assert "aborted" not in response.text


def test_deepest_accepted_variables_need_few_frames(deployment: Deployment) -> None:
    query = """query ($v: [String!], $f: AlertFilter) {
      organisation(name: "a") { alerts(rule: $v, filter: $f) { nextToken } } }"""
    assert deployment.ask("{ __typename }").status == 200
    for variables in (
        {"v": json.loads(nested('"x"', "[", "]", 31))},
        {"f": json.loads(nested("1", '{"severity":', "}", 31))},
        {"f": {"tool": json.loads(nested("1", '{"a":', "}", 29))}},
    ):
        with few_frames(FRAMES):
            response = deployment.ask(query, **variables)
        assert set(response.reasons) == {"bad_argument"}


@pytest.mark.parametrize("inside", [('{"a":', "}"), ("[", "]")])
@pytest.mark.parametrize("levels", [32, 900])
def test_too_deep_variables_are_rejected(
    deployment: Deployment, inside: tuple[str, str], levels: int
) -> None:
    value = nested("1", inside[0], inside[1], levels)
    body = f'{{"query": "{{ __typename }}", "variables": {{"v": {value}}}}}'
    headers = {"content-type": "application/json"}
    response = deployment.send("POST", headers=headers, body=body.encode())
    assert (response.status, response.reasons) == (400, ["bad_variables"])
