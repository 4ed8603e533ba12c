"""graphql-core's executor, with the bound on the values of lists.

Owns when the values of a list are charged to the budget of its request: rows times fields, before
the first value is computed.
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
    """An executor for requests whose context has a budget."""

    def complete_list_value(  # noqa: PLR0913, PLR0917
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401
        position_context: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Complete a list that is within the budget.

        Raises:
            TooManyValuesError: the lists of the answer have more values than they may.
        """
        item_type: Any = get_nullable_type(return_type.of_type)
        if isinstance(item_type, GraphQLObjectType) and isinstance(result, list):
            self._charge(item_type, field_details_list, len(result))
        return self.complete_charged_list(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_charged_list(self, *arguments: Any) -> Any:  # noqa: ANN401
        """Complete a list that was charged, as graphql-core does; takes the same arguments."""
        return super().complete_list_value(*arguments)

    def _charge(self, type_: GraphQLObjectType, asked: FieldDetailsList, rows: int) -> None:
        try:
            selected = self.collect_subfields(type_, asked).grouped_field_set
        except Exception:  # noqa: BLE001  (graphql-core reports it for each row)
            return
        self.context_value.budget.take_values(rows * len(selected))
