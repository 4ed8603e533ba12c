"""Every argument of the schema, a query that uses it, and values that it must reject or survive."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

ALLOWED = "octo"
_REQUIRED_VALUES: dict[str, object] = {
    "name": f"{ALLOWED}/cat",
    "organisationName": ALLOWED,
    "repositoryName": f"{ALLOWED}/cat",
    "monthlyPeriod": "2026-11",
    "percent": 50,
    "days": 7,
    "of": "OPENED",
}

LONG = "x" * 100_000
WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63 - 1, -(2**63), 1.5, -0.0, 1e308),
    *("", " ", "\0", "a\0b", "null", "0", "-1", "1e3", "NaN", "🐈" * 256, "é" * 2_000, LONG),
    *("octo", "octo/cat", "octo/cat/1", "secret/vault", "secret/vault/1", "secret/vault#OPEN"),
    *("octo/cat/1/", "/", "//", "octo/", "/1", "octo/cat/٣", "octo/cat/01", "octo/cat/1e0"),
    *("2026-11", "2026-13", "0000-01", "2026-November", "2026-11/secret", "9999-12"),
    *("now", "now-1M/M", "now/", "now-999999y", "2026-02-30", "2026-11-23T00:00:00Z"),
    *("octo' OR 1=1", "${jndi}", "#name", ":v0", "__proto__", "MONTH#2026-11", "ALL", "\u202e"),
    *("CRITICAL", "OPEN", "asc", "DAY", "REPOSITORY", "OTHER", "FIXED"),
    *([], [None], [[]], ["octo/cat", "octo/cat"], ["CRITICAL", 1], ["x"] * 1_000, [{}]),
    *({}, {"": ""}, {"a": {"a": {"a": []}}}, {"severity": []}, {"repository": ["secret/vault"]}),
    *({"tool": [""], "branch": "DEFAULT"}, {"groups": 5, "by": "CLOSED"}, {"groups": 1e9}),
)
LITERALS = (
    *("null", "true", "-0", "1e999", "9" * 5_000, "1.0", '""', '"""block\n"""', '"\\u0000"'),
    *("WRONG", "[]", "[[[1]]]", "{}", '{a: "b"}', '{severity: ["HIGH"]}', "$undefined"),
)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, and the text of a query before and after it. `path` starts at Query."""

    path: str
    name: str
    type: Any
    before: str
    after: str

    def with_variable(self) -> str:
        """Return the query with the variable `$v` as the argument's value."""
        return f"query ($v: {self.type}) {self.with_literal('$v')}"

    def with_literal(self, text: str) -> str:
        """Return the query with a literal as the argument's value."""
        return f"{self.before}{self.name}: {text}{self.after}"


def arguments(schema: GraphQLSchema) -> Iterator[Argument]:
    """Yield the arguments of all fields below Query. Each type is visited once on a path."""
    assert schema.query_type is not None
    yield from _of_type(schema.query_type, "", "{ ", " }", frozenset())


def _of_type(
    type_: GraphQLObjectType, path: str, before: str, after: str, seen: frozenset[str]
) -> Iterator[Argument]:
    for name, field in type_.fields.items():
        here, inner = f"{path}.{name}", get_named_type(field.type)
        for argument in field.args:
            others = _required(field, leave_out=argument)
            start = f"{before}{name}({others}"
            yield Argument(
                path=f"{here}({argument})",
                name=argument,
                type=field.args[argument].type,
                before=start,
                after=f"){_selection(inner)}{after}",
            )
        if isinstance(inner, GraphQLObjectType) and inner.name not in seen:
            required = _required(field)
            start = f"{before}{name}{f'({required})' if required else ''} {{ "
            yield from _of_type(inner, here, start, f" }}{after}", seen | {inner.name})


def _required(field: GraphQLField, *, leave_out: str = "") -> str:
    return "".join(
        f"{name}: {_literal(name, argument)}, "
        for name, argument in field.args.items()
        if name != leave_out and is_required_argument(argument)
    )


def _literal(name: str, argument: GraphQLArgument) -> str:
    value = _REQUIRED_VALUES[name]
    is_enum = isinstance(get_named_type(argument.type), GraphQLEnumType)
    return str(value) if is_enum else json.dumps(value)


def _selection(type_: Any, depth: int = 0) -> str:
    """Return all leaf fields of a type, down to two levels, without those that need arguments."""
    if not isinstance(type_, GraphQLObjectType):
        return ""
    fields = []
    for name, field in type_.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            fields.append(name)
        elif depth < 2:
            fields.append(name + _selection(inner, depth + 1))
    return f" {{ {' '.join(fields)} }}"


def valid(type_: Any, name: str = "") -> Any:
    """Return a valid value of an input type."""
    if isinstance(type_, GraphQLNonNull):
        return valid(type_.of_type, name)
    if isinstance(type_, GraphQLList):
        return [valid(type_.of_type, name)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {key: valid(member.type, key) for key, member in type_.fields.items()}
    return {"Int": 5, "Float": 50.0, "Day": "now"}.get(type_.name, f"{ALLOWED}/cat")


def nearly_valid(type_: Any) -> Iterator[Any]:
    """Yield values of an input type, each with one wrong member."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        whole = valid(named)
        for member in named.fields:
            for wrong in WRONG:
                yield {**whole, member: wrong}
