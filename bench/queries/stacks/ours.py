"""GCSMTTR: the real Lambda handler, with DynamoDB's responses from memory."""

import os
from importlib import import_module

from bench.queries.client import BodyOf, InMemory, stub
from bench.queries.stacks import Data, Handler
from bench.query_function import CONTEXT, ENVIRONMENT, KEY, gateway_event


def in_memory(_data: Data) -> Handler:
    """Return the handler over parsed rows."""
    from bench.queries.rows import response

    os.environ.update(ENVIRONMENT)
    return _handler(InMemory(response))


def with_dynamodb(_data: Data) -> Handler:
    """Return the handler with a real client, whose requests are not sent."""
    from bench.queries.rows import response_body

    return over_tables(response_body)


def over_tables(body_of: BodyOf) -> Handler:
    """Return the handler with a real client, which gets its responses from `body_of`."""
    os.environ.update(ENVIRONMENT)
    # The handler's module comes first, as in Lambda.
    client = import_module("graphql_api.query_handler").dynamodb_client()
    stub(client, body_of)
    return _handler(client)


def _handler(client: object) -> Handler:
    from graphql_api import query_handler

    vars(query_handler)["dynamodb_client"] = lambda: client
    headers = {"x-api-key": KEY}

    def handle(body: str) -> str:
        response: str = query_handler.handler(gateway_event(body, headers), CONTEXT)["body"]
        return response

    return handle
