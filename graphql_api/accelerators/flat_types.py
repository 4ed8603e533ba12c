"""The flat types of a schema: those whose fields are all leaves, each a plain function of the row.

Owns which types those are, found once from the schema itself: an object type is flat when every
field of it is a scalar or an enum (or a non-null one), with nothing of Strawberry's between the
field and its function (no extension, no permission, nothing asynchronous). Such a function must
depend on nothing but its row, its arguments and the request's context, and change nothing but what
it remembers: whoever projects rows may call it again, and calls it column by column.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, cast

import strawberry
from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    UndefinedType,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types.field import StrawberryField

from graphql_api.schema.columns import Column
from graphql_api.schema.fields import COLUMN
from graphql_api.vocabulary.scalars import DATE_TIME

_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF

_EXACT = 2**53
"""Up to here every whole number is a float, too."""

Arguments = Mapping[str, Any]


class UnusualError(Exception):
    """Something that only the default way of execution can answer as it should."""


class Leaf(NamedTuple):
    """What a field's values are turned into, all those of a column at once."""

    coerce: Callable[[Any], Any]
    nullable: bool
    quick: Mapping[frozenset[type], Callable[[list[Any]], list[Any] | None]]
    """For columns of exactly these types: what `coerce` makes of them, or None where it must say.
    """

    @classmethod
    def of(cls, field: GraphQLField) -> "Leaf":
        """Return how values of this field, which is a leaf, are completed."""
        leaf: Any = get_nullable_type(field.type)
        definition = leaf.extensions.get(_DEFINITION)
        # A moment is stored as it is printed.
        quick = _QUICK.get(GraphQLString if definition is DATE_TIME else leaf, {})
        if isinstance(leaf, GraphQLEnumType):
            enum = definition.wrapped_cls
            names = {member: leaf.coerce_output_value(member) for member in enum}
            quick = {enum: lambda values: [names[value] for value in values]}
        return cls(
            leaf.coerce_output_value,
            not is_non_null_type(field.type),
            {frozenset({kind}): convert for kind, convert in quick.items()},
        )

    def complete(self, values: list[Any]) -> list[Any]:
        """Return values as they go into the answer.

        Raises:
            UnusualError: one of them is null where it must not be, or an error.
            Exception: what coercion raises where a value is none of the type's.
        """
        kinds = set(map(type, values))
        if NoneType not in kinds:
            return self._coerced(values, kinds)
        if not self.nullable:
            raise UnusualError
        some = [value for value in values if value is not None]
        coerced = iter(self._coerced(some, kinds - {NoneType}))
        return [None if value is None else next(coerced) for value in values]

    def _coerced(self, values: list[Any], kinds: set[type]) -> list[Any]:
        convert = self.quick.get(frozenset(kinds))
        quickly = None if convert is None else convert(values)
        if quickly is not None:
            return quickly
        if any(issubclass(kind, Exception | UndefinedType) for kind in kinds):
            raise UnusualError
        coerced = [self.coerce(value) for value in values]
        if not {NoneType, UndefinedType}.isdisjoint(map(type, coerced)):
            raise UnusualError
        return coerced


def _as_they_are(values: list[Any]) -> list[Any]:
    return values


def _ints(values: list[int]) -> list[int] | None:
    in_range = min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT
    return values if in_range else None


def _floats(values: list[float]) -> list[float] | None:
    return values if all(map(isfinite, values)) else None


def _whole_floats(values: list[int]) -> list[float] | None:
    return list(map(float, values)) if max(map(abs, values)) <= _EXACT else None


_QUICK: Mapping[Any, Mapping[type, Callable[[list[Any]], list[Any] | None]]] = {
    GraphQLString: {str: _as_they_are},
    GraphQLID: {str: _as_they_are},
    GraphQLBoolean: {bool: _as_they_are},
    GraphQLInt: {int: _ints},
    GraphQLFloat: {float: _floats, int: _whole_floats},
}


class FlatField(NamedTuple):
    """One field: its function, and what it is called with."""

    definition: GraphQLField
    field: StrawberryField
    function: Callable[..., Any]
    leaf: Leaf
    info_name: str | None
    """The parameter in which the function takes the request's Info, if it does."""

    def values(self, rows: list[Any], arguments: Arguments) -> list[Any]:
        """Return what the field's function returns for each row."""
        column: Column[Any] | None = self.field.metadata.get(COLUMN)
        if column is not None:
            return column([row.item for row in rows])
        function = self.function
        if not arguments:
            return [function(row) for row in rows]
        return [function(row, **arguments) for row in rows]


class FlatType(NamedTuple):
    """One type, and the class whose instances are its rows."""

    definition: GraphQLObjectType
    row: type
    fields: Mapping[str, FlatField]


class FlatTypes:
    """The flat types of one schema that Strawberry made."""

    def __init__(self, core: GraphQLSchema) -> None:
        schema: strawberry.Schema = core.extensions[_DEFINITION]
        self._config = schema.config
        self._scalars = schema.schema_converter.scalar_registry
        self.by_name = {
            name: flat
            for name, type_ in core.type_map.items()
            if isinstance(type_, GraphQLObjectType) and (flat := _flat_type(type_)) is not None
        }

    def arguments(self, field: FlatField, given: Arguments, raw_info: Any) -> Arguments:  # noqa: ANN401
        """Return what a field's function is called with beside the row."""
        if not given and field.info_name is None:
            return {}
        info = self._config.info_class(_raw_info=raw_info, _field=field.field)
        _, converted = get_arguments(
            field=field.field,
            source=None,
            info=info,
            kwargs=given,
            config=self._config,
            scalar_registry=self._scalars,
        )
        return converted


def _flat_type(type_: GraphQLObjectType) -> FlatType | None:
    definition = type_.extensions.get(_DEFINITION)
    if definition is None or type_.is_type_of is not None:
        return None
    fields = {name: _flat_field(field) for name, field in type_.fields.items()}
    flat = {name: field for name, field in fields.items() if field is not None}
    return FlatType(type_, definition.origin, flat) if len(flat) == len(fields) else None


def _flat_field(definition: GraphQLField) -> FlatField | None:
    field = definition.extensions.get(_DEFINITION)
    if (
        not isinstance(field, StrawberryField)
        or not is_leaf_type(get_nullable_type(definition.type))
        or field.extensions
        or field.is_async
    ):
        return None
    resolver = field.base_resolver
    if resolver is None:
        get = attrgetter(field.python_name)
        return FlatField(definition, field, get, Leaf.of(definition), None)
    if not resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
        return None
    info = resolver.info_parameter
    function = cast("Callable[..., Any]", resolver.wrapped_func)
    return FlatField(definition, field, function, Leaf.of(definition), info.name if info else None)
