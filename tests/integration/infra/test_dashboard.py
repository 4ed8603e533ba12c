"""The dashboard, the saved query, the logs of services, and traces."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from infra.constructs.alarms.webhook import STATUSES
from ingest.metrics.names import HOOK_RANGES_AGE, Level, Name
from reconcile.scans.runs import Task
from reconcile.workflow.drift_metrics import DRIFT
from tests.integration.infra.conftest import config, synthesise
from tests.support.paths import ROOT

LEVELS = [{"stack": "Gcsmttr", "level": level.value} for level in Level]
STACK_ONLY = [{"stack": "Gcsmttr"}]
WRITTEN: dict[str, list[dict[str, str]]] = {
    Name.ACCEPTED: STACK_ONLY,
    Name.UNKNOWN_REASONS: STACK_ONLY,
    Name.KEPT: LEVELS[:1],
    Name.APPLIED: LEVELS,
    Name.DUPLICATES: LEVELS,
    Name.CONFLICTS: LEVELS,
    Name.LAG: LEVELS,
    HOOK_RANGES_AGE: STACK_ONLY,
    **dict.fromkeys(STATUSES, STACK_ONLY),
    DRIFT: [{"stack": "Gcsmttr", "task": task.value} for task in Task],
}
"""The metrics by their dimensions, as the tests of the handlers find them."""

OWNERS = {
    "ApiId": "AWS::ApiGatewayV2::Api",
    "FunctionName": "AWS::Lambda::Function",
    "QueueName": "AWS::SQS::Queue",
    "StateMachineArn": "AWS::StepFunctions::StateMachine",
}


def resolved(value: Any, region: str = "eu-west-1") -> str:
    """Return a text of a template, with references as `<name of the resource>`."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(resolved(one) for one in value["Fn::Join"][1])
    if "Ref" in value:
        return region if value["Ref"] == "AWS::Region" else f"<{value['Ref']}>"
    return f"<{value['Fn::GetAtt'][0]}>"


def widgets(template: Template) -> list[dict[str, Any]]:
    (dashboard,) = template.find_resources("AWS::CloudWatch::Dashboard").values()
    body = json.loads(resolved(dashboard["Properties"]["DashboardBody"]))
    return [widget["properties"] for widget in body["widgets"]]


def shown(template: Template) -> list[tuple[str, str, dict[str, str]]]:
    """Return the namespace, name and dimensions of each metric on the dashboard."""
    found = []
    for widget in widgets(template):
        for namespace, *rest in widget["metrics"]:
            if isinstance(namespace, str):
                name, *dimensions = [one for one in rest if isinstance(one, str)]
                pairs = zip(dimensions[::2], dimensions[1::2], strict=True)
                found.append((namespace, name, dict(pairs)))
    return found


def test_each_metric_of_ours_is_written_with_these_dimensions(aws: Template) -> None:
    ours = [(name, dimensions) for space, name, dimensions in shown(aws) if space == "Gcsmttr"]
    assert {name for name, _ in ours} == set(WRITTEN)
    for name, dimensions in ours:
        assert dimensions in WRITTEN[name], name


def test_metrics_of_statuses_come_from_the_access_log(aws: Template) -> None:
    filters = aws.find_resources("AWS::Logs::MetricFilter").values()
    (transformations,) = zip(
        *(one["Properties"]["MetricTransformations"] for one in filters), strict=True
    )
    assert {one["MetricName"] for one in transformations} == set(STATUSES)
    assert {one["MetricNamespace"] for one in transformations} == {"Gcsmttr"}


def test_each_other_metric_belongs_to_a_resource_of_the_stack(aws: Template) -> None:
    others = [dimensions for space, _, dimensions in shown(aws) if space != "Gcsmttr"]
    assert len(others) > 20
    for dimensions in others:
        ((dimension, resource),) = dimensions.items()
        assert resource.strip("<>") in aws.find_resources(OWNERS[dimension])


def test_refused_and_ignored_deliveries_are_found_by_their_values(aws: Template) -> None:
    searches = [
        one["expression"]
        for widget in widgets(aws)
        for metric in widget["metrics"]
        for one in metric
        if isinstance(one, dict) and "expression" in one
    ]
    assert searches == [
        "SEARCH('{Gcsmttr,stack,reason} MetricName=\"Refused\" stack=\"Gcsmttr\"', 'Sum', 300)",
        "SEARCH('{Gcsmttr,stack,action} MetricName=\"Ignored\" stack=\"Gcsmttr\"', 'Sum', 300)",
    ]


def test_dashboard_stays_below_the_free_number_of_metrics(aws: Template) -> None:
    assert len(shown(aws)) <= 50
    assert all(widget["title"] for widget in widgets(aws))


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_dashboard_has_the_name_of_the_stack(variant: str, request: pytest.FixtureRequest) -> None:
    template: Template = request.getfixturevalue(variant)
    template.has_resource_properties("AWS::CloudWatch::Dashboard", {"DashboardName": "Gcsmttr"})


def test_setting_leaves_the_dashboard_out(tmp_path: Path) -> None:
    template = synthesise(config(dashboard=False), tmp_path)
    template.resource_count_is("AWS::CloudWatch::Dashboard", 0)


def test_saved_query_reads_all_logs_and_is_that_of_the_documentation(
    aws: Template, emulator: Template
) -> None:
    (query,) = aws.find_resources("AWS::Logs::QueryDefinition").values()
    assert query["Properties"]["Name"] == "Gcsmttr/Follow an alert"
    groups = {one["Ref"] for one in query["Properties"]["LogGroupNames"]}
    all_groups = set(aws.find_resources("AWS::Logs::LogGroup"))
    assert {name for name in all_groups - groups if not name.startswith("ProtectionLog")} == set()
    page = (ROOT / "docs" / "operating.md").read_text()
    assert f"```\n{query['Properties']['QueryString']}\n```" in page
    emulator.resource_count_is("AWS::Logs::QueryDefinition", 0)


def test_logs_that_services_deliver_have_the_prefix_for_them(aws: Template) -> None:
    groups = aws.find_resources("AWS::Logs::LogGroup").values()
    names = {one["Properties"].get("LogGroupName") for one in groups} - {None}
    assert names == {"/aws/vendedlogs/apis/Gcsmttr", "/aws/vendedlogs/states/Gcsmttr"}


def is_ours(function: Mapping[str, Any]) -> bool:
    """Return whether the code of a function is ours, not that of the CDK."""
    return "POWERTOOLS_SERVICE_NAME" in json.dumps(function["Properties"].get("Environment", {}))


def test_reports_of_invocations_are_kept(aws: Template) -> None:
    logging = [
        one["Properties"]["LoggingConfig"]
        for one in aws.find_resources("AWS::Lambda::Function").values()
        if is_ours(one)
    ]
    assert {(one["LogFormat"], one["SystemLogLevel"]) for one in logging} == {("JSON", "INFO")}


def test_tracing_is_off_and_gives_only_the_rights_of_x_ray(aws: Template, tmp_path: Path) -> None:
    assert "xray:" not in json.dumps(aws.to_json())
    traced = synthesise(config(tracing=True), tmp_path).to_json()
    resources = traced["Resources"].values()
    functions = [
        one["Properties"]
        for one in resources
        if one["Type"] == "AWS::Lambda::Function" and is_ours(one)
    ]
    assert {one["TracingConfig"]["Mode"] for one in functions} == {"Active"}
    machines = [one for one in resources if one["Type"] == "AWS::StepFunctions::StateMachine"]
    assert len(machines) == 2
    assert all(one["Properties"]["TracingConfiguration"]["Enabled"] for one in machines)
    rights = set(re.findall(r'"(xray:\w+)"', json.dumps(traced)))
    assert rights == {
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
        *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
    }
