"""Adds the alarms, and sends the two composite ones to a topic.

One incident raises many alarms, so only composite alarms are sent: `NotHealthy`, which is raised
with any other, and `DeliveriesLost`, since a dead letter that waits must not hide that GitHub's
deliveries fail. Without an address or a topic, CloudWatch alone shows the alarms.
"""

from collections.abc import Iterable

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Config
from infra.constructs.alarms.watch import Watch
from operations.remedies import DELIVERIES_LOST, NOT_HEALTHY, REMEDIES


class Alarms(Construct):
    """One alarm for each watch. `deliveries` are those that show lost deliveries."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deliveries: Iterable[Watch],
        others: Iterable[Watch],
        config: Config,
    ) -> None:
        super().__init__(scope, name)
        self._config = config
        of_deliveries = [self._alarm(watch) for watch in deliveries]
        all_alarms = [*of_deliveries, *(self._alarm(watch) for watch in others)]
        if not config.target.has_composite_alarms:
            return
        topic = self._topic()
        for composite, alarms in ((DELIVERIES_LOST, of_deliveries), (NOT_HEALTHY, all_alarms)):
            self._composite(composite, alarms, topic)

    def _alarm(self, watch: Watch) -> cloudwatch.Alarm:
        missing = cloudwatch.TreatMissingData
        return cloudwatch.Alarm(
            self,
            watch.name,
            alarm_name=f"{self._config.stack_name}-{watch.name}",
            alarm_description=REMEDIES[watch.name].description,
            metric=watch.metric,
            threshold=watch.threshold,
            evaluation_periods=watch.periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing.BREACHING if watch.needs_data else missing.NOT_BREACHING,
        )

    def _composite(
        self, name: str, alarms: Iterable[cloudwatch.Alarm], topic: sns.ITopic | None
    ) -> None:
        composite = cloudwatch.CompositeAlarm(
            self,
            name,
            composite_alarm_name=f"{self._config.stack_name}-{name}",
            alarm_description=REMEDIES[name].description,
            alarm_rule=cloudwatch.AlarmRule.any_of(*alarms),
        )
        if topic:
            composite.add_alarm_action(actions.SnsAction(topic))
            composite.add_ok_action(actions.SnsAction(topic))

    def _topic(self) -> sns.ITopic | None:
        """Return the topic that exists, or one with the e-mail address as its only subscriber.

        With `enforce_ssl`, a topic has a policy of its own, which replaces the default policy that
        lets the account publish.
        """
        if self._config.alarm_topic_arn:
            return sns.Topic.from_topic_arn(self, "Topic", self._config.alarm_topic_arn)
        if not self._config.alarm_email:
            return None
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        account = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=account))
        topic.add_subscription(subscriptions.EmailSubscription(self._config.alarm_email))
        return topic
