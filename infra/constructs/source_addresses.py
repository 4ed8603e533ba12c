"""The check of the source address, which precedes the check of the signature.

Owns the authorizer, and the function that refreshes the stored copy of GitHub's hook ranges every
hour and after each deployment. With `allowedRanges`, nothing is refreshed.
"""

from aws_cdk import Annotations, Duration, Stack, triggers
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.bundles.bundle import GITHUB, INGEST
from infra.constructs.functions import Functions, allow
from infra.constructs.rules import accept

REFRESH_EVERY = Duration.hours(1)
REFRESHER_TIMEOUT_S = 120
"""Requests as an App and the anonymous one can each wait for their own timeout."""


class SourceAddresses(Construct):
    """The authorizer and, once `add_refresher` is called, the refresher."""

    def __init__(self, scope: Construct, name: str, *, functions: Functions) -> None:
        super().__init__(scope, name)
        self._functions = functions
        config = functions.config
        # The refresher creates the parameter, so that CloudFormation never resets it.
        self.parameter_name = f"/gcsmttr/{config.stack_name}/hook-ranges"
        self._parameter_arn = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=self.parameter_name.lstrip("/")
        )
        self.refresher: lambda_.Function | None = None
        allowed = config.allowed_ranges
        self._stored = {"HOOK_RANGES_PARAMETER": self.parameter_name, "META_URL": config.meta_url}
        self.authorizer_function = function = functions.add(
            self,
            "Authorizer",
            bundle=INGEST,
            module="ingest.authorizer_handler",
            description="Allows GitHub's source addresses only",
            environment={"ALLOWED_RANGES": allowed} if allowed else self._stored,
            timeout_s=8,
            reserved_concurrency=config.webhook_concurrency,
        )
        if not allowed:
            allow(function, ("ssm:GetParameter",), self._parameter_arn)
        self.authorizer: apigateway.IHttpRouteAuthorizer = authorizers.HttpLambdaAuthorizer(
            "SourceAddress",
            function,
            identity_source=["$context.identity.sourceIp"],
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            results_cache_ttl=Duration.seconds(config.target.source_address_cache_s),
        )

    def add_refresher(self, github_apps: secretsmanager.ISecret) -> None:
        """Add the function that stores the ranges, unless `allowedRanges` replaces them."""
        config = self._functions.config
        if config.allowed_ranges:
            return
        self.refresher = self._functions.add(
            self,
            "Refresher",
            bundle=GITHUB,
            module="reconcile.refresher_handler",
            description="Stores the source addresses of GitHub's webhooks",
            environment={
                **self._stored,
                "GITHUB_APPS_SECRET_ID": github_apps.secret_arn,
                **self._functions.metrics,
            },
            timeout_s=REFRESHER_TIMEOUT_S,
            memory_mb=256,
        )
        allow(self.refresher, ("ssm:GetParameter", "ssm:PutParameter"), self._parameter_arn)
        allow(self.refresher, ("secretsmanager:GetSecretValue",), github_apps.secret_arn)
        every_hour = events.Rule(
            self,
            "EveryHour",
            schedule=events.Schedule.rate(REFRESH_EVERY),
            targets=[targets.LambdaFunction(self.refresher)],
        )
        accept(every_hour, "Serverless-EventBusDLQ", reason="The next hour repeats the call.")
        if config.target.has_custom_resources:
            triggers.Trigger(
                self,
                "AfterDeployment",
                handler=self.refresher,
                invocation_type=triggers.InvocationType.EVENT,
            )
            # Only the trigger invokes a version, and it is permitted to. The schedule invokes none.
            Annotations.of(self.refresher).acknowledge_warning(
                "@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias"
            )

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack: the allowed ranges, or where the fetched ones are."""
        if self.refresher is None:
            return {"AllowedRanges": self._functions.config.allowed_ranges or ""}
        return {
            "HookRangesParameter": self.parameter_name,
            "MetaUrl": self._functions.config.meta_url,
            "RefresherFunction": self.refresher.function_name,
        }
