"""graphql-core's executor with a limit on the values of lists.

Owns the moment at which the values of a list count against the request's budget: before the first
value is computed. A list counts its rows times the selected fields.
"""

from typing import Any

from graphql import (
    Executor,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    get_nullable_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path


class BoundedExecutor(Executor[Any]):
    """An executor that takes the values of lists from the budget in the context of the request."""

    def complete_list_value(  # noqa: PLR0913, PLR0917
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Count the values of a list, then complete it. The arguments are those of graphql-core.

        Raises:
            TooManyValuesError: The lists of the response have too many values.
        """
        item_type: Any = get_nullable_type(return_type.of_type)
        if isinstance(item_type, GraphQLObjectType) and isinstance(result, list):
            self._take_values(item_type, field_details_list, len(result))
        return self.complete_counted_list(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_counted_list(self, *arguments: Any) -> Any:  # noqa: ANN401
        """Complete a list whose values are counted. The arguments are those of graphql-core."""
        return super().complete_list_value(*arguments)

    def _take_values(self, type_: GraphQLObjectType, details: FieldDetailsList, rows: int) -> None:
        try:
            selected = self.collect_subfields(type_, details).grouped_field_set
        except Exception:  # noqa: BLE001  (graphql-core reports this error for each row)
            return
        self.context_value.budget.take_values(rows * len(selected))
