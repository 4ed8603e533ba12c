"""From the webhook's route to the state machine: access, archive, and dead-letter queues."""

import json
from pathlib import Path
from typing import Any

from aws_cdk.assertions import Match, Template

from tests.integration.infra.conftest import config, synthesise


def only(template: Template, kind: str, properties: object = None) -> dict[str, Any]:
    (found,) = template.find_resources(kind, {"Properties": properties or {}}).values()
    return dict(found["Properties"])


def function_environment(template: Template, handler: str) -> dict[str, Any]:
    found = only(template, "AWS::Lambda::Function", {"Handler": f"{handler}.handler"})
    return dict(found["Environment"]["Variables"])


def test_webhook_route_caches_result_of_authorizer_by_source_address(aws: Template) -> None:
    authorizer = only(aws, "AWS::ApiGatewayV2::Authorizer")
    routes = aws.find_resources("AWS::ApiGatewayV2::Route")
    guarded = {
        route["Properties"]["RouteKey"]
        for route in routes.values()
        if route["Properties"]["AuthorizationType"] == "CUSTOM"
    }

    assert authorizer["IdentitySource"] == ["$context.identity.sourceIp"]
    assert authorizer["AuthorizerResultTtlInSeconds"] == 300
    assert authorizer["EnableSimpleResponses"] is True
    assert guarded == {"POST /github/webhook"}


def test_result_of_authorizer_is_not_cached_on_the_emulator(emulator: Template) -> None:
    authorizer = only(emulator, "AWS::ApiGatewayV2::Authorizer")

    assert authorizer["AuthorizerResultTtlInSeconds"] == 0


def test_recorder_gets_the_days_to_keep_changes_of_unknown_alerts(aws: Template) -> None:
    environment = function_environment(aws, "ingest.recorder_handler")

    assert environment["UNKNOWN_CHANGES_DAYS"] == "90"


def test_api_has_only_these_routes(aws: Template) -> None:
    routes = aws.find_resources("AWS::ApiGatewayV2::Route").values()

    assert {route["Properties"]["RouteKey"] for route in routes} == {
        "POST /github/webhook",
        "ANY /graphql",
        "GET /",
        "GET /dashboard",
        "GET /dashboard/{proxy+}",
        "GET /graphiql",
        "GET /graphiql/{proxy+}",
        "GET /badge/{file}",
    }


def test_webhook_is_throttled_apart_from_the_queries(aws: Template) -> None:
    (stage,) = aws.find_resources("AWS::ApiGatewayV2::Stage").values()
    routes = aws.find_resources(
        "AWS::ApiGatewayV2::Route", {"Properties": {"RouteKey": "POST /github/webhook"}}
    )

    assert stage["Properties"]["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": 200,
        "ThrottlingBurstLimit": 500,
    }
    assert stage["Properties"]["RouteSettings"] == {
        "POST /github/webhook": {"ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 1250},
        "GET /badge/{file}": {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 50},
    }
    assert set(routes) <= set(stage["DependsOn"]), "a stage refuses settings of a missing route"


def test_concurrency_is_reserved_for_the_receiver_and_the_authorizer_only(
    aws: Template, tmp_path: Path
) -> None:
    functions = synthesise(config(webhookConcurrency=20), tmp_path).find_resources(
        "AWS::Lambda::Function"
    )
    reserved = {
        one["Properties"]["Handler"]: one["Properties"]["ReservedConcurrentExecutions"]
        for one in functions.values()
        if "ReservedConcurrentExecutions" in one["Properties"]
    }

    assert reserved == {
        "ingest.authorizer_handler.handler": 20,
        "ingest.receiver_handler.handler": 20,
    }
    assert "ReservedConcurrentExecutions" not in str(aws.to_json())


def test_stage_logs_each_request(aws: Template) -> None:
    stage = only(aws, "AWS::ApiGatewayV2::Stage")

    assert stage["StageName"] == "$default"
    assert "$context.identity.sourceIp" in stage["AccessLogSettings"]["Format"]


def test_github_apps_secret_starts_as_an_empty_list(aws: Template) -> None:
    description = "The connected GitHub Apps with their keys; gcsmttr connect adds to them"
    secret = only(aws, "AWS::SecretsManager::Secret", {"Description": description})

    # CloudFormation writes the value again only if it changes in the template.
    assert secret["SecretString"] == "[]"
    assert "GenerateSecretString" not in secret


def test_webhook_secret_is_generated_with_64_characters(aws: Template) -> None:
    description = "The secret to enter in GitHub's webhook settings"
    secret = only(aws, "AWS::SecretsManager::Secret", {"Description": description})

    assert secret["GenerateSecretString"] == {"PasswordLength": 64, "ExcludePunctuation": True}


def test_events_are_archived_on_aws_only(aws: Template, emulator: Template) -> None:
    archive = only(aws, "AWS::Events::Archive")

    assert archive["EventPattern"]["source"] == ["gcsmttr.ingest"]
    assert archive["RetentionDays"] == 90
    for kind in ("AWS::Events::Archive", "AWS::Events::EventBus"):
        (resource,) = aws.find_resources(kind).values()
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    emulator.resource_count_is("AWS::Events::Archive", 0)


def test_rule_retries_for_a_day_and_then_uses_the_dead_letter_queue(aws: Template) -> None:
    rule = only(aws, "AWS::Events::Rule", {"EventPattern": Match.any_value()})
    (target,) = rule["Targets"]

    assert rule["EventPattern"] == {
        "source": ["gcsmttr.ingest"],
        "detail-type": ["AlertEvent", "RepositoryEvent"],
    }
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 86_400,
        "MaximumRetryAttempts": 185,
    }
    assert "DeliveryDeadLetters" in str(target["DeadLetterConfig"])


def test_state_machine_is_express_and_logs_errors(aws: Template) -> None:
    machine = only(aws, "AWS::StepFunctions::StateMachine", {"StateMachineType": "EXPRESS"})

    assert machine["LoggingConfiguration"]["Level"] == "ERROR"
    assert "RecordingLog" in str(machine["LoggingConfiguration"]["Destinations"])


def hourly(template: Template) -> str:
    """Return the targets of all hourly rules."""
    rules = template.find_resources(
        "AWS::Events::Rule", {"Properties": {"ScheduleExpression": "rate(1 hour)"}}
    )
    return str([rule["Properties"]["Targets"] for rule in rules.values()])


def test_hook_ranges_are_refreshed_every_hour_and_after_a_deployment(
    aws: Template, emulator: Template
) -> None:
    for template in (aws, emulator):
        assert "SourceAddressesRefresher" in hourly(template)
    trigger = only(aws, "Custom::Trigger")
    assert trigger["InvocationType"] == "Event"
    assert "Refresher" in str(trigger["HandlerArn"])
    emulator.resource_count_is("Custom::Trigger", 0)


def test_no_deployment_can_reset_the_stored_hook_ranges(aws: Template) -> None:
    aws.resource_count_is("AWS::SSM::Parameter", 0)
    environment = function_environment(aws, "reconcile.refresher_handler")
    assert environment["HOOK_RANGES_PARAMETER"] == "/gcsmttr/Gcsmttr/hook-ranges"


def test_allowed_ranges_replace_the_refresh(tmp_path: Path) -> None:
    template = synthesise(config(allowedRanges="192.0.2.0/24,2001:db8::/32"), tmp_path)

    environment = function_environment(template, "ingest.authorizer_handler")
    assert environment["ALLOWED_RANGES"] == "192.0.2.0/24,2001:db8::/32"
    assert "HOOK_RANGES_PARAMETER" not in environment
    assert "Refresher" not in json.dumps(template.to_json())
    assert "ssm:" not in json.dumps(template.find_resources("AWS::IAM::Policy"))
    template.has_output("AllowedRanges", {"Value": "192.0.2.0/24,2001:db8::/32"})


def test_functions_get_only_the_variables_they_read(aws: Template, emulator: Template) -> None:
    meta = "META_URL"

    assert function_environment(aws, "reconcile.refresher_handler")[meta] == (
        "https://api.github.com/meta"
    )
    assert function_environment(emulator, "reconcile.refresher_handler")[meta] == (
        "http://127.0.0.1:1/meta"
    )
    for handler, variables in {
        "ingest.authorizer_handler": {"HOOK_RANGES_PARAMETER", meta},
        "reconcile.refresher_handler": {
            *("HOOK_RANGES_PARAMETER", "GITHUB_APPS_SECRET_ID", "STACK_NAME", meta)
        },
        "ingest.receiver_handler": {
            *("WEBHOOK_SECRET_ID", "GITHUB_APPS_SECRET_ID", "EVENT_BUS_NAME", "KEEP_ACTORS"),
            "STACK_NAME",
        },
        "ingest.recorder_handler": {
            *("ALL_EVENTS_TABLE", "REPOSITORIES_TABLE", "UNKNOWN_CHANGES_DAYS", "STACK_NAME")
        },
        "ingest.mover_handler": {"ALL_EVENTS_TABLE", "REPOSITORIES_TABLE"},
    }.items():
        common = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
        assert function_environment(aws, handler).keys() == variables | common


def test_api_id_becomes_a_tag_for_the_emulator(emulator: Template) -> None:
    assert only(emulator, "AWS::ApiGatewayV2::Api")["Tags"] == {"ms-custom-id": "chosen1"}
