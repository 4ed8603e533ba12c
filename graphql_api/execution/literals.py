"""The validation rule for literal values, with the name of the argument in errors about days.

graphql-core reports a literal that a scalar refuses at its place in the document, but without the
argument or variable that it is for. Owns nothing of which values are refused.
"""

from graphql import (
    ArgumentNode,
    GraphQLError,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
)

from graphql_api.vocabulary.errors import BadDateError


class LiteralsRule(ValuesOfCorrectTypeRule):
    """graphql-core's rule; what it reports is named after the argument or `$variable`."""

    _name = ""

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """Remember the argument whose value comes next."""
        self._name = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        """Remember the variable whose default comes next."""
        self._name = f"${node.variable.name.value}"

    def report_error(self, error: GraphQLError) -> None:
        """Report the error, with the name before its message if a day is refused."""
        cause = error.original_error
        if isinstance(cause, BadDateError):
            named = cause.for_argument(self._name)
            error = GraphQLError(str(named), error.nodes, original_error=named)
        super().report_error(error)
