"""Random requests of somebody who means harm, or of a client that is badly broken.

Documents of the schema with wrong values in any place, bent in any place; documents that grow by
fragments, aliases and brackets; cursors of others; and all that in odd envelopes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graphql import GraphQLSchema
from hypothesis import strategies as st

from tests.support.graphql_api.documents import Document, documents, seldom
from tests.support.graphql_api.wrong_requests import ACCEPTS, GRAPHQL, JSON, chain, nested
from tests.support.graphql_api.wrong_values import LITERALS, WRONG

SNIPPETS = (
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "$",
        "@",
        "!",
        ":",
        "=",
        "|",
        "&",
        "...",
        "#",
        '"',
        '"""',
        "\\",
    ),
    *("...F0", "... on Query {", "@skip(if: true)", "@include(if: $v0)", "query", "mutation {"),
    *("fragment F0 on Query { ...F0 }", "a: ", "__schema { types { name } }", "on", "null", "$v0"),
    *("\0", "\ufeff", "\u202e", "🐈", "é", "\\ud800", "9" * 400, "x" * 2_000, "\r\n", "\t"),
)
"""What is put into a document where it does not belong."""

ROOT = 'a%d: getAlert(id: "secret/vault/1") { id }'


@dataclass(frozen=True, slots=True)
class Request:
    """A request as `Deployment.send` takes it."""

    method: str
    headers: Mapping[str, str]
    query_string: str = ""
    body: bytes = b""


@st.composite
def bent(draw: st.DrawFn, text: str) -> str:
    """A text with pieces cut out, repeated or put in, up to three times."""
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(["put in", "cut out", "repeat"])):
            case "put in":
                text = f"{text[:place]} {draw(st.sampled_from(SNIPPETS))} {text[place:]}"
            case "cut out":
                text = text[:place] + text[place + draw(st.integers(1, 40)) :]
            case _:
                piece = text[place : place + draw(st.integers(1, 60))]
                text = text[:place] + piece * draw(st.integers(1, 20)) + text[place:]
    return text


@st.composite
def growing(draw: st.DrawFn) -> Document:
    """A short rule for a large document, around each of the bounds."""
    number = draw(st.sampled_from([1, 2, 15, 16, 17, 30, 31, 32, 33, 48, 49, 60, 61, 200, 490]))
    fields = " ".join(ROOT % place for place in range(number))
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
    """A request; `tokens` are cursors that others were given."""
    stolen = st.sampled_from(tokens)
    cursors = stolen | stolen.flatmap(bent)
    of_schema = documents(
        schema,
        wrong_literals=st.sampled_from(LITERALS) | cursors.map(json.dumps) | _WRONG.map(_literal),
        wrong_values=_WRONG | cursors,
    )
    document = draw(growing() if draw(seldom(6)) else of_schema)
    text, odd = document.text, seldom(12)
    parameters: dict[str, Any] = {
        "query": draw(bent(text)) if draw(seldom(4)) else text,
        "variables": draw(_WRONG) if draw(odd) else document.variables,
    }
    if draw(odd):
        parameters["operationName"] = draw(st.sampled_from(["Q", "", "x" * 5_000, 7, ["Q"]]))
    if draw(odd):
        parameters["extensions"] = draw(st.sampled_from([None, {}, {"a": [[]]}, 1]))
    headers = {"accept": draw(st.sampled_from(ACCEPTS[:6] if draw(odd) else (JSON, GRAPHQL)))}
    if draw(seldom(6)):
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
    """A value as GraphQL writes it, more or less."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value)
