"""The other sides that share our environment: graphql-core by hand, Ariadne, and the floor.

graphql-core and Ariadne take the schema from schema.graphql and the data from what was answered:
their resolvers find finished values, so only the frameworks are at work.
"""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from bench.queries.side import CONTEXT, Answers, Handler, gateway_event

_SDL = Path(__file__).resolve().parents[2] / "schema.graphql"


def core(answers: Answers) -> Handler:
    """Return a minimal handler around graphql-core that keeps what it parsed and validated."""
    from graphql import DocumentNode, build_schema, execute_sync, parse, validate

    schema = build_schema(_SDL.read_text())
    _resolve(schema, answers)

    @lru_cache(128)
    def prepared(source: str) -> DocumentNode:
        document = parse(source)
        assert not validate(schema, document)
        return document

    def handler(body: str) -> str:
        event = gateway_event(body)
        asked = json.loads(event["body"])
        result = execute_sync(
            schema, prepared(asked["query"]), variable_values=asked.get("variables")
        )
        response: dict[str, Any] = {"statusCode": 200, "body": json.dumps(result.formatted)}
        body_of_response: str = response["body"]
        return body_of_response

    return handler


def ariadne(answers: Answers) -> Handler:
    """Return Ariadne's ASGI application behind Mangum."""
    from ariadne import make_executable_schema
    from ariadne.asgi import GraphQL
    from mangum import Mangum

    schema = make_executable_schema(_SDL.read_text())
    _resolve(schema, answers)
    asyncio.set_event_loop(asyncio.new_event_loop())
    mangum = Mangum(GraphQL(schema), lifespan="off")
    return lambda body: mangum(gateway_event(body), CONTEXT)["body"]


def floor(answers: Answers) -> Handler:
    """Return what nobody can do without: the answer, serialised."""
    known = {name: {"data": data} for name, data in answers.by_document.items()}
    return lambda name: orjson.dumps(known[name]).decode()


def _resolve(schema: Any, answers: Answers) -> None:  # noqa: ANN401
    def found(value: object) -> Any:  # noqa: ANN401
        return lambda _source, _info, **_arguments: value

    for name, value in answers.root().items():
        schema.query_type.fields[name].resolve = found(value)
    schema.query_type.fields["organisation"].resolve = found({})
    schema.type_map["Scope"].fields["metrics"].resolve = lambda _source, _info, **arguments: (
        answers.metrics(grouped="groupBy" in arguments)
    )
