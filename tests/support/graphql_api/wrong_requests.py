"""Malformed and very large bodies, and malformed headers."""

import json

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
MEBIBYTE = 1_048_576


def body(query: object, **more: object) -> bytes:
    """Return the JSON body of a request. `more` are other parameters."""
    return json.dumps({"query": query, **more}).encode()


def nested(inside: str, opening: str, closing: str, levels: int) -> str:
    """Return a text inside `levels` pairs of an opening and a closing part."""
    return opening * levels + inside + closing * levels


def chain(length: int, last: str = "{ __typename }") -> str:
    """Return a query with a chain of fragments. Each fragment spreads the next one."""
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} }}" for n in range(length - 1))
    return f"{{ ...f0 }} {links} fragment f{length - 1} on Query {last}"


ALIASES = "{ " + " ".join(f"a{n}: getAlerts {{ nextToken }}" for n in range(10_000)) + " }"
ASK_V = 'query ($v: [String!]) { organisation(name: "octo") { alerts(rule: $v) { nextToken } } }'
ONE = "{ __typename }"
BODIES: dict[str, bytes] = {
    "1 MB of spaces in a query": body("{ __typename" + " " * (MEBIBYTE - 40) + "}"),
    "1 MB of fields": body("{ " + "a " * 524_000 + "}"),
    "1 MB in a name": body("{ " + "a" * (MEBIBYTE - 40) + " }"),
    "1 MB in a string": body('{ getAlert(id: "' + "a" * (MEBIBYTE - 60) + '") { id } }'),
    "1 MB in a comment": body("#" + "a" * (MEBIBYTE - 40)),
    "1 MB of braces": b"{" * MEBIBYTE,
    "1 MB in a variable": body(ASK_V, variables={"v": ["x" * (MEBIBYTE - 200)]}),
    "1 MB of variables": body(ASK_V, variables={f"v{n}": n for n in range(60_000)}),
    "1 MB in a list": body(ASK_V, variables={"v": ["x"] * 150_000}),
    "10,000 aliases": body(ALIASES),
    "10,000 directives": body("{ __typename " + "@skip(if: true) " * 10_000 + "}"),
    "10,000 operations": body(" ".join(f"query A{n} {ONE}" for n in range(10_000))),
    "10,000 variables": body(
        "query (" + " ".join(f"$v{n}: Int" for n in range(10_000)) + f") {ONE}"
    ),
    "deep selections": body(nested("a", "{ a ", " }", 5_000)),
    "deep selections within the tokens": body(nested("{ a }", "{ a ", " }", 1_300)),
    "deep inline fragments": body(nested("__typename", "{ ... ", " }", 1_300)),
    "deep lists": body("{ getAlert(id: " + nested("1", "[", "]", 1_900) + ") { id } }"),
    "deep objects": body("{ getAlert(id: " + nested("1", "{ a: ", "}", 1_300) + ") { id } }"),
    "deep types": body("query ($v: " + nested("Int", "[", "]", 1_900) + ") { __typename }"),
    "deep variables": b'{"query": "%s", "variables": {"v": %s}}'
    % (ASK_V.replace('"', '\\"').encode(), nested("1", "[", "]", 1_000).encode()),
    "deeper variables": b'{"query": "x", "variables": {"v": %s}}'
    % nested("1", "[", "]", 100_000).encode(),
    "deep extensions": b'{"query": "{ __typename }", "extensions": %s}'
    % nested("1", '{"a":', "}", 1_000).encode(),
    "a chain of fragments": body(chain(490)),
    "a circle of fragments": body(chain(400, "{ ...f0 }")),
    "a fragment that is spread a million times": body(
        "{ ...f0 } "
        + " ".join(f"fragment f{n} on Query {{ {f'...f{n + 1} ' * 10}}}" for n in range(6))
        + " fragment f6 on Query { __typename }"
    ),
    "a huge int": b'{"query": "{ __typename }", "variables": {"v": 1%s}}' % (b"0" * 10_000),
    "a huge float": b'{"query": "{ __typename }", "variables": {"v": 1e%s}}' % (b"9" * 1_000),
    "a huge literal": body("{ getAlerts(limit: " + "9" * 60_000 + ") { nextToken } }"),
    "a lone surrogate": b'{"query": "{ __typename } # \\ud800"}',
    "a lone surrogate in a variable": b'{"query": "{ __typename }", "variables": {"v": "\\udfff"}}',
    "a lone surrogate as CESU-8": b'{"query": "{ __typename } # \xed\xa0\x80"}',
    "an escaped surrogate in a literal": body('{ getAlert(id: "\\ud800\\u{DFFF}") { id } }'),
    "an overlong slash": b'{"query": "{ __typename } # \xc0\xaf"}',
    "NUL": body("{ __type\0name }"),
    "NUL in a name": body("{ __typename }", operationName="\0"),
    "NUL outside": b'{"query": "{ __typename }"}\0',
    "invalid UTF-8": b'{"query": "{ __typename } # \xff\xfe"}',
    "UTF-16": json.dumps({"query": ONE}).encode("utf-16"),
    "UTF-32": json.dumps({"query": ONE}).encode("utf-32"),
    "UTF-16 without a mark": json.dumps({"query": ONE}).encode("utf-16-le"),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + body(ONE),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    "repeated keys": b'{"query": 1, "query": "{ __typename }"}',
    "an operation with a strange name": body(ONE, operationName="__proto__"),
    "a very long operation name": body(ONE, operationName="x" * 1_000_000),
    "a list of names": body(ONE, operationName=["x"]),
    "variables with strange names": body(ONE, variables={"__proto__": 1, "": 2, "\0": 3, "$v": 4}),
    "variables in a string": body(ONE, variables='{"v": 1}'),
    "an operation in an object": body({"kind": "Document"}),
    "a persisted query": b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}',
    "an upload": body(ONE, variables={"file": None}, map={"0": ["variables.file"]}),
    "a schema": body("type Query { a: Int } extend type Alert { b: Int }"),
    "unknown directives": body("{ getAlerts @defer(label: 1) @stream { nextToken @client } }"),
}
CONTENT_TYPES = (
    *("application/json; charset=\0", "application/json;;;=;", "application/json, text/html"),
    *("APPLICATION/JSON", "application/json; charset=utf-16", "multipart/form-data; boundary=x"),
    *("application/x-www-form-urlencoded", "json", "/", "é", "x" * 50_000, "application/graphql"),
)
ACCEPTS = (
    *("*/*;q=nan", "*/*;q=-1", "*/*;q=inf", "application/json;q=1e9", "," * 50_000, "a/b;" * 9_999),
    *("\0", "é/é", "application/*;q=0, */*", ";;", "*/json", f"{GRAPHQL};q=0.0000001"),
)
