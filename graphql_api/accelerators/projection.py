"""The projection of lists: completion of flat rows column by column, instead of leaf by leaf.

graphql-core completes each leaf separately, with a path, an info and the wrapper of a resolver.
This takes most of the time of a list. The projection calls the functions of a flat type directly,
once for each row. It never decides about errors: for an error, a null in a non-null field, or a
type that is not flat, graphql-core completes the whole list or object again. So data and errors are
the same for every query.
"""

from functools import cache
from typing import Any

from graphql import (
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_nullable_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from graphql_api.accelerators.flat_types import FlatType, FlatTypes
from graphql_api.accelerators.leaf import NotProjectableError
from graphql_api.execution.bounded_executor import BoundedExecutor

Row = dict[str, Any]

_flat_types = cache(FlatTypes)


class ProjectingExecutor(BoundedExecutor):
    """An executor with projection, for Strawberry schemas as their `execution_context_class`."""

    def __init__(self, schema: GraphQLSchema, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(schema, *arguments, **options)
        self._flat_types = _flat_types(schema)

    def complete_counted_list(  # noqa: PLR0913, PLR0917
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Complete a list, by projection if its rows are flat."""
        item_type: Any = get_nullable_type(return_type.of_type)
        rows = (
            self._projected(item_type, field_details_list, path, result)
            if isinstance(result, list)
            else None
        )
        if rows is not None:
            return rows
        return super().complete_counted_list(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_object_value(  # noqa: PLR0913, PLR0917
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Complete an object, by projection if it is flat."""
        rows = self._projected(return_type, field_details_list, path, [result])
        if rows is not None:
            return rows[0]
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _projected(
        self,
        type_: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        path: Path,
        rows: list[Any],
    ) -> list[Row] | None:
        flat = self._flat_types.by_name.get(getattr(type_, "name", ""))
        if flat is None or set(map(type, rows)) != {flat.row}:
            return None
        try:
            selected = self.collect_subfields(flat.definition, field_details_list).grouped_field_set
        except Exception:  # noqa: BLE001  (graphql-core raises and reports it again)
            return None
        projected: list[Row] = [{} for _ in rows]
        try:
            for name, details in selected.items():
                for row, value in zip(
                    projected, self._column(flat, details, path, rows), strict=True
                ):
                    row[name] = value
        except Exception:  # noqa: BLE001  (graphql-core raises and reports it again)
            return None
        return projected

    def _column(
        self, flat: FlatType, details: FieldDetailsList, path: Path, rows: list[Any]
    ) -> list[Any]:
        first = details[0]
        name = first.node.name.value
        if name == "__typename":
            return [flat.definition.name] * len(rows)
        field = flat.fields.get(name)
        if field is None:
            raise NotProjectableError
        if not field.definition.args and field.info_name is None:
            return field.leaf.complete(field.values(rows, {}))
        given = get_argument_values(
            field.definition, first.node, self.variable_values, first.fragment_variable_values
        )
        nodes = [detail.node for detail in details]
        info = self.build_resolve_info(field.definition, nodes, flat.definition, path)
        arguments = self._flat_types.arguments(field, given, info)
        return field.leaf.complete(field.values(rows, arguments))
