"""Random GraphQL documents of a schema.

They contain aliases, repeated fields, fragments, directives, variables, and omitted arguments.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
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
from hypothesis import strategies as st

DEEPEST = 4
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Int": st.sampled_from([0, 1, 2, 7, 30, 100, -1, 2_000, 2**31]),
    "Float": st.sampled_from([1, 50.5, 95, 0.5, -3, 1e300]),
    "Boolean": st.booleans(),
    "Day": st.sampled_from(["now", "now-30d", "now/w", "now-1M/M", "2026-11-01", "now-1y"]),
    "ID": st.sampled_from(["octo/cat/1", "octo/cat/2", "2026-11/octo/cat", "2026-11/octo", "x"]),
}
_TEXTS = st.sampled_from(["octo", "octo/cat", "2026-11", "2026-November", "now", "now-1M/M", ""])


def rarely(one_in: int) -> st.SearchStrategy[bool]:
    """Return a strategy that is True about once in `one_in` draws.

    `st.integers` prefers its bounds, so it cannot do this.
    """
    return st.sampled_from([number == one_in // 2 for number in range(one_in)])


@dataclass(frozen=True, slots=True)
class Document:
    """A document and its variables."""

    text: str
    variables: dict[str, Any]


@dataclass(slots=True)
class _Draft:
    """A document that is being written."""

    draw: st.DrawFn
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    wrong_literals: st.SearchStrategy[str] | None = None
    """Literals that sometimes replace the value of an argument."""
    wrong_values: st.SearchStrategy[Any] | None = None
    """Values that sometimes replace the value of a variable."""

    def flip(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def selections(self, type_: GraphQLObjectType, depth: int) -> str:
        many = self.draw(st.integers(1, 4))
        return "{ " + " ".join(self._selection(type_, depth) for _ in range(many)) + " }"

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        kind = self.draw(st.sampled_from(["field"] * 8 + ["typename", "inline", "spread"]))
        if kind == "inline" and depth < DEEPEST:
            on = self.draw(st.sampled_from(["", f"on {type_.name}", "on Query"]))
            return f"... {on} {self._directives()} {self.selections(type_, depth + 1)}"
        if kind == "spread" and depth < DEEPEST:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            inner = self.selections(type_, depth + 1)
            self.fragments[int(name[1:])] = f"fragment {name} on {type_.name} {inner}"
            twice = f"...{name} {self._directives()}"
            return f"{twice} ...{name}" if self.flip(4) else twice
        if kind == "typename":
            return f"{self._alias()} __typename {self._directives()}"
        names = [
            name
            for name, child in type_.fields.items()
            if depth < DEEPEST or is_leaf_type(get_named_type(child.type))
        ]
        return self._field(self.draw(st.sampled_from(names)), type_, depth) if names else "id"

    def _field(self, name: str, type_: GraphQLObjectType, depth: int) -> str:
        definition = type_.fields[name]
        written = f"{self._alias()} {name}{self._arguments(definition)} {self._directives()}"
        inner = get_named_type(definition.type)
        if isinstance(inner, GraphQLObjectType):
            return f"{written} {self.selections(inner, depth + 1)}"
        return written

    def _alias(self) -> str:
        return f"{self.draw(st.sampled_from('abc'))}: " if self.flip(4) else ""

    def _directives(self) -> str:
        if not self.flip(6):
            return ""
        name = self.draw(st.sampled_from(["skip", "include"]))
        condition = GraphQLNonNull(GraphQLBoolean)
        value = self._variable(condition) if self.flip() else json.dumps(self.draw(st.booleans()))
        return f"@{name}(if: {value})"

    def _arguments(self, definition: GraphQLField) -> str:
        arguments = [
            f"{name}: {self._argument(argument)}"
            for name, argument in definition.args.items()
            if is_required_argument(argument) or self.flip()
        ]
        return f"({', '.join(arguments)})" if arguments else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        if self.flip(3):
            return self._variable(argument.type)
        if self.wrong_literals is not None and self.draw(rarely(20)):
            return self.draw(self.wrong_literals)
        return self._literal(argument.type)

    def _literal(self, type_: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(type_.of_type)
        if self.flip(12):
            return self.draw(st.sampled_from(["null", '"wrong"', "WRONG", "-1"]))
        if isinstance(type_, GraphQLList):
            return f"[{', '.join(self._literal(type_.of_type) for _ in range(2))}]"
        if isinstance(type_, GraphQLEnumType):
            return str(self.draw(st.sampled_from(list(type_.values))))
        if isinstance(type_, GraphQLInputObjectType):
            return f"{{{', '.join(self._members(type_))}}}"
        value: object = self.draw(_VALUES.get(type_.name, _TEXTS))
        return json.dumps(value)

    def _members(self, type_: GraphQLInputObjectType) -> Iterator[str]:
        for name, member in type_.fields.items():
            if isinstance(member.type, GraphQLNonNull) or self.flip():
                yield f"{name}: {self._literal(member.type)}"

    def _variable(self, type_: Any) -> str:
        name = f"v{len(self.declared)}"
        # A variable with a default value can be nullable, even if its argument is not.
        is_nullable = isinstance(type_, GraphQLNonNull) and self.flip(4)
        variable_type = type_.of_type if is_nullable else type_
        default = f" = {self._literal(variable_type)}" if is_nullable or self.flip(4) else ""
        self.declared.append(f"${name}: {variable_type}{default}")
        content = self.draw(st.sampled_from(["value", "value", "value", "null", "absent"]))
        if content != "absent":
            self.variables[name] = None if content == "null" else self._value(variable_type)
        return f"${name}"

    def _value(self, type_: Any) -> Any:
        if self.wrong_values is not None and self.draw(rarely(10)):
            return self.draw(self.wrong_values)
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type)
        if isinstance(type_, GraphQLList):
            return [self._value(type_.of_type) for _ in range(2)]
        if isinstance(type_, GraphQLEnumType):
            return self.draw(st.sampled_from(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            return {name: self._value(member.type) for name, member in type_.fields.items()}
        return self.draw(_VALUES.get(type_.name, _TEXTS))


@st.composite
def documents(
    draw: st.DrawFn,
    schema: GraphQLSchema,
    *,
    wrong_literals: st.SearchStrategy[str] | None = None,
    wrong_values: st.SearchStrategy[Any] | None = None,
) -> Document:
    """Draw a document of the schema. Sometimes it is not valid.

    Args:
        draw: Hypothesis passes this function.
        schema: The schema of the document.
        wrong_literals: Literals that sometimes replace the value of an argument.
        wrong_values: Values that sometimes replace the value of a variable.
    """
    draft = _Draft(draw, wrong_literals=wrong_literals, wrong_values=wrong_values)
    assert schema.query_type is not None
    inner = draft.selections(schema.query_type, 0)
    declared = f"({', '.join(draft.declared)})" if draft.declared else ""
    return Document(" ".join([f"query Q{declared} {inner}", *draft.fragments]), draft.variables)
