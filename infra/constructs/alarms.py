"""The alarms: messages in dead-letter queues, late sums, failed tasks, and timed out executions.

Owns the thresholds and the topic that sends e-mails. Without an address, CloudWatch alone shows the
alarms.
"""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.config import Config
from infra.constructs.github_tasks import GitHubTasks
from infra.constructs.rollups import Rollups
from ingest.metrics.names import NAMESPACE, STACK
from operations.remedies import REMEDIES, drift, not_empty
from reconcile.scans.runs import Task
from reconcile.workflow.drift_metrics import DRIFT, TASK

_LATE_MINUTES = 15
"""Sums are usually complete in seconds, and five minutes after a backfill of 5,000 alerts."""


class Alarms(Construct):
    """One alarm for each kind of failure that an operator must inspect."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        dead_letters: Mapping[str, sqs.Queue],
        refresher: lambda_.Function | None,
        github_tasks: GitHubTasks,
        machine: stepfunctions.StateMachine,
        rollups: Rollups,
        config: Config,
    ) -> None:
        super().__init__(scope, name)
        self._stack_name = config.stack_name
        self._topic: sns.Topic | None = None
        if config.alarm_email:
            self._topic = self._topic_of_alarms()
            self._topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
        minute, hour = Duration.minutes(1), Duration.hours(1)
        for queue_name, queue in dead_letters.items():
            self._alarm(
                not_empty(queue_name),
                queue.metric_approximate_number_of_messages_visible(
                    period=minute, statistic="Maximum"
                ),
            )
        if refresher:
            self._alarm(
                "HookRangesNotRefreshed",
                refresher.metric_errors(period=hour, statistic="Sum"),
            )
        self._alarm(
            "DeliveriesNotChecked",
            github_tasks.redelivery.metric_errors(period=hour, statistic="Sum"),
        )
        self._alarm(
            "ReconciliationFailed",
            github_tasks.machine.metric_failed(period=hour, statistic="Sum"),
        )
        for task in Task:
            self._alarm(
                drift(task),
                cloudwatch.Metric(
                    namespace=NAMESPACE,
                    metric_name=DRIFT,
                    dimensions_map={STACK: config.stack_name, TASK: task.value},
                    period=hour,
                    statistic="Sum",
                ),
                threshold=config.drift_threshold,
            )
        for level, construct in (
            ("repositories", rollups.repository),
            ("organisations", rollups.organisation),
        ):
            self._alarm(
                f"{level.capitalize()}StreamLate",
                construct.stream_handler.metric(
                    "IteratorAge", period=Duration.minutes(5), statistic="Maximum"
                ),
                threshold=_LATE_MINUTES * 60_000,
            )
            self._alarm(
                f"{level.capitalize()}QueueLate",
                construct.queue.metric_approximate_age_of_oldest_message(
                    period=Duration.minutes(5), statistic="Maximum"
                ),
                threshold=_LATE_MINUTES * 60,
            )
        self._alarm(
            "ExecutionsTimedOut",
            machine.metric_timed_out(period=minute, statistic="Sum"),
        )

    def _topic_of_alarms(self) -> sns.Topic:
        """Return a topic to which only CloudWatch publishes.

        With `enforce_ssl`, a topic has a policy of its own, which replaces the default policy that
        lets the account publish.
        """
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=account))
        return topic

    def _alarm(self, name: str, metric: cloudwatch.Metric, *, threshold: int = 1) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._stack_name}-{name}",
            alarm_description=REMEDIES[name].description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
