"""What is watched of the API as clients see it."""

from collections.abc import Iterator

from aws_cdk import aws_lambda as lambda_

from infra.config import Config
from infra.constructs.alarms.watch import FIVE_MINUTES, Watch, errors_of, throttles_of
from infra.constructs.gateway import Gateway


def query_watches(gateway: Gateway, query: lambda_.Function, config: Config) -> Iterator[Watch]:
    """Yield the errors of all clients, and of the query function."""
    yield Watch(
        name="ClientErrors",
        metric=gateway.stage.metric_client_error(period=FIVE_MINUTES, statistic="Sum"),
        threshold=config.alarm_client_errors,
    )
    for name, metric in (
        ("QueryErrors", errors_of(query)),
        ("QueryThrottled", throttles_of(query)),
    ):
        yield Watch(name=name, metric=metric, threshold=config.alarm_function_errors)
