"""Random requests of an attacker or of a broken client.

They contain documents with wrong values, documents whose text is changed, documents that grow by
fragments, aliases or brackets, cursors of other clients, and unusual HTTP headers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graphql import GraphQLSchema
from hypothesis import strategies as st

from tests.support.graphql_api.documents import Document, documents, rarely
from tests.support.graphql_api.wrong_requests import ACCEPTS, GRAPHQL, JSON, chain, nested
from tests.support.graphql_api.wrong_values import LITERALS, WRONG

SNIPPETS = (
    *("{", "}", "(", ")", "[", "]", "$", "@", "!", ":", "=", "|", "&", "..."),
    *("#", '"', '"""', "\\"),
    *("...F0", "... on Query {", "@skip(if: true)", "@include(if: $v0)", "query", "mutation {"),
    *("fragment F0 on Query { ...F0 }", "a: ", "__schema { types { name } }", "on", "null", "$v0"),
    *("\0", "\ufeff", "\u202e", "🐈", "é", "\\ud800", "9" * 400, "x" * 2_000, "\r\n", "\t"),
)
"""Text that is inserted into a document at a random position."""

ROOT = 'a%d: getAlert(id: "secret/vault/1") { id }'


@dataclass(frozen=True, slots=True)
class Request:
    """A request as `Deployment.send` takes it."""

    method: str
    headers: Mapping[str, str]
    query_string: str = ""
    body: bytes = b""


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """Draw a text with up to three changes: inserted, removed or repeated pieces."""
    for _ in range(draw(st.integers(0, 3))):
        position = draw(st.integers(0, len(text)))
        before, after = text[:position], text[position:]
        match draw(st.sampled_from(["insert", "remove", "repeat"])):
            case "insert":
                text = f"{before} {draw(st.sampled_from(SNIPPETS))} {after}"
            case "remove":
                text = before + after[draw(st.integers(1, 40)) :]
            case _:
                piece = after[: draw(st.integers(1, 60))]
                text = before + piece * draw(st.integers(1, 20)) + after
    return text


@st.composite
def growing(draw: st.DrawFn) -> Document:
    """Draw a document whose size is near a limit."""
    number = draw(st.sampled_from([1, 2, 15, 16, 17, 30, 31, 32, 33, 48, 49, 60, 61, 200, 490]))
    fields = " ".join(ROOT % index for index in range(number))
    text: str = draw(
        st.sampled_from(
            [
                chain(number),
                chain(number, "{ ...f0 }"),
                chain(1, f"{{ {fields} }}"),
                f"{{ {fields} }}",
                f"{{ getAlerts {{ data {{ {'id ' * number * 10} }} }} }}",
                "{ " + nested("__typename", "... { ", " }", number) + " }",
                nested("b", "{ a ", " }", number),
                '{ __type(name: "Query") { ' + nested("name", "ofType { ", " }", number) + " } }",
                "{ getAlert(id: " + nested("1", "[", "]", number) + ") { id } }",
                "{ getAlert(id: " + nested("1", "{ a: ", " }", number) + ") { id } }",
                "query ($v: " + nested("Int", "[", "]", number) + ") { __typename }",
                "query (" + " ".join(f"$v{n}: Int" for n in range(number)) + ") { __typename }",
                "{ __typename " + "@skip(if: true) " * number + "}",
                " ".join(f"query Q{n} {{ __typename }}" for n in range(number)),
                " ".join(
                    f"fragment f{n} on Query {{ {f'...f{n + 1} ' * number} }}" for n in range(8)
                )
                + " fragment f8 on Query { __typename } { ...f0 }",
            ]
        )
    )
    return Document(text, {})


@st.composite
def requests(draw: st.DrawFn, schema: GraphQLSchema, tokens: tuple[str, ...]) -> Request:
    """Draw a request. `tokens` are cursors of other clients."""
    foreign = st.sampled_from(tokens)
    cursors = foreign | foreign.flatmap(changed)
    of_schema = documents(
        schema,
        wrong_literals=st.sampled_from(LITERALS) | cursors.map(json.dumps) | _WRONG.map(_literal),
        wrong_values=_WRONG | cursors,
    )
    document = draw(growing() if draw(rarely(6)) else of_schema)
    text, unusual = document.text, rarely(12)
    parameters: dict[str, Any] = {
        "query": draw(changed(text)) if draw(rarely(4)) else text,
        "variables": draw(_WRONG) if draw(unusual) else document.variables,
    }
    if draw(unusual):
        parameters["operationName"] = draw(st.sampled_from(["Q", "", "x" * 5_000, 7, ["Q"]]))
    if draw(unusual):
        parameters["extensions"] = draw(st.sampled_from([None, {}, {"a": [[]]}, 1]))
    headers = {"accept": draw(st.sampled_from(ACCEPTS[:6] if draw(unusual) else (JSON, GRAPHQL)))}
    if draw(rarely(6)):
        return Request("GET", headers, _query_string(parameters))
    return Request("POST", headers | {"content-type": JSON}, body=json.dumps(parameters).encode())


def _query_string(parameters: Mapping[str, Any]) -> str:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
    }
    return urlencode(texts, errors="replace")


_WRONG = st.sampled_from(WRONG)


def _literal(value: Any) -> str:
    """Return a value as a GraphQL literal. Names of members are not checked."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value)
