"""Other frameworks in this environment: graphql-core with a handler of its own, and Ariadne.

Both take the schema from `schema.graphql`. They are measured with a list of 100 alerts, and their
resolvers return the finished list: only the frameworks work.
"""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.queries.documents import ALERTS
from bench.queries.stacks import Data, Handler
from bench.query_function import CONTEXT, gateway_event

_SDL = Path(__file__).resolve().parents[3] / "schema.graphql"


def core(data: Data) -> Handler:
    """Return a minimal handler around graphql-core, which caches parsed and validated documents."""
    from graphql import DocumentNode, build_schema, execute_sync, parse, validate

    schema = build_schema(_SDL.read_text())
    _resolve(schema, data)

    @lru_cache(128)
    def validated(source: str) -> DocumentNode:
        document = parse(source)
        assert not validate(schema, document)
        return document

    def handle(body: str) -> str:
        request = json.loads(gateway_event(body)["body"])
        result = execute_sync(
            schema, validated(request["query"]), variable_values=request["variables"]
        )
        return json.dumps(result.formatted)

    return handle


def ariadne(data: Data) -> Handler:
    """Return Ariadne's ASGI application behind Mangum."""
    from ariadne import make_executable_schema
    from ariadne.asgi import GraphQL
    from mangum import Mangum

    schema = make_executable_schema(_SDL.read_text())
    _resolve(schema, data)
    asyncio.set_event_loop(asyncio.new_event_loop())
    mangum = Mangum(GraphQL(schema), lifespan="off")
    return lambda body: mangum(gateway_event(body), CONTEXT)["body"]


def _resolve(schema: Any, data: Data) -> None:  # noqa: ANN401
    alerts = data[ALERTS]["getAlerts"]
    schema.query_type.fields["getAlerts"].resolve = lambda _source, _info, **_arguments: alerts
