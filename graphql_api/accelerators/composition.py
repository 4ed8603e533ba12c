"""What the service is made of, with the accelerators that are on and without the others.

Owns the stock part that stands in for each accelerator.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from botocore.session import Session
from mangum import Mangum
from mangum.types import ASGI

from graphql_api.accelerators import selected
from graphql_api.accelerators.document_cache import keeping
from graphql_api.accelerators.dynamodb_endpoints import OneService
from graphql_api.accelerators.dynamodb_parser import DynamoDBParserFactory
from graphql_api.accelerators.dynamodb_requests import CONFIG
from graphql_api.accelerators.log_line import QuickRequestLog
from graphql_api.accelerators.mangum_adapter import Adapter
from graphql_api.accelerators.projection import ProjectingExecutor
from graphql_api.execution.bounded_executor import BoundedExecutor
from graphql_api.execution.engine import Keep
from graphql_api.http.request_log import RequestLog

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Parts(NamedTuple):
    """The parts that an accelerator may replace; `on` names the accelerators that do."""

    on: frozenset[str]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the parts that an environment selects."""
        return cls(selected(environment))

    def keep(self) -> Keep | None:
        """Return what keeps prepared documents, or None to prepare each of them anew."""
        return keeping if "document_cache" in self.on else None

    def executor_class(self) -> type[BoundedExecutor]:
        """Return the executor of the schema."""
        return ProjectingExecutor if "projection" in self.on else BoundedExecutor

    def adapter(self, app: ASGI, *, text_mime_types: list[str]) -> Mangum:
        """Return what calls an ASGI application for an event of Lambda."""
        if "mangum_adapter" in self.on:
            return Adapter(app, text_mime_types=text_mime_types)
        # Mangum asks for the thread's event loop, which not every version of Python makes.
        asyncio.set_event_loop(_event_loop())
        return Mangum(app, "off", text_mime_types=text_mime_types)

    def request_log(self, *, service: str, level: str) -> RequestLog:
        """Return the log of the process."""
        made = QuickRequestLog if "log_line" in self.on else RequestLog
        return made(service=service, level=level)

    def dynamodb_client(self) -> "DynamoDBClient":
        """Return a new client of botocore; region and credentials are the environment's."""
        session = Session()
        if "dynamodb_endpoints" in self.on:
            session.register_component("data_loader", OneService())
        if "dynamodb_parser" in self.on:
            session.register_component("response_parser_factory", DynamoDBParserFactory())
        config = CONFIG if "dynamodb_requests" in self.on else None
        return cast("DynamoDBClient", session.create_client("dynamodb", config=config))


@cache
def _event_loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()
