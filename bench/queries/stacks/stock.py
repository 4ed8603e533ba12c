"""The stock stack: Strawberry's own ASGI application behind Mangum, and boto3's Table resources.

It follows their documentation: resolvers make typed objects from rows.
"""

import asyncio
import os
from typing import Annotated, Any

import strawberry
from mangum import Mangum
from strawberry.asgi import GraphQL

from bench.queries.client import BodyOf, stub
from bench.queries.documents import REPOSITORIES, YEAR
from bench.queries.stacks import Data, Handler
from bench.queries.stacks.stock_types import (
    Alert,
    GroupBy,
    Interval,
    MetricsPoint,
    RepositoryOverview,
    Row,
    alert_of,
    overview_of,
    point_of,
)
from bench.query_function import CONTEXT, ENVIRONMENT, gateway_event

Info = strawberry.Info[Any, None]


@strawberry.type
class PaginatedAlerts:
    """A page of alerts."""

    data: list[Alert]
    next_token: str | None = None


@strawberry.type
class PaginatedRepositoryOverviews:
    """A page of monthly rows."""

    data: list[RepositoryOverview]
    next_token: str | None = None


@strawberry.type
class Scope:
    """An organisation."""

    @strawberry.field
    def metrics(
        self,
        info: Info,
        first: Annotated[str, strawberry.argument(name="from")],
        interval: Interval,
        last: Annotated[str | None, strawberry.argument(name="to")] = None,
        group_by: GroupBy | None = None,
    ) -> list[MetricsPoint]:
        """Return metrics that are finished already."""
        return [
            point_of(row) for row in info.context["source"].metrics(grouped=group_by is not None)
        ]


@strawberry.type
class Query:
    """The root fields of the documents."""

    @strawberry.field
    def get_alert(self, info: Info, id: strawberry.ID) -> Alert | None:
        """Return one alert."""
        repository, _, number = id.rpartition("/")
        return alert_of(info.context["source"].alert(repository, int(number)))

    @strawberry.field
    def get_alerts(self, info: Info, limit: int = 100) -> PaginatedAlerts:
        """Return a page of alerts."""
        return PaginatedAlerts(data=[alert_of(row) for row in info.context["source"].alerts(limit)])

    @strawberry.field
    def get_repository_overviews(
        self, info: Info, limit: int = 100
    ) -> PaginatedRepositoryOverviews:
        """Return a page of monthly rows."""
        rows = info.context["source"].overviews(limit)
        return PaginatedRepositoryOverviews(data=[overview_of(row) for row in rows])

    @strawberry.field
    def organisation(self, name: str) -> Scope:
        """Return an organisation."""
        return Scope()


class InMemory:
    """Rows as the Table resource returns them, and finished metrics."""

    def __init__(self, data: Data) -> None:
        from boto3.dynamodb.types import TypeDeserializer

        from bench.queries.rows import alerts, overviews

        plain: Any = TypeDeserializer().deserialize
        self._alerts, self._overviews = (
            [{name: plain(value) for name, value in item.items()} for item in items]
            for items in (alerts(), overviews())
        )
        self._series, self._by_repository = (
            data[document]["organisation"]["metrics"] for document in (YEAR, REPOSITORIES)
        )

    def alert(self, repository: str, number: int) -> Row:
        """Return one alert."""
        return self._alerts[0]

    def alerts(self, limit: int) -> list[Row]:
        """Return a page of alerts."""
        return self._alerts

    def overviews(self, limit: int) -> list[Row]:
        """Return a page of monthly rows."""
        return self._overviews

    def metrics(self, *, grouped: bool) -> list[Row]:
        """Return a series, or the rows by repository."""
        rows: list[Row] = self._by_repository if grouped else self._series
        return rows


class Tables:
    """The two tables through boto3; the stock stack has no rollup to read metrics from."""

    def __init__(self, body_of: BodyOf) -> None:
        import boto3

        resource: Any = boto3.resource("dynamodb")
        stub(resource.meta.client, body_of)
        self._all_events = resource.Table("AllEvents")
        self._overviews = resource.Table("RepositoryOverview")

    def alert(self, repository: str, number: int) -> Row:
        """Return one alert."""
        key = {"repositoryName": repository, "alertID": number}
        item: Row = self._all_events.get_item(Key=key)["Item"]
        return item

    def alerts(self, limit: int) -> list[Row]:
        """Return a page of alerts."""
        items: list[Row] = self._all_events.scan(Limit=limit)["Items"]
        return items

    def overviews(self, limit: int) -> list[Row]:
        """Return a page of monthly rows."""
        items: list[Row] = self._overviews.scan(IndexName="byMonthlyPeriod", Limit=limit)["Items"]
        return items


def in_memory(data: Data) -> Handler:
    """Return the stack over parsed rows."""
    return _handler(InMemory(data))


def with_dynamodb(_data: Data) -> Handler:
    """Return the stack with a real boto3 resource, whose requests are not sent."""
    from bench.queries.rows import response_body

    return over_tables(response_body)


def over_tables(body_of: BodyOf) -> Handler:
    """Return the stack with a real boto3 resource, which gets its responses from `body_of`."""
    os.environ.update(ENVIRONMENT)
    return _handler(Tables(body_of))


def _handler(source: object) -> Handler:
    class App(GraphQL[dict[str, Any], None]):
        async def get_context(self, *_: object, **__: object) -> dict[str, Any]:
            return {"source": source}

    asyncio.set_event_loop(asyncio.new_event_loop())
    mangum = Mangum(App(strawberry.Schema(Query)), lifespan="off")

    def handle(body: str) -> str:
        response: str = mangum(gateway_event(body), CONTEXT)["body"]
        return response

    return handle
