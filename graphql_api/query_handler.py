"""The Lambda function behind /graphql and /badge.

Mangum decodes the gateway's event and encodes the response. Owns the parts that a process keeps
between requests, such as the client and the schema, and the log line of each request. Only this
module selects accelerators.
"""

import os

from graphql_api.accelerators import selected, starting

with starting(selected(os.environ)):
    import time
    from functools import cache
    from typing import TYPE_CHECKING, Any

    import strawberry
    from mangum import Mangum
    from mangum.types import LambdaContext

    from graphql_api.accelerators.composition import Parts
    from graphql_api.access.access import Access
    from graphql_api.access.authentication import Authentication
    from graphql_api.access.key_store import AccessKeyStore, KeyCheck
    from graphql_api.access.request_rate import RequestRate
    from graphql_api.badges.badge_store import BadgeStore
    from graphql_api.badges.endpoint import PATH as BADGE_PATH
    from graphql_api.badges.endpoint import Badges
    from graphql_api.execution.engine import Engine
    from graphql_api.http.asgi import asgi_app
    from graphql_api.http.gateway_event import readable
    from graphql_api.http.messages import HttpRequest, HttpResponse
    from graphql_api.http.negotiation import GRAPHQL, JSON
    from graphql_api.http.request_log import RequestLog
    from graphql_api.http.service import Service
    from graphql_api.reading.budget import Budget
    from graphql_api.reading.cursor import CursorCodec
    from graphql_api.reading.overviews import Overviews
    from graphql_api.reading.reader import Reader
    from graphql_api.repositories.facts import FactsReader
    from graphql_api.repositories.repositories import Repositories
    from graphql_api.schema.context import Context
    from graphql_api.schema.root import schema_of
    from graphql_api.selection.known_names import KnownNames
    from graphql_api.selection.unknown_names import UnknownNames
    from graphql_api.settings import Settings
    from graphql_api.snap_start import prepare
    from ingest import instant

    if TYPE_CHECKING:
        from types_boto3_dynamodb import DynamoDBClient

    @cache
    def _schema(parts: Parts) -> strawberry.Schema:
        return schema_of(parts.executor_class())

    _schema(Parts.read(os.environ))


@cache
def _log() -> RequestLog:
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", "query")
    level = os.environ.get("LOG_LEVEL", "INFO")
    return Parts.read(os.environ).request_log(service=service, level=level)


def dynamodb_client() -> "DynamoDBClient":
    """Return a new client for the tables."""
    return Parts.read(os.environ).dynamodb_client()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _now() -> str:
    return instant.to_text(_now_ms())


@cache
def _service() -> Service:
    settings = Settings.read(os.environ)
    parts = Parts.read(os.environ)
    dynamodb = dynamodb_client()
    cursors = CursorCodec.of(settings.cursor_secret)

    def context_of(access: Access) -> Context:
        budget = Budget()
        reader = Reader(dynamodb, cursors, access, budget)
        return Context(
            budget=budget,
            reader=reader,
            tables=settings.tables,
            overviews=Overviews(reader, settings.tables),
            repositories=Repositories(FactsReader(reader, settings.tables), settings.team_source),
            unknown_names=UnknownNames(KnownNames(reader, settings.tables)),
            targets=settings.targets,
            now_ms=_now_ms(),
        )

    return Service(
        engine=Engine(
            _schema(parts),
            introspection=settings.introspection,
            report=_log().fault,
            memoize=parts.keep(),
        ),
        authenticate=Authentication(
            KeyCheck(
                AccessKeyStore(dynamodb, settings.access_keys_table),
                clock=time.monotonic,
                now=_now,
            ),
            trust=settings.trust,
            rate=RequestRate(
                per_second=settings.key_requests_per_second,
                burst=settings.key_request_burst,
                clock=time.monotonic,
            ),
            clock=time.monotonic,
        ),
        context_of=context_of,
        cors=settings.cors,
    )


@cache
def _badges() -> Badges:
    service = _service()
    store = BadgeStore(dynamodb_client(), Settings.read(os.environ).access_keys_table)
    return Badges(service.engine, store.find, service.context_of)


def _respond(request: HttpRequest) -> HttpResponse:
    started = time.perf_counter()
    is_badge = BADGE_PATH in request.path
    response = (_badges() if is_badge else _service()).respond(request)
    _log().answered(
        method=request.method,
        status=response.status,
        bytes=len(response.body),
        ms=round((time.perf_counter() - started) * 1_000, 1),
        **response.log_fields,
    )
    return response


@cache
def _adapter() -> Mangum:
    parts = Parts.read(os.environ)
    return parts.adapter(asgi_app(_respond), text_mime_types=[JSON, GRAPHQL])


prepare(_service, _badges, _adapter, environment=os.environ)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return the response to a request of the HTTP API (payload format 2.0)."""
    _log().begin(context)
    return _adapter()(readable(event), context)
