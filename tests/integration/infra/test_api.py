"""The query side: the settings of the query function, and the function of each route."""

from typing import Any

import pytest
from aws_cdk.assertions import Template

from graphql_api.settings import Settings
from tests.integration.infra.test_least_privilege import statements


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


def test_each_route_invokes_its_function(aws: Template) -> None:
    routes = aws.find_resources("AWS::ApiGatewayV2::Route").values()
    integrations = aws.find_resources("AWS::ApiGatewayV2::Integration")
    targets = {}
    for route in routes:
        (integration,) = [name for name in integrations if name in str(route["Properties"])]
        properties = integrations[integration]["Properties"]
        assert properties["PayloadFormatVersion"] == "2.0"
        targets[route["Properties"]["RouteKey"]] = properties["IntegrationUri"]["Fn::GetAtt"][0]

    assert {route: target[:-8] for route, target in targets.items()} == {
        "POST /github/webhook": "PipelineReceiver",
        "ANY /graphql": "GraphqlApiQuery",
        "GET /": "GraphqlApiGraphiql",
        "GET /graphiql": "GraphqlApiGraphiql",
        "GET /graphiql/{proxy+}": "GraphqlApiGraphiql",
    }
