"""A stack can be deployed to every partition, and two of them to one account and Region."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.integration.infra.conftest import config, stack_of, synthesise

OWNERS_OF_NAMES = (
    *(
        "Alarm",
        "Archive",
        "Authorizer",
        "Bucket",
        "Dashboard",
        "Domain",
        "Function",
        "Group",
        "Key",
    ),
    *("LogGroup", "Parameter", "Policy", "Queue", "Role", "Rule", "Schedule", "Secret"),
    *("StateMachine", "Table", "Topic", "User"),
)
IS_A_NAME = re.compile(rf"({'|'.join(OWNERS_OF_NAMES)})?Name")
"""The properties that are names of the resource itself in its account and Region."""
NAMED_WITHIN_ITS_PARENT = {
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Stage",
    "AWS::IAM::Policy",
}


@pytest.mark.parametrize("region", [None, "cn-north-1", "us-gov-west-1", "eu-west-1"])
def test_partition_is_never_hard_coded(region: str | None, tmp_path: Path) -> None:
    context = {"alarmEmail": "team@example.org"} | ({"region": region} if region else {})
    template = json.dumps(synthesise(config(**context), tmp_path).to_json())

    partitions = set(re.findall(r"arn:(aws[\w-]*):", template))
    expected = {"cn-north-1": {"aws-cn"}, "us-gov-west-1": {"aws-us-gov"}, "eu-west-1": {"aws"}}
    assert partitions <= expected.get(str(region), set())


def test_two_deployments_share_no_name(tmp_path: Path) -> None:
    names = []
    for stack in ("Payments", "Shop"):
        (tmp_path / stack).mkdir()
        template = synthesise(
            config(stackName=stack, alarmEmail="team@example.org"), tmp_path / stack
        ).to_json()
        names.append({*explicit_names(template)})
        assert not [one for one in template["Outputs"].values() if "Export" in one]

    first, second = names
    assert len(first) > 10
    assert not first & second


def explicit_names(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the type and the name of each resource whose name AWS does not make up."""
    for resource in template["Resources"].values():
        kind = resource["Type"]
        if kind in NAMED_WITHIN_ITS_PARENT:
            continue
        for key, value in resource.get("Properties", {}).items():
            if IS_A_NAME.fullmatch(key) and isinstance(value, str):
                yield kind, value


def test_metrics_of_two_deployments_have_different_dimensions(tmp_path: Path) -> None:
    template = synthesise(config(stackName="Shop"), tmp_path).to_json()
    own = [
        alarm["Properties"]
        for alarm in template["Resources"].values()
        if alarm["Type"] == "AWS::CloudWatch::Alarm"
        and not str(alarm["Properties"].get("Namespace", "AWS/")).startswith("AWS/")
    ]

    assert own
    for alarm in own:
        assert {"Name": "stack", "Value": "Shop"} in alarm["Dimensions"]


def test_stack_is_tagged_and_protected(tmp_path: Path) -> None:
    stack = stack_of(config(tags="team=security", stackName="Shop"), tmp_path)

    assert stack.tags.tag_values() == {"gcsmttr:stack": "Shop", "team": "security"}
    assert stack.termination_protection is True
    assert stack.environment == "aws://unknown-account/unknown-region"


@pytest.mark.parametrize("setting", [{"terminationProtection": "false"}, {"emulator": "true"}])
def test_protection_can_be_turned_off_and_the_emulator_has_none(
    setting: dict[str, str], tmp_path: Path
) -> None:
    assert not stack_of(config(**setting), tmp_path).termination_protection


def test_account_and_region_are_those_of_the_settings(tmp_path: Path) -> None:
    chosen = config(account="111122223333", region="us-gov-west-1")

    assert stack_of(chosen, tmp_path).environment == "aws://111122223333/us-gov-west-1"
