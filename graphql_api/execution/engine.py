"""The execution of one GraphQL request, from the text of its document to its data and errors.

Owns the order of the steps: check the text, parse, check the size, validate, execute. Uses neither
HTTP nor the tables.
"""

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any, Literal, NamedTuple

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    KnownOperationTypesRule,
    NoSchemaIntrospectionCustomRule,
    OperationType,
    ValuesOfCorrectTypeRule,
    execute_sync,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from graphql_api.execution import limits
from graphql_api.execution.error_format import Report, client_error, formatted
from graphql_api.execution.limits import TooLargeError
from graphql_api.execution.literals import LiteralsRule
from graphql_api.schema.context import Context
from graphql_api.vocabulary.errors import ApiError

MOST_ERRORS = 10
"""Validation errors in a response."""

# The engine itself rejects mutations and subscriptions, with a single error.
_RULES = tuple(
    LiteralsRule if rule is ValuesOfCorrectTypeRule else rule
    for rule in specified_rules
    if rule is not KnownOperationTypesRule
)

Kind = Literal["executed", "rejected", "not_a_query"]


class GraphQLRequest(NamedTuple):
    """The parameters of a request. Only their types are checked."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | None = None


class Outcome(NamedTuple):
    """The body of the response, and what happened to the operation.

    An operation is executed, is rejected before its execution, or is not a query.
    """

    kind: Kind
    body: dict[str, Any]


class Prepared(NamedTuple):
    """A valid document, or the errors of a document that cannot be executed."""

    document: DocumentNode | None
    errors: tuple[dict[str, Any], ...] = ()


Prepare = Callable[[str], Prepared]
Memoize = Callable[[Prepare], Prepare]
"""Takes a function that prepares documents, and returns one that caches its results."""


class Engine:
    """Executes requests with one schema."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        introspection: bool,
        report: Report,
        memoize: Memoize | None = None,
    ) -> None:
        """Prepare the rules of validation.

        Args:
            schema: The schema; its executor is used too.
            introspection: Whether clients can read the schema.
            report: Gets internal errors.
            memoize: Adds a cache of documents. None prepares each document again.
        """
        # Strawberry has no public name for its graphql-core schema.
        self._schema = schema._schema  # noqa: SLF001
        self._executor_class = schema.execution_context_class
        self._rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
        self._report = report
        self._prepared = self._prepare if memoize is None else memoize(self._prepare)

    def execute(self, request: GraphQLRequest, context: Context) -> Outcome:
        """Return the outcome of a request. Nothing that a client can send makes this raise."""
        prepared = self._prepared(request.query)
        document = prepared.document
        if document is None:
            return Outcome("rejected", {"errors": list(prepared.errors)})
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            return _no_operation(request.operation_name)
        if operation.operation is not OperationType.QUERY:
            message = "Only queries can be executed."
            error = client_error("BAD_REQUEST", "not_a_query", message)
            return Outcome("not_a_query", {"errors": [error]})
        result = self._run(document, request, context)
        if not result.errors:
            return Outcome("executed", {"data": result.data, **self._extensions(context)})
        errors = formatted(
            result.errors, code="BAD_USER_INPUT", reason="bad_argument", report=self._report
        )
        if result.data is None and all(error.path is None for error in result.errors):
            return Outcome("rejected", {"errors": errors[:MOST_ERRORS]})
        extensions = self._extensions(context)
        return Outcome("executed", {"errors": errors, "data": result.data, **extensions})

    def _extensions(self, context: Context) -> dict[str, Any]:
        try:
            warnings = context.unknown_names.warnings()
        except Exception as error:  # noqa: BLE001  (the data is right without its warnings)
            self._report(token_hex(8), error)
            return {}
        return {"extensions": {"warnings": warnings}} if warnings else {}

    def _run(
        self, document: DocumentNode, request: GraphQLRequest, context: Context
    ) -> ExecutionResult:
        return execute_sync(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(request.variables or {}),
            operation_name=request.operation_name,
            executor_class=self._executor_class,
        )

    def _prepare(self, source: str) -> Prepared:
        try:
            limits.check_text(source)
            document = parse(source, max_tokens=limits.TOKENS)
            limits.check_size(document)
        except ApiError as error:
            return Prepared(None, (client_error(error.code, error.reason, str(error)),))
        except GraphQLError as error:
            if "Parsing aborted" in error.message:
                return Prepared(None, (_too_many_tokens(),))
            return self._rejected([error], "GRAPHQL_PARSE_FAILED", "syntax")
        errors = validate(self._schema, document, self._rules, max_errors=MOST_ERRORS)
        if errors:
            return self._rejected(errors, "GRAPHQL_VALIDATION_FAILED", "invalid_document")
        return Prepared(document)

    def _rejected(self, errors: list[GraphQLError], code: str, reason: str) -> Prepared:
        shown = formatted(errors, code=code, reason=reason, report=self._report)
        return Prepared(None, tuple(shown))


def _too_many_tokens() -> dict[str, Any]:
    error = TooLargeError("tokens", limits.TOKENS)
    return client_error(error.code, error.reason, str(error))


def _no_operation(name: str | None) -> Outcome:
    message = (
        "Set operationName to one of the document's operations."
        if name is None
        else f"The document has no operation {name[:100]!r}."
    )
    error = client_error("BAD_REQUEST", "unknown_operation", message)
    return Outcome("rejected", {"errors": [error]})
