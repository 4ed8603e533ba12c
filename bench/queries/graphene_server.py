"""Graphene's side: its schema, executed by a minimal handler, since it brings no server.

Runs in an environment of its own, because Graphene needs an older graphql-core than ours.
"""

import json
from typing import Any, cast

import graphene

from bench.queries.side import Answers, Handler, gateway_event


class DurationUnit(graphene.Enum):
    DAYS = 1


class Interval(graphene.Enum):
    DAY = 1
    TOTAL = 2


class GroupBy(graphene.Enum):
    REPOSITORY = 1


class Alert(graphene.ObjectType):
    id = graphene.ID()
    alert_url = graphene.String(name="alertURL")
    organisation_name = graphene.String()
    repository_name = graphene.String()
    state = graphene.String()
    severity = graphene.String()
    tool = graphene.String()
    rule = graphene.String()
    created_at = graphene.String()
    closed_at = graphene.String()


class RepositoryOverview(graphene.ObjectType):
    id = graphene.ID()
    repository_name = graphene.String()
    organisation_name = graphene.String()
    monthly_period = graphene.String()
    open_alerts = graphene.Int()
    number_fixed = graphene.Int()
    number_manually_closed = graphene.Int()
    total_time_to_remediate = graphene.Float()
    mean_time_to_remediate = graphene.Float()


class MetricsPoint(graphene.ObjectType):
    period_start = graphene.String()
    group = graphene.String()
    opened = graphene.Int()
    closed = graphene.Int()
    open_at_end = graphene.Int()
    mean_time_to_remediate = graphene.Float(unit=DurationUnit())
    median_time_to_remediate = graphene.Float(unit=DurationUnit())

    def resolve_mean_time_to_remediate(self, _info: object, **_: object) -> Any:  # noqa: ANN401
        return cast("Any", self)["mean_time_to_remediate"]

    def resolve_median_time_to_remediate(self, _info: object, **_: object) -> Any:  # noqa: ANN401
        return cast("Any", self)["median_time_to_remediate"]


class PaginatedAlerts(graphene.ObjectType):
    data = graphene.List(graphene.NonNull(Alert))
    next_token = graphene.String()


class PaginatedRepositoryOverviews(graphene.ObjectType):
    data = graphene.List(graphene.NonNull(RepositoryOverview))
    next_token = graphene.String()


class Scope(graphene.ObjectType):
    metrics = graphene.List(
        graphene.NonNull(MetricsPoint),
        **{"from": graphene.String(), "to": graphene.String()},
        interval=Interval(),
        group_by=GroupBy(),
    )

    def resolve_metrics(self, info: Any, **arguments: object) -> Any:  # noqa: ANN401
        return info.context["grouped" if "group_by" in arguments else "series"]


class Query(graphene.ObjectType):
    get_alert = graphene.Field(Alert, id=graphene.ID())
    get_alerts = graphene.Field(PaginatedAlerts, limit=graphene.Int())
    get_repository_overviews = graphene.Field(PaginatedRepositoryOverviews, limit=graphene.Int())
    organisation = graphene.Field(Scope, name=graphene.String())

    def resolve_get_alert(self, info: Any, **_: object) -> Any:  # noqa: ANN401
        return info.context["getAlert"]

    def resolve_get_alerts(self, info: Any, **_: object) -> Any:  # noqa: ANN401
        return info.context["getAlerts"]

    def resolve_get_repository_overviews(self, info: Any, **_: object) -> Any:  # noqa: ANN401
        return info.context["getRepositoryOverviews"]

    def resolve_organisation(self, _info: object, **_: object) -> Any:  # noqa: ANN401
        return {}


def handler(answers: Answers) -> Handler:
    """Return a handler around Graphene's schema, over values that are finished already."""
    schema = graphene.Schema(query=Query)
    context = {
        "series": [_snake(row) for row in answers.metrics(grouped=False)],
        "grouped": [_snake(row) for row in answers.metrics(grouped=True)],
    }
    context |= {name: _snake(value) for name, value in answers.root().items()}

    def handle(body: str) -> str:
        event = gateway_event(body)
        asked = json.loads(event["body"])
        result = schema.execute(
            asked["query"], variable_values=asked.get("variables"), context_value=context
        )
        response: dict[str, Any] = {"statusCode": 200, "body": json.dumps(result.formatted)}
        body_of_response: str = response["body"]
        return body_of_response

    return handle


def _snake(value: Any) -> Any:  # noqa: ANN401
    """Return values under the names that Graphene's own resolver looks for."""
    if isinstance(value, list):
        return [_snake(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {_name(name): _snake(one) for name, one in value.items()}


def _name(name: str) -> str:
    name = name.replace("URL", "Url")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
