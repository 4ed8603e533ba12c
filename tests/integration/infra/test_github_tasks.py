"""The functions that call GitHub by themselves: their schedules, variables and switch."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

from tests.integration.infra.conftest import config, synthesise
from tests.integration.infra.test_pipeline import function_environment, hourly, only


def schedules(template: Template) -> dict[str, Any]:
    """Return the properties of the schedules of this construct, by their expressions."""
    rules = template.find_resources(
        "AWS::Events::Rule", {"Properties": {"ScheduleExpression": Match.any_value()}}
    )
    return {
        name: rule["Properties"] for name, rule in rules.items() if name.startswith("GitHubTasks")
    }


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_redelivery_runs_every_hour(variant: str, request: pytest.FixtureRequest) -> None:
    template: Template = request.getfixturevalue(variant)
    assert "GitHubTasksRedelivery" in hourly(template)
    assert {rule["State"] for rule in schedules(template).values()} == {"ENABLED"}


def test_setting_turns_the_schedules_off(tmp_path: Path) -> None:
    template = synthesise(config(githubSchedules=False), tmp_path)
    assert {rule["State"] for rule in schedules(template).values()} == {"DISABLED"}


def test_functions_get_only_the_variables_they_read(aws: Template) -> None:
    common = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
    environment = function_environment(aws, "reconcile.redelivery_handler")
    assert environment.keys() == {"GITHUB_APPS_SECRET_ID", "CONNECTIONS_TABLE"} | common
    environment = function_environment(aws, "reconcile.workflow_handler")
    assert environment.keys() == common | {
        *("GITHUB_APPS_SECRET_ID", "EVENT_BUS_NAME", "KEEP_ACTORS", "STACK_NAME"),
        *("ALL_EVENTS_TABLE", "REPOSITORIES_TABLE", "CONNECTIONS_TABLE"),
    }


def test_reconciliations_are_scheduled(tmp_path: Path) -> None:
    template = synthesise(config(reconcileHours=6), tmp_path)
    found = {
        rule["ScheduleExpression"]: json.loads(rule["Targets"][0]["Input"])
        for rule in schedules(template).values()
        if "Input" in rule["Targets"][0]
    }
    assert found == {
        "rate(6 hours)": {"task": "hourly", "waits": False},
        "cron(17 3 ? * SUN *)": {"task": "weekly", "waits": True},
    }


def test_workflow_is_standard_since_it_waits_for_rate_limits(aws: Template) -> None:
    machine = only(aws, "AWS::StepFunctions::StateMachine", {"StateMachineType": "STANDARD"})
    assert "Each account" in json.dumps(machine["DefinitionString"])
