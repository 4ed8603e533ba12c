"""The check of the source address, which precedes the check of the signature.

Owns the stored copy of GitHub's hook ranges, the function that refreshes it every hour and after
each deployment, and the authorizer that reads it. Before the first refresh, all addresses are
refused.
"""

from aws_cdk import Annotations, Duration, triggers
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.bundles.bundle import INGEST
from infra.constructs.functions import Functions, allow

REFRESH_EVERY = Duration.hours(1)
NO_RANGES = '{"hooks": []}'
"""The stored part of GitHub's meta document before the first refresh."""


class SourceAddresses(Construct):
    """The ranges, their refresher and the authorizer."""

    def __init__(self, scope: Construct, name: str, *, functions: Functions) -> None:
        super().__init__(scope, name)
        self.parameter = parameter = ssm.StringParameter(
            self,
            "Ranges",
            description="The last good copy of GitHub's hook ranges; empty before a refresh",
            string_value=NO_RANGES,
        )
        self.refresher = functions.add(
            self,
            "Refresher",
            bundle=INGEST,
            module="ingest.refresher_handler",
            description="Stores the source addresses of GitHub's webhooks",
            environment={
                "HOOK_RANGES_PARAMETER": parameter.parameter_name,
                "META_URL": functions.config.meta_url,
            },
            timeout_s=30,
            memory_mb=256,
        )
        allow(self.refresher, ("ssm:PutParameter",), parameter.parameter_arn)
        events.Rule(
            self,
            "EveryHour",
            schedule=events.Schedule.rate(REFRESH_EVERY),
            targets=[targets.LambdaFunction(self.refresher)],
        )
        if functions.config.target.has_custom_resources:
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

        function = functions.add(
            self,
            "Authorizer",
            bundle=INGEST,
            module="ingest.authorizer_handler",
            description="Allows GitHub's source addresses only",
            environment={"HOOK_RANGES_PARAMETER": parameter.parameter_name},
            timeout_s=5,
        )
        allow(function, ("ssm:GetParameter",), parameter.parameter_arn)
        self.authorizer: apigateway.IHttpRouteAuthorizer = authorizers.HttpLambdaAuthorizer(
            "SourceAddress",
            function,
            identity_source=["$context.identity.sourceIp"],
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            results_cache_ttl=Duration.seconds(functions.config.target.source_address_cache_s),
        )
