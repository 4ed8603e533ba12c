"""The stock stack: Strawberry's own ASGI application behind Mangum, and boto3's Table resources.

Written as one would from their documentation: typed objects, which the resolvers make of rows.
"""

import asyncio
import os
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

import strawberry
from mangum import Mangum
from strawberry.asgi import GraphQL

from bench.queries.dynamodb import Bodies, stub
from bench.queries.side import CONTEXT, Answers, Handler, gateway_event

Rows = list[dict[str, Any]]


@strawberry.enum
class DurationUnit(Enum):
    DAYS = 86_400_000


@strawberry.enum
class Interval(Enum):
    DAY = 1
    TOTAL = 2


@strawberry.enum
class GroupBy(Enum):
    REPOSITORY = 1


@strawberry.type
class Alert:
    id: strawberry.ID
    alert_url: str = strawberry.field(name="alertURL")
    organisation_name: str
    repository_name: str
    state: str
    severity: str
    tool: str | None
    rule: str | None
    created_at: str
    closed_at: str | None


@strawberry.type
class RepositoryOverview:
    id: strawberry.ID
    repository_name: str
    organisation_name: str
    monthly_period: str
    open_alerts: int
    number_fixed: int
    number_manually_closed: int
    total_time_to_remediate: float
    mean_time_to_remediate: float | None


@strawberry.type
class MetricsPoint:
    mean: strawberry.Private[float | None]
    median: strawberry.Private[float | None]
    group: str | None
    period_start: str | None
    opened: int
    closed: int
    open_at_end: int

    @strawberry.field
    def mean_time_to_remediate(self, unit: DurationUnit) -> float | None:
        return self.mean

    @strawberry.field
    def median_time_to_remediate(self, unit: DurationUnit) -> float | None:
        return self.median


@strawberry.type
class PaginatedAlerts:
    data: list[Alert]
    next_token: str | None = None


@strawberry.type
class PaginatedRepositoryOverviews:
    data: list[RepositoryOverview]
    next_token: str | None = None


@strawberry.type
class Scope:
    @strawberry.field
    def metrics(
        self,
        info: strawberry.Info[Any, None],
        first: Annotated[str, strawberry.argument(name="from")],
        interval: Interval,
        last: Annotated[str | None, strawberry.argument(name="to")] = None,
        group_by: GroupBy | None = None,
    ) -> list[MetricsPoint]:
        return [_point(row) for row in info.context["source"].metrics(grouped=group_by is not None)]


@strawberry.type
class Query:
    @strawberry.field
    def get_alert(self, info: strawberry.Info[Any, None], id: strawberry.ID) -> Alert | None:
        repository, _, number = id.rpartition("/")
        return _alert(info.context["source"].alert(repository, int(number)))

    @strawberry.field
    def get_alerts(self, info: strawberry.Info[Any, None], limit: int = 100) -> PaginatedAlerts:
        return PaginatedAlerts(data=[_alert(item) for item in info.context["source"].alerts(limit)])

    @strawberry.field
    def get_repository_overviews(
        self, info: strawberry.Info[Any, None], limit: int = 100
    ) -> PaginatedRepositoryOverviews:
        return PaginatedRepositoryOverviews(
            data=[_overview(item) for item in info.context["source"].overviews(limit)]
        )

    @strawberry.field
    def organisation(self, name: str) -> Scope:
        return Scope()


class InMemory:
    """Rows as boto3's Table resource returns them, and series as they were answered."""

    def __init__(self, answers: Answers) -> None:
        from boto3.dynamodb.types import TypeDeserializer

        from bench.queries.data import alerts, overviews

        plain: Any = TypeDeserializer().deserialize
        self._alerts, self._overviews = (
            [{name: plain(value) for name, value in item.items()} for item in items]
            for items in (alerts(), overviews())
        )
        self._answers = answers

    def alert(self, _repository: str, _number: int) -> dict[str, Any]:
        return self._alerts[0]

    def alerts(self, _limit: int) -> Rows:
        return self._alerts

    def overviews(self, _limit: int) -> Rows:
        return self._overviews

    def metrics(self, *, grouped: bool) -> Rows:
        return self._answers.metrics(grouped=grouped)


class Tables:
    """The two tables, through boto3."""

    def __init__(self, body_of: Bodies) -> None:
        import boto3

        resource: Any = boto3.resource("dynamodb")
        stub(resource.meta.client, body_of)
        self._all_events = resource.Table("AllEvents")
        self._overviews = resource.Table("RepositoryOverview")

    def alert(self, repository: str, number: int) -> dict[str, Any]:
        key = {"repositoryName": repository, "alertID": number}
        item: dict[str, Any] = self._all_events.get_item(Key=key)["Item"]
        return item

    def alerts(self, limit: int) -> Rows:
        items: Rows = self._all_events.scan(Limit=limit)["Items"]
        return items

    def overviews(self, limit: int) -> Rows:
        items: Rows = self._overviews.scan(IndexName="byMonthlyPeriod", Limit=limit)["Items"]
        return items


def in_memory(answers: Answers) -> Handler:
    """Return the framework alone."""
    return _handler(InMemory(answers))


def with_dynamodb(_answers: Answers) -> Handler:
    """Return the stack whose boto3 client has its requests answered before they are sent."""
    from bench.queries.data import ENVIRONMENT, canned_body

    os.environ.update(ENVIRONMENT)
    return over_tables(canned_body)


def over_tables(body_of: Bodies) -> Handler:
    """Return the stack over two tables whose responses come from `body_of`."""
    return _handler(Tables(body_of))


def _handler(source: object) -> Handler:
    class App(GraphQL[dict[str, Any], None]):
        async def get_context(self, *_: object, **__: object) -> dict[str, Any]:
            return {"source": source}

    asyncio.set_event_loop(asyncio.new_event_loop())
    mangum = Mangum(App(strawberry.Schema(Query)), lifespan="off")
    call: Callable[[str], Any] = lambda body: mangum(gateway_event(body), CONTEXT)["body"]  # noqa: E731
    return call


def _alert(item: dict[str, Any]) -> Alert:
    return Alert(
        id=strawberry.ID(f"{item['repositoryName']}/{item['alertID']}"),
        alert_url=item["alertURL"],
        organisation_name=item["organisationName"],
        repository_name=item["repositoryName"],
        state=item["state"],
        severity=item["severity"],
        tool=item.get("tool"),
        rule=item.get("rule"),
        created_at=item["createdAt"],
        closed_at=item.get("closedAt"),
    )


def _overview(item: dict[str, Any]) -> RepositoryOverview:
    mean = item.get("meanTimeToRemediate")
    return RepositoryOverview(
        id=strawberry.ID(f"{item['monthlyPeriod']}/{item['repositoryName']}"),
        repository_name=item["repositoryName"],
        organisation_name=item["organisationName"],
        monthly_period=item["monthlyPeriod"],
        open_alerts=int(item["openAlerts"]),
        number_fixed=int(item["numberFixed"]),
        number_manually_closed=int(item["numberManuallyClosed"]),
        total_time_to_remediate=float(item["totalTimeToRemediate"]),
        mean_time_to_remediate=None if mean is None else float(mean),
    )


def _point(row: dict[str, Any]) -> MetricsPoint:
    return MetricsPoint(
        mean=row.get("meanTimeToRemediate"),
        median=row.get("medianTimeToRemediate"),
        group=row.get("group"),
        period_start=row.get("periodStart"),
        opened=row["opened"],
        closed=row["closed"],
        open_at_end=row["openAtEnd"],
    )
