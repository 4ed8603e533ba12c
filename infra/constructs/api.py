"""The query side: the GraphQL function, and the functions of the dashboard and of GraphiQL."""

from collections.abc import Mapping

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.bundles.bundle import DASHBOARD, GRAPHIQL, QUERY, Bundle
from infra.config import Config
from infra.constructs.functions import Functions
from infra.constructs.gateway import Gateway
from infra.constructs.rules import accept
from rollup.service_levels.targets import targets_text

GRAPHQL_PATH = "/graphql"
DASHBOARD_PATH = "/dashboard"
GRAPHIQL_PATH = "/graphiql"
BADGES_PATH = "/badge"
_BADGE_PATH = f"{BADGES_PATH}/{{file}}"
BADGES_PER_SECOND = 20
BADGE_BURST = 50
"""The limits of badges. Caches answer most requests, and a flood takes none from the queries."""


class GraphqlApi(Construct):
    """The functions of `graphql_api`, and the cursor secret; `tables` has the tables' names."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        gateway: Gateway,
        tables: Mapping[str, str],
    ) -> None:
        super().__init__(scope, name)
        # CloudFormation writes the secret into the function's environment: a cold start does not
        # read it, and all processes of a deployment have the same secret.
        cursors = secretsmanager.Secret(
            self,
            "CursorSecret",
            description="Seals the cursors of lists. Operators never need it",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
        )
        accept(
            cursors,
            "AwsSolutions-SMG4",
            reason="Another secret makes all cursors invalid. They only have positions.",
        )
        self.query = functions.add(
            self,
            "Query",
            bundle=QUERY,
            module="graphql_api.query_handler",
            description="Responds to GraphQL requests",
            environment={
                **tables,
                "CURSOR_SECRET": cursors.secret_value.unsafe_unwrap(),
                "CORS_ORIGINS": functions.config.cors_origins,
                "SERVICE_LEVELS": targets_text(functions.config.service_levels),
                "INTROSPECTION": "on" if functions.config.introspection else "off",
                "KEY_REQUESTS_PER_SECOND": str(functions.config.key_requests_per_second),
                "KEY_REQUEST_BURST": str(functions.config.key_request_burst),
                **_trust(functions.config, gateway),
                **({"TEAM": functions.config.team} if functions.config.team else {}),
            },
            timeout_s=29,
            memory_mb=1_024,
            snap_start=functions.config.snap_start,
        )
        integration = integrations.HttpLambdaIntegration("Query", self._invoked(functions.config))
        graphql = gateway.api.add_routes(
            path=GRAPHQL_PATH, methods=[apigateway.HttpMethod.ANY], integration=integration
        )
        for route in graphql:
            accept(route, "AwsSolutions-APIG4", reason="The function checks the key of a request.")
        if functions.config.badges:
            _serve_badges(gateway, integration)
        self._serve_pages(functions, gateway)

    def _serve_pages(self, functions: Functions, gateway: Gateway) -> None:
        config = functions.config
        pages: dict[str, tuple[Bundle, str]] = {}
        if config.dashboard_page:
            pages["Dashboard"] = (DASHBOARD, DASHBOARD_PATH)
        if config.graphiql:
            pages["Graphiql"] = (GRAPHIQL, GRAPHIQL_PATH)
        # It leads to the first page.
        landing: tuple[str, ...] = ("/",) if config.landing_page else ()
        for name, (bundle, path) in pages.items():
            page = self._page(name, bundle, functions)
            for route_path in (*landing, path, f"{path}/{{proxy+}}"):
                for route in gateway.api.add_routes(
                    path=route_path, methods=[apigateway.HttpMethod.GET], integration=page
                ):
                    accept(
                        route, "AwsSolutions-APIG4", reason="The page is public and has no data."
                    )
            landing = ()

    def _page(
        self, name: str, bundle: Bundle, functions: Functions
    ) -> integrations.HttpLambdaIntegration:
        """Return the integration with a new function that serves the page of a bundle."""
        (module,) = bundle.handlers
        page = functions.add(
            self,
            name,
            bundle=bundle,
            module=module,
            description=f"Serves the page {bundle.page} and its assets",
            environment={},
            memory_mb=256,
        )
        return integrations.HttpLambdaIntegration(name, page)

    def _invoked(self, config: Config) -> lambda_.IFunction:
        """Return what the API invokes: Lambda takes snapshots of published versions only.

        A deployment that changes the function publishes a new version and deletes the old one.
        """
        if not config.snap_start:
            return self.query
        return lambda_.Alias(
            self, "QueryAlias", alias_name="live", version=self.query.current_version
        )


def _serve_badges(gateway: Gateway, query: integrations.HttpLambdaIntegration) -> None:
    routes = gateway.api.add_routes(
        path=_BADGE_PATH, methods=[apigateway.HttpMethod.GET], integration=query
    )
    for route in routes:
        accept(route, "AwsSolutions-APIG4", reason="The function checks the token in the path.")
    gateway.limit_apart(
        f"GET {_BADGE_PATH}",
        routes,
        apigateway.ThrottleSettings(rate_limit=BADGES_PER_SECOND, burst_limit=BADGE_BURST),
    )


def _trust(config: Config, gateway: Gateway) -> dict[str, str]:
    """Return the variables about tokens of GitHub Actions; none if nobody's are accepted.

    The audience is the address of this API by default, so that a token for another deployment is
    refused here.
    """
    if not config.oidc_owners:
        return {}
    return {
        "OIDC_OWNERS": config.oidc_owners,
        "OIDC_REPOSITORIES": config.oidc_repositories,
        "OIDC_WORKFLOWS": config.oidc_workflows,
        "OIDC_AUDIENCE": config.oidc_audience or gateway.url(GRAPHQL_PATH),
        "OIDC_ISSUER": config.oidc_issuer,
    }
