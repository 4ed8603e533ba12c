"""The errors in a response: each has a message, a code, and a stable reason.

Owns which errors are the client's and keep their message. Other errors are internal: their message
is replaced, and the log has them under the reference that the client gets.
"""

from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any

from graphql import GraphQLError, VariableDefinitionNode

from graphql_api.vocabulary.errors import ApiError, BadDateError

Report = Callable[[str, BaseException], None]
"""Takes the reference of an internal error and the error, and writes both to the log."""


MOST_SHOWN = 100
"""Errors in a response. A field that fails in each row of a list has one error for each row."""
LONGEST_MESSAGE = 1_000
"""Characters of a message."""


def client_error(code: str, reason: str, message: str) -> dict[str, Any]:
    """Return an error that belongs to no field."""
    return {"message": message, "extensions": {"code": code, "reason": reason}}


def formatted(
    errors: Sequence[GraphQLError], *, code: str, reason: str, report: Report
) -> list[dict[str, Any]]:
    """Return the first hundred errors as the response contains them.

    Args:
        errors: The errors of a step of the request.
        code: The code of the errors that graphql-core itself raises in this step.
        reason: The reason of these errors.
        report: Gets the internal errors.
    """
    shown = [_formatted(error, code, reason, report) for error in errors[:MOST_SHOWN]]
    left_out = len(errors) - len(shown)
    if left_out:
        message = f"{left_out:,} more errors are not shown."
        shown.append(client_error("LIMIT_EXCEEDED", "more_errors", message))
    return shown


def _formatted(error: GraphQLError, code: str, reason: str, report: Report) -> dict[str, Any]:
    cause = _cause(error)
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [
            {"line": location.line, "column": location.column} for location in error.locations
        ]
    if error.path is not None:
        shown["path"] = error.path
    if isinstance(cause, ApiError):
        shown["message"] = str(_with_variable(cause, error))
        shown["extensions"] = {"code": cause.code, "reason": cause.reason}
    elif cause is None or isinstance(cause, GraphQLError) or error.path is None:
        shown["extensions"] = {"code": code, "reason": reason}
    else:
        reference = token_hex(8)
        report(reference, cause)
        shown["message"] = f"An internal error occurred. Report it with the reference {reference}."
        shown["extensions"] = {"code": "INTERNAL", "reason": "internal", "reference": reference}
    if len(shown["message"]) > LONGEST_MESSAGE:
        shown["message"] = f"{shown['message'][: LONGEST_MESSAGE - 1]}…"
    return shown


def _with_variable(cause: ApiError, error: GraphQLError) -> ApiError:
    """Return the cause, with the variable's name if the value of a variable caused it."""
    node = error.nodes[0] if error.nodes else None
    if isinstance(cause, BadDateError) and isinstance(node, VariableDefinitionNode):
        return cause.for_argument(f"${node.variable.name.value}")
    return cause


def _cause(error: GraphQLError) -> Exception | None:
    """Return the original error. graphql-core wraps it once for each level of a variable."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause
