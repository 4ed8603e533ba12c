"""How errors look in an answer: a message, a code, and a reason that never changes its spelling.

Owns which errors are the client's and shown as they are, and which are ours: those are masked, and
logged with the reference that the client is given.
"""

from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any

from graphql import GraphQLError, VariableDefinitionNode

from graphql_api.vocabulary.errors import ApiError, BadDateError

Report = Callable[[str, BaseException], None]
"""Takes the reference of a fault and the fault, into the log."""


MOST_SHOWN = 100
"""Errors of one answer: a field that fails in every row of a list has as many errors as rows."""
LONGEST_MESSAGE = 1_000


def client_error(code: str, reason: str, message: str) -> dict[str, Any]:
    """Return an error that belongs to no field."""
    return {"message": message, "extensions": {"code": code, "reason": reason}}


def shown(
    errors: Sequence[GraphQLError], *, code: str, reason: str, report: Report
) -> list[dict[str, Any]]:
    """Return errors as they go into the answer, the first hundred of them.

    `code` and `reason` are those of the errors that graphql-core itself raises in this step.
    """
    answer = [_shown(error, code, reason, report) for error in errors[:MOST_SHOWN]]
    left_out = len(errors) - len(answer)
    if left_out:
        message = f"{left_out:,} more errors are left out."
        answer.append(client_error("LIMIT_EXCEEDED", "more_errors", message))
    return answer


def _shown(error: GraphQLError, code: str, reason: str, report: Report) -> dict[str, Any]:
    cause = _cause(error)
    answer: dict[str, Any] = {"message": error.message}
    if error.locations:
        answer["locations"] = [
            {"line": location.line, "column": location.column} for location in error.locations
        ]
    if error.path is not None:
        answer["path"] = error.path
    if isinstance(cause, ApiError):
        answer["message"] = str(_named(cause, error))
        answer["extensions"] = {"code": cause.code, "reason": cause.reason}
    elif cause is None or isinstance(cause, GraphQLError) or error.path is None:
        answer["extensions"] = {"code": code, "reason": reason}
    else:
        reference = token_hex(8)
        report(reference, cause)
        answer["message"] = f"Something went wrong here. Quote {reference} when you report it."
        answer["extensions"] = {"code": "INTERNAL", "reason": "internal", "reference": reference}
    if len(answer["message"]) > LONGEST_MESSAGE:
        answer["message"] = f"{answer['message'][: LONGEST_MESSAGE - 1]}…"
    return answer


def _named(cause: ApiError, error: GraphQLError) -> ApiError:
    """The cause with the name of the variable, where graphql-core refused a variable's value."""
    node = error.nodes[0] if error.nodes else None
    if isinstance(cause, BadDateError) and isinstance(node, VariableDefinitionNode):
        return cause.for_argument(f"${node.variable.name.value}")
    return cause


def _cause(error: GraphQLError) -> Exception | None:
    """What raised an error: in a variable, graphql-core wraps it once more for each level."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause
