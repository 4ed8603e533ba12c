"""The HTTP API with its stage, domain, throttle and access log; other constructs add routes."""

import json
from collections.abc import Iterable
from typing import cast

from aws_cdk import ArnFormat, Stack, Tags
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from infra.config import Config
from infra.constructs.custom_domain import CustomDomain
from infra.constructs.functions import Functions

REQUESTS_PER_SECOND = 200
BURST = 500
"""The limits of the queries and the pages together. The webhook's route has its own."""

# The route instead of the path, since the path of a badge contains its token.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "sourceIp": "$context.identity.sourceIp",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
}


class Gateway(Construct):
    """The HTTP API and its default stage."""

    def __init__(self, scope: Construct, name: str, *, functions: Functions) -> None:
        super().__init__(scope, name)
        config = functions.config
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=config.stack_name,
            description="GitHub's webhook in, GraphQL out",
            create_default_stage=False,
            disable_execute_api_endpoint=None if config.execute_api_endpoint else True,
        )
        if config.api_id:
            Tags.of(self.api).add("ms-custom-id", config.api_id)
        self.stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=REQUESTS_PER_SECOND, burst_limit=BURST),
        )
        self.access_log = functions.log_group(self, "AccessLog", vended_by="apis")
        self._resource = cast("apigateway.CfnStage", self.stage.node.default_child)
        self._resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=Stack.of(self).format_arn(
                service="logs",
                resource="log-group",
                resource_name=self.access_log.log_group_name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            ),
            format=json.dumps({"stack": config.stack_name, **_ACCESS_LOG}),
        )
        self._limits: dict[str, dict[str, float | None]] = {}
        self._domain_name = config.domain_name
        self.domain = self._custom_domain(config, self.stage)

    def _custom_domain(self, config: Config, stage: apigateway.HttpStage) -> CustomDomain | None:
        if config.domain_name is None or config.certificate_arn is None:
            return None
        return CustomDomain(
            self,
            "Domain",
            domain_name=config.domain_name,
            certificate_arn=config.certificate_arn,
            hosted_zone_id=config.hosted_zone_id,
            stage=stage,
            api=self.api,
        )

    def limit_apart(
        self,
        route_key: str,
        routes: Iterable[apigateway.HttpRoute],
        limits: apigateway.ThrottleSettings,
    ) -> None:
        """Give a route its own limits, so that it and the others cannot use up each other's.

        The stage refuses settings of a route that does not exist yet.
        """
        self._limits[route_key] = {
            "ThrottlingRateLimit": limits.rate_limit,
            "ThrottlingBurstLimit": limits.burst_limit,
        }
        self._resource.route_settings = dict(self._limits)
        self.stage.node.add_dependency(*routes)

    def url(self, path: str) -> str:
        """Return the address of a path of the API, on its own domain if it has one."""
        if self._domain_name:
            return f"https://{self._domain_name}{path}"
        return f"{self.api.api_endpoint}{path}"
