"""With `snapStart`, the API invokes a published version of the query function by its alias."""

from typing import Any

import pytest
from aws_cdk.assertions import Template

from infra.config import config_from
from tests.integration.infra.conftest import synthesise


@pytest.fixture(scope="module")
def snapped(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the template with SnapStart, for a Python that supports it."""
    config = config_from({"snapStart": True}, python=(3, 13))
    return synthesise(config, tmp_path_factory.mktemp("snap_start"))


def query_of(template: Template) -> tuple[str, dict[str, Any]]:
    """Return the logical id and the properties of the query function."""
    properties = {"Handler": "graphql_api.query_handler.handler"}
    found = template.find_resources("AWS::Lambda::Function", {"Properties": properties})
    ((name, function),) = found.items()
    return name, function["Properties"]


def test_only_the_query_function_has_snapshots(snapped: Template) -> None:
    functions = snapped.find_resources("AWS::Lambda::Function")
    name, properties = query_of(snapped)

    assert properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert [key for key in functions if "SnapStart" in functions[key]["Properties"]] == [name]


def test_graphql_route_invokes_the_alias_of_the_current_version(snapped: Template) -> None:
    function, _ = query_of(snapped)
    ((version, published),) = (
        (name, found)
        for name, found in snapped.find_resources("AWS::Lambda::Version").items()
        if found["Properties"]["FunctionName"] == {"Ref": function}
    )
    ((alias, named),) = snapped.find_resources("AWS::Lambda::Alias").items()
    (integration,) = snapped.find_resources(
        "AWS::ApiGatewayV2::Integration", {"Properties": {"IntegrationUri": {"Ref": alias}}}
    )
    (route,) = snapped.find_resources(
        "AWS::ApiGatewayV2::Route", {"Properties": {"RouteKey": "ANY /graphql"}}
    ).values()

    assert published.get("DeletionPolicy", "Delete") == "Delete"
    assert named["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert integration in str(route["Properties"]["Target"])


def test_gateway_may_invoke_the_alias_and_not_the_function(snapped: Template) -> None:
    function, _ = query_of(snapped)
    (alias,) = snapped.find_resources("AWS::Lambda::Alias")
    permissions = [
        found["Properties"]
        for found in snapped.find_resources("AWS::Lambda::Permission").values()
        if function in str(found["Properties"]["FunctionName"])
        or alias in str(found["Properties"]["FunctionName"])
    ]

    # One for /graphql, and one for /badge.
    assert [found["FunctionName"] for found in permissions] == [{"Ref": alias}] * 2
    for found in permissions:
        assert found["Action"] == "lambda:InvokeFunction"
        assert found["Principal"] == "apigateway.amazonaws.com"


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_without_the_setting_nothing_is_published(
    variant: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)
    _, properties = query_of(template)

    assert "SnapStart" not in properties
    template.resource_count_is("AWS::Lambda::Alias", 0)
