"""The validation rule for literal values. It adds the argument's name to errors about days.

graphql-core reports the position of an invalid literal, but not the argument or the variable that
the literal is for. Never decides which values are valid.
"""

from graphql import (
    ArgumentNode,
    GraphQLError,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
)

from graphql_api.vocabulary.errors import BadDateError


class LiteralsRule(ValuesOfCorrectTypeRule):
    """graphql-core's rule. An error about a day starts with its argument or `$variable`."""

    _name = ""

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """Remember the argument whose value comes next."""
        self._name = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        """Remember the variable whose default value comes next."""
        self._name = f"${node.variable.name.value}"

    def report_error(self, error: GraphQLError) -> None:
        """Report the error. If it is about a day, its message starts with the name."""
        cause = error.original_error
        if isinstance(cause, BadDateError):
            named = cause.for_argument(self._name)
            error = GraphQLError(str(named), error.nodes, original_error=named)
        super().report_error(error)
