"""The query side: the settings of the query function, and the function of each route."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from graphql_api.access.github_actions.trust import Trust
from graphql_api.settings import Settings
from infra.config import config_from
from tests.integration.infra.conftest import synthesise
from tests.integration.infra.test_least_privilege import statements
from tests.integration.infra.test_pipeline import only


def variables(template: Template) -> dict[str, Any]:
    properties = {"Handler": "graphql_api.query_handler.handler"}
    (query,) = template.find_resources("AWS::Lambda::Function", {"Properties": properties}).values()
    return dict(query["Properties"]["Environment"]["Variables"])


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_query_function_can_read_its_settings(variant: str, request: pytest.FixtureRequest) -> None:
    environment = {
        name: str(value) for name, value in variables(request.getfixturevalue(variant)).items()
    }
    settings = Settings.read(environment)

    assert "AllEvents" in settings.tables.all_events
    assert "RepositoryOverview" in settings.tables.repository_overview
    assert "OrganisationOverview" in settings.tables.organisation_overview
    assert "AccessKeys" in settings.access_keys_table
    assert settings.cors.origins == frozenset()
    assert settings.introspection is True
    assert settings.trust is None
    assert (settings.key_requests_per_second, settings.key_request_burst) == (50, 500)
    assert "CursorSecret" in settings.cursor_secret


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_cursor_secret_is_generated_and_written_into_the_environment(
    variant: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)
    (name,) = (
        name
        for name in template.find_resources("AWS::SecretsManager::Secret")
        if "CursorSecret" in name
    )
    secret = template.to_json()["Resources"][name]
    assert secret["Properties"]["GenerateSecretString"] == {
        "ExcludePunctuation": True,
        "PasswordLength": 64,
    }
    parts = variables(template)["CURSOR_SECRET"]["Fn::Join"][1]
    assert parts == ["{{resolve:secretsmanager:", {"Ref": name}, ":SecretString:::}}"]
    roles = [role for role, found in statements(template) if name in str(found["Resource"])]
    assert not roles, "no function reads it at run time"


def test_tokens_are_accepted_for_the_address_of_the_api(tmp_path: Path) -> None:
    config = config_from({"oidcOwners": "9919=octo-org"}, python=sys.version_info[:2])
    template = synthesise(config, tmp_path)
    environment = variables(template)
    trust = Trust.read({name: str(value) for name, value in environment.items()})

    assert trust is not None
    assert trust.owners == {"9919": {"octo-org"}}
    assert trust.issuer == "https://token.actions.githubusercontent.com"
    address = template.find_outputs("GraphqlUrl")["GraphqlUrl"]["Value"]
    assert environment["OIDC_AUDIENCE"] == address


def test_audience_can_be_set(tmp_path: Path) -> None:
    context = {"oidcOwners": "9919=octo-org", "oidcAudience": "gcsmttr"}
    config = config_from(context, python=sys.version_info[:2])

    assert variables(synthesise(config, tmp_path))["OIDC_AUDIENCE"] == "gcsmttr"


def test_authorization_reaches_the_query_function_and_not_the_access_log(aws: Template) -> None:
    (route,) = aws.find_resources(
        "AWS::ApiGatewayV2::Route", {"Properties": {"RouteKey": "ANY /graphql"}}
    ).values()
    stage = only(aws, "AWS::ApiGatewayV2::Stage")

    assert route["Properties"].get("AuthorizationType", "NONE") == "NONE"
    assert "authorization" not in stage["AccessLogSettings"]["Format"].lower()


def test_access_log_has_the_route_but_no_path_which_can_contain_a_token(aws: Template) -> None:
    stage = only(aws, "AWS::ApiGatewayV2::Stage")
    written = json.loads(stage["AccessLogSettings"]["Format"])
    assert written["routeKey"] == "$context.routeKey"
    logged = set(written.values())
    assert not [one for one in logged if "path" in one.lower() or "requestOverride" in one]


def test_each_route_invokes_its_function(aws: Template) -> None:
    assert functions_of_routes(aws) == {
        "POST /github/webhook": "PipelineReceiver",
        "ANY /graphql": "GraphqlApiQuery",
        "GET /": "GraphqlApiDashboard",
        "GET /dashboard": "GraphqlApiDashboard",
        "GET /dashboard/{proxy+}": "GraphqlApiDashboard",
        "GET /graphiql": "GraphqlApiGraphiql",
        "GET /graphiql/{proxy+}": "GraphqlApiGraphiql",
        "GET /badge/{file}": "GraphqlApiQuery",
    }


def test_without_the_dashboard_the_root_leads_to_graphiql(tmp_path: Path) -> None:
    config = config_from({"dashboardPage": "false"}, python=sys.version_info[:2])
    template = synthesise(config, tmp_path)
    routes = functions_of_routes(template)

    assert routes["GET /"] == "GraphqlApiGraphiql"
    assert not [route for route in routes if "dashboard" in route]
    assert not template.find_outputs("DashboardUrl")


def functions_of_routes(template: Template) -> dict[str, str]:
    """Return the function of each route, by the name of its construct."""
    routes = template.find_resources("AWS::ApiGatewayV2::Route").values()
    integrations = template.find_resources("AWS::ApiGatewayV2::Integration")
    targets = {}
    for route in routes:
        (integration,) = [name for name in integrations if name in str(route["Properties"])]
        properties = integrations[integration]["Properties"]
        assert properties["PayloadFormatVersion"] == "2.0"
        targets[route["Properties"]["RouteKey"]] = properties["IntegrationUri"]["Fn::GetAtt"][0]
    return {route: target[:-8] for route, target in targets.items()}
