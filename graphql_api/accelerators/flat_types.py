"""The flat types of a schema: object types whose fields are all leaves, computed from one row.

Owns the definition of a flat type, and finds the types in the schema itself. An object type is flat
if each of its fields is a scalar, an enum or a list of these, non-null or not, and has no
extension, no permission and no asynchronous function. The function of such a field may depend only
on its row, its arguments and the context of the request. It may not change anything except its
caches: the projection calls it column by column, and can call it twice for the same row.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, cast

import strawberry
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types.field import StrawberryField

from graphql_api.accelerators.leaf import Leaf, LeafList, completion_of
from graphql_api.schema.columns import Column
from graphql_api.schema.fields import COLUMN

_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF

Arguments = Mapping[str, Any]


class FlatField(NamedTuple):
    """One field: its function, and the parameters of the function."""

    definition: GraphQLField
    field: StrawberryField
    function: Callable[..., Any]
    leaf: Leaf | LeafList
    info_name: str | None
    """The name of the parameter for the request's Info; None if there is not any."""

    def values(self, rows: list[Any], arguments: Arguments) -> list[Any]:
        """Return the value of the field for each row, not completed."""
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
    """The flat types of one schema of Strawberry."""

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
        """Return the arguments of a field's function, except the row."""
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
    leaf = completion_of(definition.type)
    if not isinstance(field, StrawberryField) or leaf is None or field.extensions or field.is_async:
        return None
    resolver = field.base_resolver
    if resolver is None:
        get = attrgetter(field.python_name)
        return FlatField(definition, field, get, leaf, None)
    if not resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
        return None
    info = resolver.info_parameter
    function = cast("Callable[..., Any]", resolver.wrapped_func)
    return FlatField(definition, field, function, leaf, info.name if info else None)
