"""What is watched at the webhook: each delivery that is not accepted is lost until redelivered.

The statuses come from the access log of the API. The metrics of API Gateway do not show a single
status, and those of a single route cost more.
"""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Config
from infra.constructs.alarms.watch import FIVE_MINUTES, HOUR, Watch, errors_of, throttles_of
from infra.constructs.gateway import Gateway
from infra.constructs.pipeline import WEBHOOK_ROUTE
from ingest.metrics.names import HOOK_RANGES_AGE, NAMESPACE, STACK

SERVER_ERRORS = "WebhookServerErrors"
THROTTLED = "WebhookThrottled"
REFUSED = "WebhookRefused"
STATUSES = {SERVER_ERRORS: "5xx", THROTTLED: "429", REFUSED: "other 4xx"}
"""The alarms that watch the statuses, each with a metric of the same name, and those statuses."""


def webhook_watches(  # noqa: PLR0913
    scope: Construct,
    *,
    gateway: Gateway,
    receiver: lambda_.Function,
    authorizer: lambda_.Function,
    has_refresher: bool,
    config: Config,
) -> Iterator[Watch]:
    """Yield what is watched at the webhook. Without a refresher, no copy of the ranges ages."""
    statuses = _Statuses(scope, gateway, config)
    yield Watch(name=SERVER_ERRORS, metric=statuses.of(SERVER_ERRORS, "5*"))
    yield Watch(name=THROTTLED, metric=statuses.of(THROTTLED, "429"))
    yield Watch(
        name=REFUSED,
        metric=statuses.of(REFUSED, "4*", without="429").with_(period=HOUR),
        threshold=config.alarm_webhook_refusals,
    )
    for name, function in (("Receiver", receiver), ("Authorizer", authorizer)):
        yield Watch(name=f"{name}Errors", metric=errors_of(function))
        yield Watch(name=f"{name}Throttled", metric=throttles_of(function))
    if has_refresher:
        yield Watch(
            name="HookRangesOld",
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=HOOK_RANGES_AGE,
                dimensions_map={STACK: config.stack_name},
                period=HOUR,
                statistic="Maximum",
            ),
            threshold=config.alarm_hook_ranges_hours,
            periods=2,
            needs_data=True,
        )


class _Statuses:
    """Makes metrics of the statuses of the webhook's responses."""

    def __init__(self, scope: Construct, gateway: Gateway, config: Config) -> None:
        self._scope = scope
        self._log = gateway.access_log
        self._stack_name = config.stack_name

    def of(self, name: str, status: str, *, without: str | None = None) -> cloudwatch.Metric:
        """Count the responses with a status; `*` stands for any characters."""
        patterns = [
            logs.FilterPattern.string_value("$.routeKey", "=", WEBHOOK_ROUTE),
            logs.FilterPattern.string_value("$.status", "=", status),
        ]
        if without:
            patterns.append(logs.FilterPattern.string_value("$.status", "!=", without))
        logs.MetricFilter(
            self._scope,
            f"{name}Filter",
            log_group=self._log,
            filter_pattern=logs.FilterPattern.all(*patterns),
            metric_namespace=NAMESPACE,
            metric_name=name,
            metric_value="1",
            dimensions={STACK: "$.stack"},
        )
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={STACK: self._stack_name},
            period=FIVE_MINUTES,
            statistic="Sum",
        )
