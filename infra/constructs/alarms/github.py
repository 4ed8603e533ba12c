"""What is watched of the tasks that the stack runs with the credentials of GitHub Apps."""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.config import Config
from infra.constructs.alarms.watch import HOUR, Watch
from infra.constructs.github_tasks import GitHubTasks
from ingest.metrics.names import NAMESPACE, STACK
from operations.remedies import drift
from reconcile.scans.runs import Task
from reconcile.workflow.drift_metrics import DRIFT, TASK


def github_watches(tasks: GitHubTasks, config: Config) -> Iterator[Watch]:
    """Yield failed redeliveries and reconciliations, and the differences that these found."""
    yield Watch(
        name="DeliveriesNotChecked",
        metric=tasks.redelivery.metric_errors(period=HOUR, statistic="Sum"),
    )
    yield Watch(
        name="ReconciliationFailed",
        metric=tasks.machine.metric_failed(period=HOUR, statistic="Sum"),
    )
    for task in Task:
        yield Watch(
            name=drift(task),
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=DRIFT,
                dimensions_map={STACK: config.stack_name, TASK: task.value},
                period=HOUR,
                statistic="Sum",
            ),
            threshold=config.drift_threshold,
        )
