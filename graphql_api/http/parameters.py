"""The parameters of a GraphQL request, out of a URL or a JSON body, each checked for its type.

GraphQL over HTTP, section 5, "Request". Pure; the document itself is not looked at here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from graphql_api.execution.engine import GraphQLRequest

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_PARAMETERS = 20
VARIABLE_LEVELS = 32
"""Lists and objects within each other; what a field takes ends at 3."""


class BadParametersError(Exception):
    """The request is no well-formed GraphQL request; `reason` is stable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Return the request that a GET carries in its URL.

    Raises:
        BadParametersError: its parameters cannot be read, or have the wrong type.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        message = "The query string must be percent-encoded UTF-8."
        raise BadParametersError("bad_query_string", message) from error
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise BadParametersError("repeated_parameter", f"{name[:50]} is given twice.")
        given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = (
                _json(given[name].encode(), f"{name} must be JSON.") if given[name] else None
            )
    if given.get("operationName") == "":
        given["operationName"] = None
    return _request(given)


def from_body(body: bytes) -> GraphQLRequest:
    """Return the request that a POST carries in its JSON body.

    Raises:
        BadParametersError: the body is no JSON object, or its members have the wrong type.
    """
    given = _json(body.removeprefix(_BYTE_ORDER_MARK), "The body must be JSON in UTF-8.")
    if isinstance(given, list):
        raise BadParametersError("batch", "Batches are not served: send one request at a time.")
    if not isinstance(given, dict):
        raise BadParametersError("bad_body", "The body must be a JSON object.")
    return _request(given)


def _request(given: Mapping[str, Any]) -> GraphQLRequest:
    query = given.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadParametersError("bad_query", "query must be a GraphQL document as a string.")
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadParametersError("bad_operation_name", "operationName must be a string or null.")
    for member in ("variables", "extensions"):
        if not isinstance(given.get(member), dict | None):
            raise BadParametersError(f"bad_{member}", f"{member} must be an object or null.")
    _check_levels(given.get("variables"))
    return GraphQLRequest(query=query, operation_name=name, variables=given.get("variables"))


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
    message = f"variables may have at most {VARIABLE_LEVELS} levels of lists and objects."
    raise BadParametersError("bad_variables", message)


def _json(text: bytes, message: str) -> Any:  # noqa: ANN401
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadParametersError("bad_json", message) from error
