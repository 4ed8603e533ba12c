"""Makes the Lambda functions of the stack, each with its role, its log group and its environment.

Permits a function to write its own log and nothing else. The constructs that use a function grant
the other permissions.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.bundles.bundle import Bundle
from infra.config import SNAP_START_PYTHON, Config
from infra.constructs.rules import NOT_TRACED, TRACING, accept


@dataclass(frozen=True, slots=True)
class Functions:
    """Makes the functions of one stack; `code` returns the code of a bundle."""

    config: Config
    code: Callable[[Bundle], lambda_.Code]

    @property
    def metrics(self) -> Mapping[str, str]:
        """The variables of a function that reports metrics, see `ingest.metrics.report`."""
        return {"STACK_NAME": self.config.stack_name}

    def add(  # noqa: PLR0913
        self,
        scope: Construct,
        name: str,
        *,
        bundle: Bundle,
        module: str,
        description: str,
        environment: Mapping[str, str],
        timeout_s: int = 10,
        memory_mb: int = 512,
        snap_start: bool = False,
        reserved_concurrency: int | None = None,
    ) -> lambda_.Function:
        """Add a function to `scope`.

        Raises:
            ValueError: the bundle does not list the module as a handler.
        """
        if module not in bundle.handlers:
            raise ValueError(f"{module} is not a handler of the bundle {bundle.name}")
        log_group = self.log_group(scope, f"{name}Log")
        role = iam.Role(scope, f"{name}Role", assumed_by=iam.ServicePrincipal("lambda"))
        allow(role, ("logs:CreateLogStream", "logs:PutLogEvents"), log_group.log_group_arn)
        function = lambda_.Function(
            scope,
            name,
            description=description,
            code=self.code(bundle),
            handler=f"{module}.handler",
            runtime=lambda_.Runtime(
                self.config.runtime_name,
                lambda_.RuntimeFamily.PYTHON,
                supports_snap_start=self.config.python >= SNAP_START_PYTHON,
            ),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            architecture=lambda_.Architecture.ARM_64
            if self.config.target.architecture == "arm64"
            else lambda_.Architecture.X86_64,
            role=role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            # INFO has the line `platform.report` of each invocation: duration, memory, cold start.
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
            application_log_level_v2=lambda_.ApplicationLogLevel.DEBUG,
            timeout=Duration.seconds(max(timeout_s, self.config.target.least_timeout_s)),
            memory_size=memory_mb,
            tracing=lambda_.Tracing.ACTIVE if self.config.tracing else None,
            reserved_concurrent_executions=reserved_concurrency,
            environment={
                **environment,
                "LOG_LEVEL": self.config.log_level,
                "POWERTOOLS_SERVICE_NAME": _kebab(name),
            },
        )
        accept(
            function,
            *("AwsSolutions-L1", "Serverless-LambdaLatestVersion"),
            reason="The runtime is the Python that compiles the bundle.",
        )
        accept(
            function,
            "Serverless-LambdaDLQ",
            reason="Callers keep failed events: the API, the state machine, streams and queues."
            " Schedules repeat their call every hour.",
        )
        accept(function, *TRACING, reason=NOT_TRACED)
        return function

    def log_group(
        self, scope: Construct, name: str, *, vended_by: str | None = None
    ) -> logs.LogGroup:
        """Add a log group that keeps lines for the configured number of days.

        Args:
            scope: The construct to add it to.
            name: The id of the log group.
            vended_by: The service that delivers the lines, if it is not a function. Such log groups
                share a prefix for which AWS needs no entry of its own in the resource policy of
                CloudWatch Logs. That policy is limited to 5,120 characters for an account.
        """
        log_group = logs.LogGroup(
            scope,
            name,
            log_group_name=vended_by and f"/aws/vendedlogs/{vended_by}/{self.config.stack_name}",
            removal_policy=RemovalPolicy.DESTROY,
        )
        resource = cast("logs.CfnLogGroup", log_group.node.default_child)
        resource.retention_in_days = self.config.log_retention_days
        return log_group


def allow(grantee: iam.IGrantable, actions: tuple[str, ...], *resources: str) -> None:
    """Allow exactly these actions on exactly these resources."""
    grantee.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(actions=list(actions), resources=list(resources))
    )


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
