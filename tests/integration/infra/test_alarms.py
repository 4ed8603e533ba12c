"""The alarms: what they watch, what they say, and where they are sent."""

import json
import re

from aws_cdk.assertions import Template

from operations.cli.app import app
from operations.remedies import PAGE, REMEDIES
from tests.support.paths import ROOT
from tests.unit.test_docs import anchors


def test_each_alarm_has_a_remedy_and_each_remedy_an_alarm(aws: Template) -> None:
    alarms = aws.find_resources("AWS::CloudWatch::Alarm").values()

    assert {
        one["Properties"]["AlarmName"]: one["Properties"]["AlarmDescription"] for one in alarms
    } == {f"Gcsmttr-{name}": remedy.description for name, remedy in REMEDIES.items()}


def test_each_remedy_is_a_command_or_ends_with_a_section_that_names_its_alarm() -> None:
    page = ROOT / PAGE
    sections = page.read_text().split("\n##")
    for name, remedy in REMEDIES.items():
        path, _, anchor = remedy.link.partition("#")
        assert (path, anchor in anchors(page)) == (PAGE, True), remedy.link
        assert remedy.description.endswith(remedy.link)
        (section,) = (one for one in sections if one.lstrip("# ").startswith(f"{remedy.section}\n"))
        assert f"`{name}`" in section, name
        commands = set(re.findall(r"gcsmttr ([a-z]+)", remedy.next_step))
        assert commands <= {*app.commands, "redrive"}


def test_each_dead_letter_queue_has_an_alarm_that_sends_an_e_mail(aws: Template) -> None:
    queues = aws.find_resources("AWS::SQS::Queue")
    alarms = aws.find_resources("AWS::CloudWatch::Alarm").values()
    watched = {
        alarm["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms
        if alarm["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }

    assert watched == {name for name in queues if "DeadLetters" in name}
    assert len(watched) == 7
    (topic,) = aws.find_resources("AWS::SNS::Topic")
    for alarm in alarms:
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}]
        thresholds = {
            "Drift": 10,
            "IteratorAge": 900_000,
            "ApproximateAgeOfOldestMessage": 900,
        }
        assert alarm["Properties"]["Threshold"] == thresholds.get(
            alarm["Properties"]["MetricName"], 1
        )
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching"


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


def test_late_sums_of_both_levels_have_alarms(aws: Template) -> None:
    alarms = aws.find_resources("AWS::CloudWatch::Alarm").values()
    watched = sorted(
        (one["Properties"]["MetricName"], json.dumps(one["Properties"]["Dimensions"]))
        for one in alarms
        if "late" in one["Properties"]["AlarmDescription"]
    )
    assert [metric for metric, _ in watched] == [
        *["ApproximateAgeOfOldestMessage"] * 2,
        *["IteratorAge"] * 2,
    ]
    for (_, where), name in zip(
        watched,
        ("OrganisationQueue", "RepositoryQueue", "RepositoryStreamHandler", "AlertStreamHandler"),
        strict=True,
    ):
        assert name in where


def test_failed_refreshes_and_timed_out_executions_have_alarms(
    aws: Template,
) -> None:
    alarms = aws.find_resources("AWS::CloudWatch::Alarm").values()
    watched = {
        (alarm["Properties"]["MetricName"], json.dumps(alarm["Properties"]["Dimensions"]))
        for alarm in alarms
    }

    assert any(metric == "Errors" and "Refresher" in where for metric, where in watched)
    assert any(metric == "Errors" and "Redelivery" in where for metric, where in watched)
    assert any(metric == "ExecutionsFailed" and "GitHubTasks" in where for metric, where in watched)
    for task in ("hourly", "weekly"):
        dimensions = [{"Name": "stack", "Value": "Gcsmttr"}, {"Name": "task", "Value": task}]
        assert ("Drift", json.dumps(dimensions)) in watched
    assert any(metric == "ExecutionsTimedOut" and "Recording" in where for metric, where in watched)


def test_without_an_address_alarms_send_no_e_mail(emulator: Template) -> None:
    emulator.resource_count_is("AWS::SNS::Topic", 0)
    emulator.resource_count_is("AWS::CloudWatch::Alarm", 17)
