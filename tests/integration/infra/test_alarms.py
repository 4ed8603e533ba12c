"""The alarms: what they watch, what they say, and where they are sent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from operations.cli.app import app
from operations.remedies import PAGE, QUEUES, REMEDIES
from tests.integration.infra.conftest import config, synthesise
from tests.support.paths import ROOT
from tests.unit.test_docs import anchors

Alarm = dict[str, Any]


def alarms(template: Template) -> dict[str, Alarm]:
    """Return the properties of each alarm of a metric, by its name without the stack's."""
    found = template.find_resources("AWS::CloudWatch::Alarm").values()
    return {
        one["Properties"]["AlarmName"].removeprefix("Gcsmttr-"): one["Properties"] for one in found
    }


def composites(template: Template) -> dict[str, Alarm]:
    found = template.find_resources("AWS::CloudWatch::CompositeAlarm").values()
    return {
        one["Properties"]["AlarmName"].removeprefix("Gcsmttr-"): one["Properties"] for one in found
    }


def watched(alarm: Alarm) -> tuple[str, str]:
    """Return the metric of an alarm and its dimensions, as texts."""
    return alarm["MetricName"], json.dumps(alarm["Dimensions"])


def test_each_alarm_has_a_remedy_and_each_remedy_an_alarm(aws: Template) -> None:
    found = {**alarms(aws), **composites(aws)}

    assert {name: alarm["AlarmDescription"] for name, alarm in found.items()} == {
        name: remedy.description for name, remedy in REMEDIES.items()
    }


def test_each_section_of_a_remedy_names_its_alarm() -> None:
    page = ROOT / PAGE
    sections = page.read_text().split("\n##")
    for name, remedy in REMEDIES.items():
        path, _, anchor = remedy.link.partition("#")
        assert (path, anchor in anchors(page)) == (PAGE, True), remedy.link
        assert remedy.description.endswith(remedy.link)
        assert len(remedy.description) <= 1_024, "the longest text of an alarm"
        (section,) = (one for one in sections if one.lstrip("# ").startswith(f"{remedy.section}\n"))
        assert f"`{name}`" in section, name
        commands = set(re.findall(r"gcsmttr ([a-z]+)", remedy.next_step))
        assert commands <= {*app.commands}


def test_alarm_is_raised_by_the_first_failure_unless_it_has_a_threshold(aws: Template) -> None:
    thresholds = {
        name: alarm["Threshold"] for name, alarm in alarms(aws).items() if alarm["Threshold"] != 1
    }

    assert thresholds == {
        "WebhookRefused": 5,
        "HookRangesOld": 3,
        "RepositoriesStreamLate": 900_000,
        "RepositoriesQueueLate": 900,
        "OrganisationsStreamLate": 900_000,
        "OrganisationsQueueLate": 900,
        "MovesStreamLate": 900_000,
        "RepositoriesQueueHandlerErrors": 5,
        "OrganisationsQueueHandlerErrors": 5,
        "QueryErrors": 5,
        "QueryThrottled": 5,
        "ClientErrors": 100,
        "HourlyDrift": 10,
        "WeeklyDrift": 10,
    }


def test_only_the_age_of_the_hook_ranges_must_be_reported(aws: Template) -> None:
    for name, alarm in alarms(aws).items():
        is_age = name == "HookRangesOld"
        assert alarm["TreatMissingData"] == ("breaching" if is_age else "notBreaching")
        assert alarm["EvaluationPeriods"] == (2 if is_age else 1)
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


@pytest.mark.parametrize(
    ("name", "metric", "dimension"),
    [
        ("ReceiverErrors", "Errors", "PipelineReceiver"),
        ("ReceiverThrottled", "Throttles", "PipelineReceiver"),
        ("AuthorizerErrors", "Errors", "SourceAddressesAuthorizer"),
        ("AuthorizerThrottled", "Throttles", "SourceAddressesAuthorizer"),
        ("ExecutionsFailed", "ExecutionsFailed", "PipelineRecording"),
        ("ExecutionsTimedOut", "ExecutionsTimedOut", "PipelineRecording"),
        ("RepositoriesStreamLate", "IteratorAge", "AlertStreamHandler"),
        ("OrganisationsStreamLate", "IteratorAge", "RepositoryStreamHandler"),
        ("MovesStreamLate", "IteratorAge", "MovesMover"),
        ("RepositoriesQueueLate", "ApproximateAgeOfOldestMessage", "RollupsRepositoryQueue"),
        ("OrganisationsQueueLate", "ApproximateAgeOfOldestMessage", "RollupsOrganisationQueue"),
        ("RepositoriesQueueHandlerErrors", "Errors", "RepositoryQueueHandler"),
        ("OrganisationsQueueHandlerErrors", "Errors", "OrganisationQueueHandler"),
        ("QueryErrors", "Errors", "GraphqlApiQuery"),
        ("QueryThrottled", "Throttles", "GraphqlApiQuery"),
        ("ClientErrors", "4xx", "GatewayApi"),
        ("DeliveriesNotChecked", "Errors", "GitHubTasksRedelivery"),
        ("ReconciliationFailed", "ExecutionsFailed", "GitHubTasksReconciliation"),
        ("AlertStreamDeadLetterQueueMissed", "DestinationDeliveryFailures", "AlertStreamHandler"),
        (
            "RepositoryStreamDeadLetterQueueMissed",
            "DestinationDeliveryFailures",
            "RepositoryStreamHandler",
        ),
        ("MoverDeadLetterQueueMissed", "DestinationDeliveryFailures", "MovesMover"),
        ("DeliveryDeadLetterQueueMissed", "InvocationsFailedToBeSentToDlq", "PipelineBus"),
    ],
)
def test_alarm_watches_its_metric(aws: Template, name: str, metric: str, dimension: str) -> None:
    found, dimensions = watched(alarms(aws)[name])

    assert found == metric
    assert dimension in dimensions


def test_drift_and_age_of_hook_ranges_are_watched_for_this_stack(aws: Template) -> None:
    stack = {"Name": "stack", "Value": "Gcsmttr"}
    for task in ("hourly", "weekly"):
        dimensions = [stack, {"Name": "task", "Value": task}]
        assert watched(alarms(aws)[f"{task.capitalize()}Drift"]) == (
            "Drift",
            json.dumps(dimensions),
        )
    assert watched(alarms(aws)["HookRangesOld"]) == ("HookRangesAge", json.dumps([stack]))


def test_each_dead_letter_queue_has_an_alarm(aws: Template) -> None:
    queues = {name for name in aws.find_resources("AWS::SQS::Queue") if "DeadLetters" in name}
    found = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms(aws).values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }

    assert found == queues
    assert len(queues) == len(QUEUES) == 7


def test_statuses_of_the_webhook_come_from_the_access_log(aws: Template) -> None:
    filters = aws.find_resources("AWS::Logs::MetricFilter").values()
    found = {}
    for one in filters:
        (transformation,) = one["Properties"]["MetricTransformations"]
        assert transformation["Dimensions"] == [{"Key": "stack", "Value": "$.stack"}]
        assert "AccessLog" in str(one["Properties"]["LogGroupName"])
        name = transformation["MetricName"]
        assert watched(alarms(aws)[name]) == (
            name,
            json.dumps([{"Name": "stack", "Value": "Gcsmttr"}]),
        )
        found[name] = one["Properties"]["FilterPattern"]
    route = '($.routeKey = "POST /github/webhook")'

    assert found == {
        "WebhookServerErrors": f'{{ {route} && ($.status = "5*") }}',
        "WebhookThrottled": f'{{ {route} && ($.status = "429") }}',
        "WebhookRefused": f'{{ {route} && ($.status = "4*") && ($.status != "429") }}',
    }
    (stage,) = aws.find_resources("AWS::ApiGatewayV2::Stage").values()
    line = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
    assert line["stack"] == "Gcsmttr"
    assert (line["routeKey"], line["status"]) == ("$context.routeKey", "$context.status")


def test_only_the_composite_alarms_send_messages(aws: Template) -> None:
    (topic,) = aws.find_resources("AWS::SNS::Topic")
    for alarm in alarms(aws).values():
        assert "AlarmActions" not in alarm
    assert set(composites(aws)) == {"NotHealthy", "DeliveriesLost"}
    for composite in composites(aws).values():
        assert composite["AlarmActions"] == composite["OKActions"] == [{"Ref": topic}]


def test_not_healthy_is_raised_with_any_alarm_and_deliveries_lost_with_those_of_the_webhook(
    aws: Template,
) -> None:
    names = {
        logical: one["Properties"]["AlarmName"].removeprefix("Gcsmttr-")
        for logical, one in aws.find_resources("AWS::CloudWatch::Alarm").items()
    }
    children = {
        name: {found for logical, found in names.items() if f'"{logical}"' in json.dumps(rule)}
        for name, rule in ((name, one["AlarmRule"]) for name, one in composites(aws).items())
    }

    assert children["NotHealthy"] == set(alarms(aws))
    assert children["DeliveriesLost"] == {
        "WebhookServerErrors",
        "WebhookThrottled",
        "WebhookRefused",
        "ReceiverErrors",
        "ReceiverThrottled",
        "AuthorizerErrors",
        "AuthorizerThrottled",
        "HookRangesOld",
    }
    for composite in composites(aws).values():
        assert " AND " not in json.dumps(composite["AlarmRule"])


def test_topic_that_exists_is_used(tmp_path: Path) -> None:
    arn = "arn:aws:sns:eu-west-1:123456789012:alarms"
    template = synthesise(config(alarmTopicArn=arn), tmp_path)

    template.resource_count_is("AWS::SNS::Topic", 0)
    template.resource_count_is("AWS::SNS::TopicPolicy", 0)
    for composite in composites(template).values():
        assert composite["AlarmActions"] == composite["OKActions"] == [arn]


def test_thresholds_are_settings(tmp_path: Path) -> None:
    context = {
        "alarmLateMinutes": 30,
        "alarmHookRangesHours": 12,
        "alarmWebhookRefusals": 50,
        "alarmClientErrors": 1_000,
        "alarmFunctionErrors": 20,
    }
    found = alarms(synthesise(config(**context), tmp_path))

    assert found["RepositoriesQueueLate"]["Threshold"] == 1_800
    assert found["MovesStreamLate"]["Threshold"] == 1_800_000
    assert found["HookRangesOld"]["Threshold"] == 12
    assert found["WebhookRefused"]["Threshold"] == 50
    assert found["ClientErrors"]["Threshold"] == 1_000
    assert found["QueryErrors"]["Threshold"] == 20


def test_emulator_has_alarms_but_no_composite_ones(aws: Template, emulator: Template) -> None:
    assert set(alarms(emulator)) == set(alarms(aws))
    assert composites(emulator) == {}
    emulator.resource_count_is("AWS::SNS::Topic", 0)


def test_cloudwatch_of_this_account_can_publish_to_the_topic(aws: Template) -> None:
    (policy,) = aws.find_resources("AWS::SNS::TopicPolicy").values()
    (topic,) = aws.find_resources("AWS::SNS::Topic")
    allowed, denied = sorted(
        policy["Properties"]["PolicyDocument"]["Statement"], key=lambda one: one["Effect"]
    )
    assert allowed == {
        "Action": "sns:Publish",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Resource": {"Ref": topic},
        "Sid": allowed["Sid"],
    }
    assert denied["Effect"] == "Deny"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
