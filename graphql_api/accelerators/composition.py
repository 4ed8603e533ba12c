"""The parts of the service, for each set of accelerators.

Owns the stock part that replaces each accelerator that is off.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from botocore.session import Session
from mangum import Mangum
from mangum.types import ASGI

from graphql_api.accelerators import selected
from graphql_api.accelerators.document_cache import cached
from graphql_api.accelerators.dynamodb_endpoints import DynamoDBLoader
from graphql_api.accelerators.dynamodb_parser import DynamoDBParserFactory
from graphql_api.accelerators.dynamodb_requests import CONFIG
from graphql_api.accelerators.log_line import FastRequestLog
from graphql_api.accelerators.mangum_adapter import HttpApiAdapter
from graphql_api.accelerators.projection import ProjectingExecutor
from graphql_api.execution.bounded_executor import BoundedExecutor
from graphql_api.execution.engine import Memoize
from graphql_api.http.request_log import RequestLog
from ingest.clients import TABLES

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Parts(NamedTuple):
    """The parts that accelerators can replace; `on` contains the names of those that do."""

    on: frozenset[str]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the parts for the accelerators that an environment selects."""
        return cls(selected(environment))

    def keep(self) -> Memoize | None:
        """Return the cache of prepared documents; None to prepare every document again."""
        return cached if "document_cache" in self.on else None

    def executor_class(self) -> type[BoundedExecutor]:
        """Return the class of the schema's executor."""
        return ProjectingExecutor if "projection" in self.on else BoundedExecutor

    def adapter(self, app: ASGI, *, text_mime_types: list[str]) -> Mangum:
        """Return the adapter from events of Lambda to an ASGI application."""
        if "mangum_adapter" in self.on:
            return HttpApiAdapter(app, text_mime_types=text_mime_types)
        # Mangum uses the event loop of the thread, which newer versions of Python do not create.
        asyncio.set_event_loop(_event_loop())
        return Mangum(app, "off", text_mime_types=text_mime_types)

    def request_log(self, *, service: str, level: str) -> RequestLog:
        """Return the log of the process."""
        log = FastRequestLog if "log_line" in self.on else RequestLog
        return log(service=service, level=level)

    def dynamodb_client(self) -> "DynamoDBClient":
        """Return a new client of botocore, with the region and credentials of the environment."""
        session = Session()
        if "dynamodb_endpoints" in self.on:
            session.register_component("data_loader", DynamoDBLoader())
        if "dynamodb_parser" in self.on:
            session.register_component("response_parser_factory", DynamoDBParserFactory())
        config = TABLES.config
        if "dynamodb_requests" in self.on:
            config = config.merge(CONFIG)
        return cast("DynamoDBClient", session.create_client("dynamodb", config=config))


@cache
def _event_loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()
