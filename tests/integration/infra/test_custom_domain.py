"""With a domain, all addresses are on it; GraphiQL and the landing page can be left out."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from tests.integration.infra.conftest import config, synthesise
from tests.integration.infra.test_api import variables

DOMAIN = "gcsmttr.example.com"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b"
WITH_DOMAIN = {
    "domainName": DOMAIN, "certificateArn": CERTIFICATE, "hostedZoneId": "Z01",
    "oidcOwners": "9919=octo-org",
}  # fmt: skip


@pytest.fixture(scope="module")
def with_domain(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return synthesise(config(**WITH_DOMAIN), tmp_path_factory.mktemp("domain"))


def only(template: Template, kind: str) -> dict[str, Any]:
    ((name, resource),) = template.find_resources(kind).items()
    return {"name": name, **resource["Properties"]}


def outputs(template: Template) -> dict[str, Any]:
    return {name: output["Value"] for name, output in template.find_outputs("*").items()}


def routes(template: Template) -> set[str]:
    found = template.find_resources("AWS::ApiGatewayV2::Route").values()
    return {route["Properties"]["RouteKey"] for route in found}


def test_domain_leads_to_the_stage_of_the_api(with_domain: Template) -> None:
    domain = only(with_domain, "AWS::ApiGatewayV2::DomainName")
    mapping = only(with_domain, "AWS::ApiGatewayV2::ApiMapping")

    assert domain["DomainName"] == DOMAIN
    (configuration,) = domain["DomainNameConfigurations"]
    assert configuration == {
        "CertificateArn": CERTIFICATE,
        "EndpointType": "REGIONAL",
        "IpAddressType": "dualstack",
        "SecurityPolicy": "TLS_1_2",
    }
    assert mapping["DomainName"] == {"Ref": domain["name"]}
    assert mapping["ApiId"] == {"Ref": only(with_domain, "AWS::ApiGatewayV2::Api")["name"]}
    assert mapping["Stage"] == "$default"
    resource = with_domain.to_json()["Resources"][mapping["name"]]
    assert only(with_domain, "AWS::ApiGatewayV2::Stage")["name"] in resource["DependsOn"]


def test_hosted_zone_gets_records_for_both_kinds_of_addresses(with_domain: Template) -> None:
    domain = only(with_domain, "AWS::ApiGatewayV2::DomainName")["name"]
    found = with_domain.find_resources("AWS::Route53::RecordSet").values()
    records = [record["Properties"] for record in found]

    assert sorted(record["Type"] for record in records) == ["A", "AAAA"]
    for record in records:
        assert (record["Name"], record["HostedZoneId"]) == (DOMAIN, "Z01")
        assert record["AliasTarget"] == {
            "DNSName": {"Fn::GetAtt": [domain, "RegionalDomainName"]},
            "HostedZoneId": {"Fn::GetAtt": [domain, "RegionalHostedZoneId"]},
        }


def test_outputs_and_the_audience_of_tokens_are_on_the_domain(with_domain: Template) -> None:
    found = outputs(with_domain)

    assert found["WebhookUrl"] == f"https://{DOMAIN}/github/webhook"
    assert found["GraphqlUrl"] == f"https://{DOMAIN}/graphql"
    assert found["GraphiqlUrl"] == f"https://{DOMAIN}/graphiql"
    assert found["DomainTarget"]["Fn::GetAtt"][1] == "RegionalDomainName"
    assert variables(with_domain)["OIDC_AUDIENCE"] == f"https://{DOMAIN}/graphql"


def test_webhooks_to_the_address_of_aws_continue_to_work(with_domain: Template) -> None:
    assert "DisableExecuteApiEndpoint" not in only(with_domain, "AWS::ApiGatewayV2::Api")


def test_address_of_aws_can_be_turned_off_and_the_zone_left_out(tmp_path: Path) -> None:
    context = {"domainName": DOMAIN, "certificateArn": CERTIFICATE, "executeApiEndpoint": "false"}
    template = synthesise(config(**context), tmp_path)

    assert only(template, "AWS::ApiGatewayV2::Api")["DisableExecuteApiEndpoint"] is True
    template.resource_count_is("AWS::Route53::RecordSet", 0)
    assert "DomainTarget" in outputs(template)


def test_without_a_domain_there_is_none(aws: Template) -> None:
    for kind in ("ApiGatewayV2::DomainName", "ApiGatewayV2::ApiMapping", "Route53::RecordSet"):
        aws.resource_count_is(f"AWS::{kind}", 0)


def test_graphiql_can_be_left_out(tmp_path: Path, aws: Template) -> None:
    template = synthesise(config(graphiql="false"), tmp_path)

    assert routes(aws) - routes(template) == {"GET /graphiql", "GET /graphiql/{proxy+}"}
    assert "GraphiqlUrl" not in outputs(template)
    handlers = [
        function["Properties"]["Handler"]
        for function in template.find_resources("AWS::Lambda::Function").values()
    ]
    assert not [handler for handler in handlers if "graphiql" in handler]


def test_badges_can_be_left_out(tmp_path: Path, aws: Template) -> None:
    template = synthesise(config(badges="false"), tmp_path)

    assert routes(aws) - routes(template) == {"GET /badge/{file}"}
    assert outputs(aws).keys() - outputs(template).keys() == {"BadgesUrl"}


def test_landing_page_can_be_left_out_alone(tmp_path: Path, aws: Template) -> None:
    template = synthesise(config(landingPage="false"), tmp_path)

    assert routes(aws) - routes(template) == {"GET /"}
    assert "GraphiqlUrl" in outputs(template)
