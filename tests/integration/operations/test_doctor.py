"""What the doctor says about rights, mail, the clock and throttles, which the emulator lacks."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from operations.aws import Aws
from operations.deployment import Deployment
from operations.doctor.alarms import alarms, subscriptions
from operations.doctor.endpoints import endpoints
from operations.doctor.examination import Subject, guarded
from operations.doctor.functions import functions
from operations.doctor.mappings import mappings
from operations.doctor.resources import Resource, Resources
from operations.doctor.secrets import secrets
from operations.doctor.stack import clock, stack
from operations.doctor.tables import tables
from operations.status.section import Section
from tests.integration.operations.conftest import REGION

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RESTORE = (
    "restore it with a change set of the stack Mine, see docs/operating.md, Restore a deleted"
    " resource"
)


def refused(code: str) -> Callable[..., Any]:
    def call(**_: object) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Describe")

    return call


class Replies:
    """A client of AWS that gives fixed replies."""

    def __init__(self, **replies: Any) -> None:
        for name, reply in replies.items():
            call = reply if callable(reply) else lambda reply=reply, **_: reply
            setattr(self, name, call)


@pytest.fixture
def aws() -> Iterator[Aws]:
    with mock_aws():
        yield Aws(boto3.Session(region_name=REGION))


def subject(
    aws: Aws,
    kind: str = "",
    properties: Mapping[str, Any] | None = None,
    outputs: Mapping[str, str] | None = None,
    **clients: Replies,
) -> Subject:
    """Return a stack with one resource, and clients with fixed replies."""
    for name, client in clients.items():
        aws.__dict__[name] = client
    resources = Resources("Mine", {kind: [Resource("Part", "the-id", properties or {})]})
    return Subject(Deployment("Mine", aws, outputs or {}), resources, NOW)


def findings(section: Section) -> list[tuple[str, str]]:
    return [(one.what, one.next_step) for one in section.findings]


FUNCTION = "AWS::Lambda::Function"
IDLE = Replies(get_metric_statistics={"Datapoints": []})


def lambda_client(*, limit: Mapping[str, int] | None = None, **reported: object) -> Replies:
    return Replies(
        get_function_configuration={"State": "Active", **reported},
        get_function_concurrency=limit or {},
    )


def test_missing_permission_is_not_checked_and_not_wrong(aws: Aws) -> None:
    denied = Replies(get_function_configuration=refused("AccessDeniedException"))
    section = functions(subject(aws, FUNCTION, functions=denied))
    assert section.findings == ()
    assert section.rows[0][0] == "could not check"
    assert "AccessDeniedException" in str(section.facts["unchecked"])
    section = guarded("alarms", "Alarms", refused("AccessDenied"))
    assert section.findings == ()
    assert "AccessDenied" in str(section.facts["unchecked"])


def test_deleted_function_is_restored_by_a_change_set(aws: Aws) -> None:
    gone = Replies(get_function_configuration=refused("ResourceNotFoundException"))
    section = functions(subject(aws, FUNCTION, functions=gone))
    assert findings(section) == [("Part is deleted (the-id).", RESTORE)]


@pytest.mark.parametrize(
    ("client", "properties", "what", "command"),
    [
        (
            lambda_client(State="Failed", StateReason="no role."),
            {},
            "Part is failed: no role.",
            "deploy the stack Mine again: make deploy",
        ),
        (
            lambda_client(LastUpdateStatus="Failed"),
            {},
            "Part failed to update: no reason is given.",
            "deploy the stack Mine again: make deploy",
        ),
        (
            lambda_client(limit={"ReservedConcurrentExecutions": 0}),
            {},
            "Part may not run: its reserved concurrency is 0.",
            "aws lambda delete-function-concurrency --function-name the-id",
        ),
        (
            lambda_client(limit={"ReservedConcurrentExecutions": 5}),
            {"ReservedConcurrentExecutions": 10},
            "Part has the reserved concurrency 5, not 10.",
            (
                "aws lambda put-function-concurrency --function-name the-id"
                " --reserved-concurrent-executions 10"
            ),
        ),
    ],
)
def test_function_that_cannot_run_is_named(
    aws: Aws, client: Replies, properties: Mapping[str, Any], what: str, command: str
) -> None:
    made = subject(aws, FUNCTION, properties, functions=client, cloudwatch=IDLE)
    assert findings(functions(made)) == [(what, command)]


def test_throttles_of_the_last_hour_are_named(aws: Aws) -> None:
    throttled = Replies(get_metric_statistics={"Datapoints": [{"Sum": 1200.0}]})
    made = subject(aws, FUNCTION, functions=lambda_client(), cloudwatch=throttled)
    section = functions(made)
    assert (section.findings, section.rows[-1][1]) == (
        (), "throttled 1,200 times in the last hour; its invocations are repeated"
    )  # fmt: skip
    receiver = Resources("Mine", {FUNCTION: [Resource("PipelineReceiver", "the-id", {})]})
    ((what, _),) = findings(functions(Subject(made.deployment, receiver, NOW)))
    assert what.startswith("PipelineReceiver was throttled 1,200 times in the last hour; these")
    made = subject(aws, FUNCTION, functions=lambda_client(State="Pending"), cloudwatch=IDLE)
    assert functions(made).findings == ()
    made = subject(aws, FUNCTION, functions=lambda_client(State="Inactive"), cloudwatch=IDLE)
    assert functions(made).rows == (("functions", "1 is well"),)


def test_failing_event_source_names_its_log(aws: Aws) -> None:
    reported = {
        "State": "Enabled",
        "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:mover",
        "LastProcessingResult": "PROBLEM: Function call failed",
    }
    client = Replies(get_event_source_mapping=reported)
    properties: Mapping[str, Any] = {"DestinationConfig": {"OnFailure": {}}}
    kind = "AWS::Lambda::EventSourceMapping"
    assert findings(mappings(subject(aws, kind, properties, functions=client))) == [
        (
            "Part fails: PROBLEM: Function call failed.",
            "read the log of mover; docs/operating.md, Logs",
        ),
        ("Part has no queue for records that fail.", RESTORE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("subscribed", "what"),
    [
        ([], "Nobody gets alarms: me@acme.test is not subscribed."),
        (
            [{"Endpoint": "me@acme.test", "SubscriptionArn": "PendingConfirmation"}],
            "Nobody gets alarms: me@acme.test has not confirmed the subscription.",
        ),
        ([{"Endpoint": "me@acme.test", "SubscriptionArn": "arn:aws:sns:1"}], None),
    ],
)
def test_unconfirmed_alarm_mail_is_named(aws: Aws, subscribed: Any, what: str | None) -> None:
    made = subject(aws, sns=Replies(list_subscriptions_by_topic={"Subscriptions": subscribed}))
    parts = {
        "AWS::SNS::Topic": [Resource("Topic", "arn:topic", {})],
        "AWS::SNS::Subscription": [Resource("Mail", "x", {"Endpoint": "me@acme.test"})],
    }
    section = subscriptions(Subject(made.deployment, Resources("Mine", parts), NOW))
    assert [found for found, _ in findings(section)] == ([what] if what else [])
    for _, command in findings(section):
        assert command.startswith("aws sns subscribe --topic-arn arn:topic --protocol email")


def test_clock_that_differs_by_more_than_a_minute_is_named(aws: Aws) -> None:
    def at(skew: timedelta) -> list[str]:
        date = format_datetime(datetime.now(UTC) - skew, usegmt=True)
        reply = {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}
        made = subject(aws, cloudformation=Replies(describe_stacks=reply))
        return [what for what, _ in findings(clock(made))]

    assert at(timedelta(seconds=50)) == at(-timedelta(seconds=50)) == []
    assert at(timedelta(minutes=7)) == [
        "The clock of this machine is 7 minutes ahead of that of AWS."
    ]
    assert "behind that of AWS" in at(-timedelta(hours=2))[0]


@pytest.mark.parametrize(
    ("status", "command"),
    [
        ("UPDATE_COMPLETE", None),
        ("UPDATE_IN_PROGRESS", None),
        (
            "UPDATE_ROLLBACK_COMPLETE",
            "read the events of the stack, fix the cause, then make deploy",
        ),
        (
            "UPDATE_ROLLBACK_FAILED",
            "aws cloudformation continue-update-rollback --stack-name Mine",
        ),
    ],
)
def test_failed_deployment_is_named(aws: Aws, status: str, command: str | None) -> None:
    client = Replies(describe_stacks={"Stacks": [{"StackStatus": status}]})
    found = findings(stack(subject(aws, cloudformation=client)))
    assert [step for _, step in found] == ([command] if command else [])


def test_alarm_that_sends_nothing_is_named(aws: Aws) -> None:
    aws.cloudwatch.__getattribute__("put_metric_alarm")(
        AlarmName="Mine-ExecutionsTimedOut", Namespace="n", MetricName="m", Period=60,
        EvaluationPeriods=1, Threshold=1.0, Statistic="Sum", ActionsEnabled=False,
        ComparisonOperator="GreaterThanThreshold", AlarmActions=["arn:aws:sns:eu-west-1:1:t"],
    )  # fmt: skip
    assert findings(alarms(subject(aws))) == [
        (
            "The alarm ExecutionsTimedOut sends no message.",
            "aws cloudwatch enable-alarm-actions --alarm-names Mine-ExecutionsTimedOut",
        )
    ]


def test_secret_without_a_valid_value_is_named_and_never_shown(aws: Aws) -> None:
    client = aws.secretsmanager
    client.create_secret(Name="hand", SecretString=" ")
    client.create_secret(Name="apps", SecretString="hunter2")
    outputs = {"WebhookSecretId": "hand", "GitHubAppsSecretId": "apps"}
    found = findings(secrets(subject(aws, outputs=outputs)))
    assert [what.partition(",")[0] for what, _ in found] == [
        "The webhook secret is empty.",
        "In the secret GitHubApps",
    ]
    assert "hunter2" not in str(found)
    client.delete_secret(SecretId="hand", ForceDeleteWithoutRecovery=True)
    found = findings(secrets(subject(aws, outputs=outputs)))
    assert found[0][0] == "The webhook secret does not exist, or has no value."


def test_unprotected_table_without_its_index_and_stream_is_named(aws: Aws) -> None:
    aws.dynamodb.create_table(
        TableName="the-id",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    properties = {
        "DeletionProtectionEnabled": True,
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "GlobalSecondaryIndexes": [{"IndexName": "byName"}],
        "TimeToLiveSpecification": {"AttributeName": "expiresAt", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    made = subject(aws, "AWS::DynamoDB::Table", properties, {"SomeTable": "the-id"})
    assert [what for what, _ in findings(tables(made))] == [
        "SomeTable lacks the index byName.",
        "SomeTable is not protected from deletion.",
        "SomeTable has no stream, so changes reach no sums.",
        "SomeTable keeps rows that should expire.",
        "SomeTable has no point-in-time recovery.",
    ]


def test_address_that_does_not_refuse_is_wrong(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {"WebhookUrl": "https://a.test/hook", "GraphqlUrl": "https://a.test/graphql"}
    statuses = {"POST": 202, "GET": 404}
    monkeypatch.setattr("operations.doctor.endpoints._status", lambda _, method: statuses[method])
    found = [what for what, _ in findings(endpoints(subject(aws, outputs=outputs)))]
    assert found == [
        "WebhookUrl is wrong: a delivery without a signature gets 202.",
        "GraphqlUrl leads nowhere: a query without a key gets 404.",
    ]
    statuses |= {"POST": 403, "GET": 401}
    assert findings(endpoints(subject(aws, outputs=outputs))) == []
