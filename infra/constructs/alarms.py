"""The alarms: messages in dead-letter queues, failed refreshes, and executions that timed out.

Owns the thresholds and the topic that sends e-mails. Without an address, CloudWatch alone shows the
alarms.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

_DEAD_LETTERS = (
    "{queue} is not empty. Run gcsmttr status, which names the next command. Inspect the messages"
    " and fix the cause first: docs/operating.md, Dead-letter queues."
)
_HOOK_RANGES = (
    "GitHub's hook ranges were not refreshed. The last good copy remains in use. Check the log of"
    " the refresher: docs/operating.md, Alarms."
)
_DELIVERIES = (
    "Lost webhook deliveries were not redelivered. Check the log of the redelivery function, fix"
    " the cause, then run gcsmttr redeliver within 3 days."
)
_TIMED_OUT = (
    "An execution exceeded its time and left no dead letter. Run gcsmttr replay for that time:"
    " docs/operating.md, Replay events."
)


class Alarms(Construct):
    """One alarm for each kind of failure that an operator must inspect."""

    def __init__(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        dead_letters: Mapping[str, sqs.Queue],
        refresher: lambda_.Function,
        redelivery: lambda_.Function,
        machine: stepfunctions.StateMachine,
        email: str | None,
    ) -> None:
        super().__init__(scope, name)
        self._topic: sns.Topic | None = None
        if email:
            self._topic = sns.Topic(self, "Topic", enforce_ssl=True)
            self._topic.add_subscription(subscriptions.EmailSubscription(email))
        minute, hour = Duration.minutes(1), Duration.hours(1)
        for queue_name, queue in dead_letters.items():
            self._alarm(
                f"{queue_name}NotEmpty",
                queue.metric_approximate_number_of_messages_visible(
                    period=minute, statistic="Maximum"
                ),
                _DEAD_LETTERS.format(queue=queue_name),
            )
        self._alarm(
            "HookRangesNotRefreshed",
            refresher.metric_errors(period=hour, statistic="Sum"),
            _HOOK_RANGES,
        )
        self._alarm(
            "DeliveriesNotChecked",
            redelivery.metric_errors(period=hour, statistic="Sum"),
            _DELIVERIES,
        )
        self._alarm(
            "ExecutionsTimedOut",
            machine.metric_timed_out(period=minute, statistic="Sum"),
            _TIMED_OUT,
        )

    def _alarm(self, name: str, metric: cloudwatch.Metric, description: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=description,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
