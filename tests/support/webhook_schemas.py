"""Random payloads that follow GitHub's own schemas, from the package @octokit/openapi-webhooks.

Owns the generator: it covers what these schemas use, and raises for anything else.
"""

import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.support.paths import ROOT

_FILE = ROOT / "node_modules/@octokit/openapi-webhooks/generated/api.github.com.json"
_TIMES = ("2026-03-02T09:00:00Z", "2026-03-05T10:00:00Z", "2025-12-31T23:59:59Z")
_TEXTS = ("", "main", "refs/heads/main", "octo-org/octo-repo", "high", "CodeQL", "a" * 300)
_DEEPEST = 6
_ABSENT = 0.3


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_FILE.read_text())
    return document


def names(*prefixes: str) -> list[str]:
    """Return the names of the webhooks with these prefixes, such as `code-scanning-alert-fixed`."""
    return [name for name in _document()["webhooks"] if name.startswith(prefixes)]


def payload(name: str, chance: random.Random) -> dict[str, Any]:
    """Return a random payload of a webhook."""
    request = _document()["webhooks"][name]["post"]["requestBody"]
    schema = request["content"]["application/json"]["schema"]
    made: dict[str, Any] = _value(schema, chance, 0)
    return made


def _value(schema: dict[str, Any], chance: random.Random, depth: int) -> Any:
    if "$ref" in schema:
        return _value(_referenced(schema["$ref"]), chance, depth)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return _value(chance.choice(choices), chance, depth)
    if "allOf" in schema:
        parts = [_value(part, chance, depth) for part in schema["allOf"]]
        return {key: value for part in parts for key, value in part.items()}
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = chance.choice(kinds) if isinstance(kinds, list) else kinds
    return _KINDS[kind](schema, chance, depth)


def _array(schema: dict[str, Any], chance: random.Random, depth: int) -> list[Any]:
    few = 0 if depth > _DEEPEST else chance.randrange(3)
    return [_value(schema.get("items", {}), chance, depth + 1) for _ in range(few)]


def _number(_schema: dict[str, Any], chance: random.Random, _depth: int) -> int:
    return chance.choice((1, 22, 0, 2**40))


def _object(schema: dict[str, Any], chance: random.Random, depth: int) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    return {
        name: _value(inner, chance, depth + 1)
        for name, inner in schema.get("properties", {}).items()
        if name in required or (depth < _DEEPEST and chance.random() > _ABSENT)
    }


def _text(schema: dict[str, Any], chance: random.Random, _depth: int) -> str:
    match schema.get("format"):
        case "date-time":
            return chance.choice(_TIMES)
        case "uri":
            return "https://api.github.com/repos/octo-org/octo-repo/code-scanning/alerts/22"
        case _:
            return chance.choice(_TEXTS)


def _referenced(reference: str) -> dict[str, Any]:
    found: Any = _document()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, dict)
    return found


_KINDS: dict[str, Callable[[dict[str, Any], random.Random, int], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema, chance, _depth: chance.random() < 0.5,
    "null": lambda _schema, _chance, _depth: None,
    "string": _text,
}
