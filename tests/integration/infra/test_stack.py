"""Rules for the whole stack: its functions, its alarms and its outputs."""

import json
import platform
import sys

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from infra.bundles.bundle import BUNDLES, INGEST
from infra.config import config_from
from infra.constructs.functions import Functions
from operations.remedies import QUEUES
from tests.support.paths import ROOT

OUTPUTS = {
    "HttpApiId", "WebhookUrl", "GraphqlUrl", "DashboardUrl", "GraphiqlUrl", "BadgesUrl",
    "WebhookSecretId", "GitHubAppsSecretId",
    "EventBusName", "EventBusArn", "EventArchiveName", "HookRangesParameter", "MetaUrl",
    "StateMachineArn", "RecorderFunction", "RefresherFunction", "AllEventsTable",
    "RedeliveryFunction", "ReconciliationArn", "MoverFunction", "MoverDeadLetterQueueUrl",
    "RepositoryOverviewTable", "OrganisationOverviewTable", "LedgerTable", "AccessKeysTable",
    "RepositoriesTable", "ConnectionsTable", "KeepActors", "ReconcileHours",
    "RepositoryQueueUrl", "OrganisationQueueUrl", "DeliveryDeadLetterQueueUrl",
    "ExecutionDeadLetterQueueUrl", "AlertStreamDeadLetterQueueUrl",
    "RepositoryDeadLetterQueueUrl", "RepositoryStreamDeadLetterQueueUrl",
    "OrganisationDeadLetterQueueUrl",
}  # fmt: skip
HOST_RUNTIME = "python{}.{}".format(*sys.version_info)
MACHINE = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


@pytest.mark.parametrize(
    ("variant", "architecture", "runtime"),
    [("aws", "arm64", "python3.13"), ("emulator", MACHINE, HOST_RUNTIME)],
)
def test_each_handler_is_deployed_for_the_python_that_compiled_it(
    variant: str, architecture: str, runtime: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)
    found = template.find_resources("AWS::Lambda::Function", {"Properties": {"Runtime": runtime}})

    assert {function["Properties"]["Handler"] for function in found.values()} == {
        f"{module}.handler" for bundle in BUNDLES for module in bundle.handlers
    }
    for function in found.values():
        assert function["Properties"]["Architectures"] == [architecture]
        assert "ReservedConcurrentExecutions" not in function["Properties"]


def timeouts(template: Template) -> dict[str, int]:
    found = template.find_resources("AWS::Lambda::Function").values()
    ours = [function["Properties"] for function in found if function["Properties"].get("Runtime")]
    return {
        function["Handler"].split(".")[-2]: function["Timeout"]
        for function in ours
        if function["Handler"].count(".") == 2
    }


def test_functions_time_out_before_their_callers(aws: Template) -> None:
    times = timeouts(aws)

    assert times["authorizer_handler"] < 10
    assert times["receiver_handler"] <= 10
    assert times["query_handler"] < 30


def test_emulator_has_time_to_start_a_function(emulator: Template) -> None:
    assert min(timeouts(emulator).values()) == 20


def test_each_log_expires_after_30_days(aws: Template) -> None:
    groups = aws.find_resources("AWS::Logs::LogGroup").values()

    assert len(groups) == 17
    assert {group["Properties"]["RetentionInDays"] for group in groups} == {30}


def test_function_must_be_a_handler_of_its_bundle() -> None:
    config = config_from({}, python=sys.version_info[:2])
    functions = Functions(config, lambda _bundle: lambda_.Code.from_inline("pass"))

    with pytest.raises(
        ValueError, match="alert_stream_handler is not a handler of the bundle ingest"
    ):
        functions.add(
            Stack(App(), "Scope"),
            "Odd",
            bundle=INGEST,
            module="rollup.alert_stream_handler",
            description="",
            environment={},
        )


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_stack_has_these_outputs(variant: str, request: pytest.FixtureRequest) -> None:
    template: Template = request.getfixturevalue(variant)

    assert set(template.find_outputs("*")) == OUTPUTS


def test_status_shows_each_dead_letter_queue() -> None:
    assert {f"{name}Url" for name in QUEUES} == {
        output for output in OUTPUTS if output.endswith("DeadLetterQueueUrl")
    }


def test_emulator_gets_no_unsupported_resources(emulator: Template) -> None:
    unsupported = {
        "AWS::Events::Archive",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::Events::EventBusPolicy",
        "Custom::Trigger",
    }

    resources = emulator.to_json()["Resources"].values()
    assert not {resource["Type"] for resource in resources} & unsupported


def test_cdk_starts_the_app_with_the_python_of_the_checkout() -> None:
    settings = json.loads((ROOT / "cdk.json").read_text())

    assert settings["app"] == ".venv/bin/python -m infra.app"
