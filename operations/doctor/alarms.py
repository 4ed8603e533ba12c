"""The alarms and where they go: which are raised, and whether anybody gets a message.

`remedies` owns what each alarm means and its next command.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from operations.doctor.examination import Examination, Subject, listed
from operations.doctor.resources import Resource
from operations.remedies import REMEDIES
from operations.status.section import Section, ago

_PENDING = "PendingConfirmation"
"""What AWS reports in place of the ARN of a subscription; it sends no mail yet."""
_KINDS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def alarms(subject: Subject) -> Section:
    """Examine all alarms whose name starts with that of the stack."""
    found = Examination("alarms", "Alarms")
    prefix = f"{subject.deployment.stack}-"
    reported = {one["AlarmName"]: one for one in _described(subject, prefix)}
    wanted = {one.id for kind in _KINDS for one in subject.resources.of_type(kind)}
    if missing := wanted - reported.keys():
        found.wrong(f"Some alarms are deleted: {listed([*missing])}.", subject.restore)
    for name, alarm in sorted(reported.items()):
        found.examined += 1
        _examine(found, subject, name, alarm)
    return found.section("alarms", {"raised": _in_state(reported, "ALARM")})


def _examine(found: Examination, subject: Subject, name: str, alarm: Mapping[str, Any]) -> None:
    short = name.removeprefix(f"{subject.deployment.stack}-")
    if alarm["StateValue"] == "ALARM":
        since = ago(alarm["StateUpdatedTimestamp"], subject.now)
        remedy = REMEDIES.get(short)
        if remedy is None:
            found.wrong(
                f"The alarm {short} is raised since {since}.",
                alarm.get("AlarmDescription") or "see the alarm in the CloudWatch console",
            )
        else:
            found.wrong(
                f"The alarm {short} is raised since {since}. {remedy.meaning} {remedy.check} See"
                f" {remedy.link}.",
                remedy.next_step,
            )
    if alarm.get("AlarmActions") and alarm.get("ActionsEnabled") is False:
        found.wrong(
            f"The alarm {short} sends no message.",
            f"aws cloudwatch enable-alarm-actions --alarm-names {name}",
        )


def _described(subject: Subject, prefix: str) -> Iterator[Mapping[str, Any]]:
    request: dict[str, Any] = {
        "AlarmNamePrefix": prefix,
        "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
    }
    while True:
        reply = subject.deployment.aws.cloudwatch.describe_alarms(**request)
        yield from reply.get("MetricAlarms", ())
        yield from reply.get("CompositeAlarms", ())
        if not reply.get("NextToken"):
            return
        request["NextToken"] = reply["NextToken"]


def _in_state(reported: Mapping[str, Mapping[str, Any]], state: str) -> list[str]:
    return sorted(name for name, alarm in reported.items() if alarm["StateValue"] == state)


def subscriptions(subject: Subject) -> Section:
    """Examine the subscriptions to the topic of the stack, if it has one."""
    found = Examination("subscriptions", "Alarm mail")
    topics = subject.resources.of_type("AWS::SNS::Topic")
    wanted = subject.resources.of_type("AWS::SNS::Subscription")
    if not topics:
        found.note("no topic", "the stack has no topic of its own; see the setting alarmEmail")
    for topic in topics:
        client = subject.deployment.aws.sns
        reply = found.read(subject, topic, client.list_subscriptions_by_topic, TopicArn=topic.id)
        if reply is not None:
            _examine_topic(found, topic, wanted, reply["Subscriptions"])
    return found.section("topics")


def _examine_topic(
    found: Examination,
    topic: Resource,
    wanted: Sequence[Resource],
    reported: Sequence[Mapping[str, Any]],
) -> None:
    for one in wanted:
        address = one.properties.get("Endpoint")
        subscribe = (
            f"aws sns subscribe --topic-arn {topic.id} --protocol email"
            f" --notification-endpoint {address}, then confirm the message that AWS sends"
        )
        states = {sub["SubscriptionArn"] for sub in reported if sub.get("Endpoint") == address}
        if not states:
            found.wrong(f"Nobody gets alarms: {address} is not subscribed.", subscribe)
        elif states == {_PENDING}:
            found.wrong(
                f"Nobody gets alarms: {address} has not confirmed the subscription.", subscribe
            )
