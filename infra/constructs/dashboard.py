"""The dashboard of the stack in CloudWatch, from the webhook to the queries.

Owns which metrics it shows. Their names belong to the code that writes them.
"""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import Config
from infra.constructs.alarms.webhook import STATUSES
from infra.constructs.api import GraphqlApi
from infra.constructs.gateway import Gateway
from infra.constructs.pipeline import Pipeline
from infra.constructs.rollups import Rollups
from ingest.metrics.names import (
    ACTION,
    HOOK_RANGES_AGE,
    LEVEL,
    NAMESPACE,
    REASON,
    STACK,
    Level,
    Name,
)
from reconcile.scans.runs import Task
from reconcile.workflow.drift_metrics import DRIFT, TASK

_PERIOD = Duration.minutes(5)
_WIDTH = 8
_SUMS = (Level.REPOSITORY, Level.ORGANISATION)


class Dashboard(Construct):
    """The dashboard; its name is that of the stack."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        gateway: Gateway,
        pipeline: Pipeline,
        rollups: Rollups,
        api: GraphqlApi,
        dead_letters: Mapping[str, sqs.Queue],
        config: Config,
    ) -> None:
        super().__init__(scope, name)
        self._stack_name = config.stack_name
        levels = (rollups.repository, rollups.organisation)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=config.stack_name,
            default_interval=Duration.days(1),
            widgets=[
                [
                    _graph(
                        "Deliveries",
                        self._count(Name.ACCEPTED),
                        self._by(REASON, Name.REFUSED),
                        self._by(ACTION, Name.IGNORED),
                    ),
                    _graph(
                        "Requests of the API",
                        gateway.api.metric_count(period=_PERIOD, label="all"),
                        gateway.api.metric_client_error(period=_PERIOD, label="4xx"),
                        gateway.api.metric_server_error(period=_PERIOD, label="5xx"),
                        *(
                            self._count(name, label=f"webhook {statuses}")
                            for name, statuses in STATUSES.items()
                        ),
                    ),
                    _graph(
                        "Latency of the API, in milliseconds",
                        *(
                            gateway.api.metric_latency(period=_PERIOD, statistic=one, label=one)
                            for one in ("p50", "p99")
                        ),
                    ),
                ],
                [
                    _graph(
                        "Executions of the state machine",
                        *(
                            metric(period=_PERIOD, label=label)
                            for label, metric in (
                                ("started", pipeline.machine.metric_started),
                                ("failed", pipeline.machine.metric_failed),
                                ("timed out", pipeline.machine.metric_timed_out),
                                ("throttled", pipeline.machine.metric_throttled),
                            )
                        ),
                    ),
                    _graph(
                        "Changes of alerts",
                        self._count(Name.APPLIED, level=Level.ALERT, label="stored"),
                        self._count(Name.KEPT, level=Level.ALERT, label="kept, unknown alert"),
                        self._count(Name.DUPLICATES, level=Level.ALERT, label="duplicates"),
                        self._count(Name.UNKNOWN_REASONS, label="unknown reasons"),
                    ),
                    _graph(
                        "Messages in dead-letter queues",
                        *(
                            queue.metric_approximate_number_of_messages_visible(
                                period=_PERIOD, statistic="Maximum", label=queue_name
                            )
                            for queue_name, queue in dead_letters.items()
                        ),
                    ),
                ],
                [
                    _graph(
                        "Lag from GitHub's time, in milliseconds",
                        *(
                            self._count(
                                Name.LAG, level=level, statistic=one, label=f"{level} {one}"
                            )
                            for level in Level
                            for one in ("p50", "p99")
                        ),
                    ),
                    _graph(
                        "Age of waiting changes: streams in milliseconds, queues in seconds",
                        *(
                            level.stream_handler.metric(
                                "IteratorAge",
                                period=_PERIOD,
                                statistic="Maximum",
                                label=f"stream to {name}",
                            )
                            for name, level in zip(_SUMS, levels, strict=True)
                        ),
                        right=[
                            level.queue.metric_approximate_age_of_oldest_message(
                                period=_PERIOD, statistic="Maximum", label=f"queue of {name}"
                            )
                            for name, level in zip(_SUMS, levels, strict=True)
                        ],
                    ),
                    _graph(
                        "Repeated writes and duplicates",
                        *(
                            self._count(Name.CONFLICTS, level=level, label=f"conflicts, {level}")
                            for level in Level
                        ),
                        *(
                            self._count(Name.DUPLICATES, level=level, label=f"duplicates, {level}")
                            for level in _SUMS
                        ),
                    ),
                ],
                [
                    _graph(
                        "Queries",
                        api.query.metric_invocations(period=_PERIOD, label="requests"),
                        api.query.metric_errors(period=_PERIOD, label="errors"),
                        api.query.metric_throttles(period=_PERIOD, label="throttled"),
                    ),
                    _graph(
                        "Duration of queries, in milliseconds",
                        *(
                            api.query.metric_duration(period=_PERIOD, statistic=one, label=one)
                            for one in ("p50", "p99")
                        ),
                    ),
                    _graph(
                        "Alerts that differed from GitHub's; age of the hook ranges in hours",
                        *(self._drift(task) for task in Task),
                        right=[self._count(HOOK_RANGES_AGE, statistic="Maximum")],
                    ),
                ],
            ],
        )

    def _count(
        self,
        name: str,
        *,
        level: Level | None = None,
        statistic: str = "Sum",
        label: str | None = None,
    ) -> cloudwatch.Metric:
        dimensions = {STACK: self._stack_name} | ({LEVEL: level.value} if level else {})
        return _metric(name, dimensions, statistic=statistic, label=label or str(name))

    def _drift(self, task: Task) -> cloudwatch.Metric:
        dimensions = {STACK: self._stack_name, TASK: task.value}
        return _metric(DRIFT, dimensions, statistic="Sum", label=f"{DRIFT}, {task.value}")

    def _by(self, dimension: str, name: Name) -> cloudwatch.MathExpression:
        """Return all metrics of a name, whatever values of the dimension have occurred."""
        return cloudwatch.MathExpression(
            expression=f'SEARCH(\'{{{NAMESPACE},{STACK},{dimension}}} MetricName="{name.value}"'
            f" {STACK}=\"{self._stack_name}\"', 'Sum', {_PERIOD.to_seconds()})",
            label=name.value,
            using_metrics={},
            period=_PERIOD,
        )


def _metric(
    name: str, dimensions: Mapping[str, str], *, statistic: str, label: str
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=str(name),
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=_PERIOD,
        label=label,
    )


def _graph(
    title: str, *left: cloudwatch.IMetric, right: Iterable[cloudwatch.IMetric] = ()
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(left), right=list(right), width=_WIDTH)
