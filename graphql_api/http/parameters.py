"""The parameters of a GraphQL request, parsed from a URL or a JSON body.

Owns the type checks of the parameters (GraphQL over HTTP, section 5, "Request"). Never parses the
GraphQL document. Pure.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from graphql_api.execution.engine import GraphQLRequest
from graphql_api.vocabulary.errors import ApiError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_PARAMETERS = 20
VARIABLE_LEVELS = 32
"""Nested lists and objects in the variables. The arguments of the schema need at most 3 levels."""


class BadParametersError(ApiError):
    """The request is not a well-formed GraphQL request. `reason` is stable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Return the request from the query string of a GET request.

    Raises:
        BadParametersError: The parameters cannot be parsed, or one has the wrong type.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        message = (
            "The query string must be percent-encoded UTF-8 and can have at most "
            f"{_MOST_PARAMETERS} parameters."
        )
        raise BadParametersError("bad_query_string", message) from error
    parameters: dict[str, Any] = {}
    for name, value in pairs:
        if name in parameters:
            message = f"The parameter {name[:50]} must not be repeated."
            raise BadParametersError("repeated_parameter", message)
        parameters[name] = value
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            parameters[name] = _json(text.encode(), f"{name} must be JSON.")
        else:
            parameters[name] = None
    if parameters.get("operationName") == "":
        parameters["operationName"] = None
    return _request(parameters)


def from_body(body: bytes) -> GraphQLRequest:
    """Return the request from the JSON body of a POST request.

    Raises:
        BadParametersError: The body is not a JSON object, or a member has the wrong type.
    """
    parameters = _json(body.removeprefix(_BYTE_ORDER_MARK), "The body must be JSON in UTF-8.")
    if isinstance(parameters, list):
        message = "Batches are not supported. Send one GraphQL request in each HTTP request."
        raise BadParametersError("batch", message)
    if not isinstance(parameters, dict):
        raise BadParametersError("bad_body", "The body must be a JSON object.")
    return _request(parameters)


def _request(parameters: Mapping[str, Any]) -> GraphQLRequest:
    query = parameters.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadParametersError("bad_query", "query must be a GraphQL document as a string.")
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadParametersError("bad_operation_name", "operationName must be a string or null.")
    for member in ("variables", "extensions"):
        if not isinstance(parameters.get(member), dict | None):
            raise BadParametersError(f"bad_{member}", f"{member} must be an object or null.")
    variables = parameters.get("variables")
    _check_levels(variables)
    return GraphQLRequest(query=query, operation_name=name, variables=variables)


def _check_levels(variables: object) -> None:
    level = [variables]
    for _ in range(VARIABLE_LEVELS + 1):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    message = f"variables can have at most {VARIABLE_LEVELS} levels of lists and objects."
    raise BadParametersError("bad_variables", message)


def _json(text: bytes, message: str) -> Any:  # noqa: ANN401
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadParametersError("bad_json", message) from error
