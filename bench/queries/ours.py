"""Our side of the query benchmark: the real handler, with its client's answers from memory."""

import os
from importlib import import_module

from bench.queries.dynamodb import Bodies, InMemory, stub
from bench.queries.side import CONTEXT, Answers, Handler, gateway_event


def in_memory(_answers: Answers) -> Handler:
    """Return the framework alone: rows come parsed."""
    from bench.queries.data import ENVIRONMENT, KEY, canned

    os.environ.update(ENVIRONMENT)
    return _handler(InMemory(canned), KEY)


def with_dynamodb(_answers: Answers) -> Handler:
    """Return the handler whose client has its requests answered before they are sent."""
    from bench.queries.data import ENVIRONMENT, KEY, canned_body

    os.environ.update(ENVIRONMENT)
    return over_tables(canned_body, KEY)


def over_tables(body_of: Bodies, key: str) -> Handler:
    """Return the handler over tables whose responses come from `body_of`."""
    # The handler's module comes first, as in Lambda.
    handler = import_module("graphql_api.query_handler")
    made = handler.dynamodb_client()
    stub(made, body_of)
    return _handler(made, key)


def _handler(client: object, key: str) -> Handler:
    from graphql_api import query_handler

    vars(query_handler)["dynamodb_client"] = lambda: client
    headers = {"x-api-key": key}

    def handle(body: str) -> str:
        answer: str = query_handler.handler(gateway_event(body, headers), CONTEXT)["body"]
        return answer

    return handle
