"""The clients of AWS that commands use, and AWS's errors in plain words.

Owns how an account, or the local emulator, is reached. Never sends a request itself.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from operations.errors import AwsError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient
    from types_boto3_ssm import SSMClient
    from types_boto3_stepfunctions import SFNClient

_LONGEST_INVOCATION_S = 310
"""A little more than the timeout of the function that runs longest when a command starts it."""

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"})


class CloudWatch(Protocol):
    """The part of CloudWatch's client that commands use."""

    def get_metric_statistics(self, **request: object) -> Mapping[str, Any]:
        """Return the data points of a metric."""
        ...

    def describe_alarms(self, **request: object) -> Mapping[str, Any]:
        """Return a page of alarms."""
        ...


class Notifications(Protocol):
    """The part of the client of SNS that commands use."""

    def list_subscriptions_by_topic(self, **request: object) -> Mapping[str, Any]:
        """Return a page of the subscriptions to a topic."""
        ...


def time_of(reply: Mapping[str, Any]) -> datetime | None:
    """Return when AWS sent a response, by its own clock; None if the response has no date."""
    date = reply["ResponseMetadata"]["HTTPHeaders"].get("date")
    return None if date is None else parsedate_to_datetime(date)


class Aws:
    """The clients of one account and region; each is made when it is first used."""

    def __init__(self, session: boto3.Session, *, endpoint: str | None = None) -> None:
        self._session = session
        self._endpoint = endpoint

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """The client of CloudFormation."""
        return self._session.client("cloudformation", endpoint_url=self._endpoint)

    @cached_property
    def cloudwatch(self) -> CloudWatch:
        """The client of CloudWatch."""
        client: CloudWatch = self._session.client("cloudwatch", endpoint_url=self._endpoint)
        return client

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The client of DynamoDB."""
        return self._session.client("dynamodb", endpoint_url=self._endpoint)

    @cached_property
    def events(self) -> "EventBridgeClient":
        """The client of EventBridge."""
        return self._session.client("events", endpoint_url=self._endpoint)

    @cached_property
    def functions(self) -> "LambdaClient":
        """The client of Lambda. It waits for the longest invocation, and repeats none."""
        config = Config(read_timeout=_LONGEST_INVOCATION_S, retries={"max_attempts": 0})
        return self._session.client("lambda", endpoint_url=self._endpoint, config=config)

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        """The client of Secrets Manager."""
        return self._session.client("secretsmanager", endpoint_url=self._endpoint)

    @cached_property
    def sns(self) -> Notifications:
        """The client of SNS."""
        client: Notifications = self._session.client("sns", endpoint_url=self._endpoint)
        return client

    @cached_property
    def stepfunctions(self) -> "SFNClient":
        """The client of Step Functions."""
        return self._session.client("stepfunctions", endpoint_url=self._endpoint)

    @cached_property
    def sqs(self) -> "SQSClient":
        """The client of SQS."""
        return self._session.client("sqs", endpoint_url=self._endpoint)

    @cached_property
    def ssm(self) -> "SSMClient":
        """The client of the Systems Manager parameter store."""
        return self._session.client("ssm", endpoint_url=self._endpoint)


def account() -> Aws:
    """Return the account and region of the environment, see the documentation of boto3."""
    return Aws(boto3.Session())


def emulator(endpoint: str, *, region: str) -> Aws:
    """Return the emulator at an address. It accepts any credentials."""
    session = boto3.Session(
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
    )
    return Aws(session, endpoint=endpoint)


def explained(error: BotoCoreError | ClientError) -> AwsError:
    """Return an error of botocore as one that names the next step."""
    if isinstance(error, NoCredentialsError):
        return AwsError(
            "There are no AWS credentials in the environment.",
            next_step="Set AWS_PROFILE, or use --local for the stack of `make run`.",
        )
    if isinstance(error, NoRegionError):
        return AwsError(
            "There is no AWS region in the environment.",
            next_step="Set AWS_REGION to the region of the stack.",
        )
    if isinstance(error, EndpointConnectionError):
        return AwsError(
            str(error), next_step="Check the network; for --local, check that `make run` runs."
        )
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        if code in _DENIED:
            return AwsError(
                str(error),
                next_step="Use credentials that may do this; docs/README.md leads to the rights.",
            )
        if code in _EXPIRED:
            return AwsError(str(error), next_step="Sign in to AWS again.")
    return AwsError(
        str(error), next_step="Run the command again. If that fails too, check the message."
    )
