"""The completion of leaves: all values of one field at once, with graphql-core's results.

Owns the conversion of values of the built-in types, which is faster for a whole column. The leaf's
own coercion converts all other values.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from types import NoneType
from typing import Any, NamedTuple

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLString,
    UndefinedType,
    get_nullable_type,
    is_non_null_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graphql_api.vocabulary.scalars import DATE_TIME

_EXACT = 2**53
"""Every integer up to this number is exact as a float."""


class NotProjectableError(Exception):
    """A value or field that only graphql-core's executor completes correctly."""


class Leaf(NamedTuple):
    """The completion of a field's values, a whole column at once."""

    coerce: Callable[[Any], Any]
    nullable: bool
    fast: Mapping[frozenset[type], Callable[[list[Any]], list[Any] | None]]
    """By the types of a column: a function with the results of `coerce`.

    It returns None if `coerce` has to check each value.
    """

    @classmethod
    def of(cls, field: GraphQLField) -> "Leaf":
        """Return the completion of the values of a leaf field."""
        leaf: Any = get_nullable_type(field.type)
        definition = leaf.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        # The stored form of a timestamp is the printed form.
        fast = _FAST.get(GraphQLString if definition is DATE_TIME else leaf, {})
        if isinstance(leaf, GraphQLEnumType):
            enum = definition.wrapped_cls
            names = {member: leaf.coerce_output_value(member) for member in enum}
            fast = {enum: lambda values: [names[value] for value in values]}
        return cls(
            leaf.coerce_output_value,
            not is_non_null_type(field.type),
            {frozenset({kind}): convert for kind, convert in fast.items()},
        )

    def complete(self, values: list[Any]) -> list[Any]:
        """Return values in the form of the response.

        Raises:
            NotProjectableError: A value is an error, or null in a non-null field.
            Exception: The coercion refuses a value that does not belong to the type.
        """
        kinds = set(map(type, values))
        if NoneType not in kinds:
            return self._coerced(values, kinds)
        if not self.nullable:
            raise NotProjectableError
        some = [value for value in values if value is not None]
        coerced = iter(self._coerced(some, kinds - {NoneType}))
        return [None if value is None else next(coerced) for value in values]

    def _coerced(self, values: list[Any], kinds: set[type]) -> list[Any]:
        convert = self.fast.get(frozenset(kinds))
        converted = None if convert is None else convert(values)
        if converted is not None:
            return converted
        if any(issubclass(kind, Exception | UndefinedType) for kind in kinds):
            raise NotProjectableError
        coerced = [self.coerce(value) for value in values]
        if not {NoneType, UndefinedType}.isdisjoint(map(type, coerced)):
            raise NotProjectableError
        return coerced


def _unchanged(values: list[Any]) -> list[Any]:
    return values


def _ints(values: list[int]) -> list[int] | None:
    in_range = min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT
    return values if in_range else None


def _floats(values: list[float]) -> list[float] | None:
    return values if all(map(isfinite, values)) else None


def _whole_floats(values: list[int]) -> list[float] | None:
    return list(map(float, values)) if max(map(abs, values)) <= _EXACT else None


_FAST: Mapping[Any, Mapping[type, Callable[[list[Any]], list[Any] | None]]] = {
    GraphQLString: {str: _unchanged},
    GraphQLID: {str: _unchanged},
    GraphQLBoolean: {bool: _unchanged},
    GraphQLInt: {int: _ints},
    GraphQLFloat: {float: _floats, int: _whole_floats},
}
