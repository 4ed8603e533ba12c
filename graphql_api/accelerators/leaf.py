"""The completion of leaves: all values of one field at once, with graphql-core's results.

Owns the conversion of values of the built-in types, which is faster for a whole column. The leaf's
own coercion converts all other values.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from math import isfinite
from types import NoneType
from typing import Any, NamedTuple, Self

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLOutputType,
    GraphQLString,
    UndefinedType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
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
    def of(cls, type_: GraphQLOutputType) -> Self:
        """Return the completion of the values of a scalar or an enum, non-null or not."""
        leaf: Any = get_nullable_type(type_)
        definition = leaf.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        # The stored form of a timestamp is the printed form.
        fast = _FAST.get(GraphQLString if definition is DATE_TIME else leaf, {})
        if isinstance(leaf, GraphQLEnumType):
            enum = definition.wrapped_cls
            names = {member: leaf.coerce_output_value(member) for member in enum}
            fast = {enum: lambda values: [names[value] for value in values]}
        return cls(
            leaf.coerce_output_value,
            not is_non_null_type(type_),
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


class LeafList(NamedTuple):
    """The completion of a field's lists of leaves, all leaves of a whole column at once."""

    item: Leaf
    nullable: bool

    def complete(self, values: list[Any]) -> list[Any]:
        """Return lists of values in the form of the response. The errors are those of a leaf."""
        lists = [value for value in values if value is not None]
        if (len(lists) < len(values) and not self.nullable) or set(map(type, lists)) - {list}:
            raise NotProjectableError
        completed = iter(self.item.complete([leaf for leaves in lists for leaf in leaves]))
        return [None if value is None else list(islice(completed, len(value))) for value in values]


def completion_of(type_: GraphQLOutputType) -> Leaf | LeafList | None:
    """Return the completion of a leaf or of a list of leaves, or None for any other type."""
    nullable = get_nullable_type(type_)
    if is_leaf_type(nullable):
        return Leaf.of(type_)
    if is_list_type(nullable) and is_leaf_type(get_nullable_type(nullable.of_type)):
        return LeafList(Leaf.of(nullable.of_type), not is_non_null_type(type_))
    return None


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
