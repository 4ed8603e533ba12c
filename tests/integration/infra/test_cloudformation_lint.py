"""cfn-lint finds nothing in the template, and in the state machines."""

import json
from typing import Any

import pytest
from aws_cdk.assertions import Template

from tests.support.cloudformation_lint import findings, resolved


def test_template_and_its_state_machines_have_no_findings(aws: Template) -> None:
    assert findings(aws.to_json()) == []


def drop_type(states: dict[str, Any]) -> None:
    del states["Record"]["Type"]


def use_a_field_of_jsonpath(states: dict[str, Any]) -> None:
    states["Record"]["ResultPath"] = "$.result"


def misspell_field(states: dict[str, Any]) -> None:
    states["Record"]["Retries"] = states["Record"].pop("Retry")


@pytest.mark.parametrize("damage", [drop_type, use_a_field_of_jsonpath, misspell_field])
def test_wrong_state_machine_is_found(aws: Template, damage: Any) -> None:
    (recording,) = (
        text
        for resource in resolved(aws.to_json())["Resources"].values()
        if '"Record"' in (text := resource.get("Properties", {}).get("DefinitionString", ""))
    )
    assert findings(template_of(recording)) == []

    definition = json.loads(recording)
    damage(definition["States"])
    found = findings(template_of(json.dumps(definition)))
    assert found
    assert all(one.startswith("E3601") for one in found)


def template_of(definition: str) -> dict[str, Any]:
    """Return a template with one state machine only, which takes a second to check."""
    role = "arn:aws:iam::123456789012:role/recording"
    properties = {"DefinitionString": definition, "RoleArn": role}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    return {"Resources": {"Recording": machine}}
