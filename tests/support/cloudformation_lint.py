"""cfn-lint for a synthesised template and the state machines in it.

The CDK writes the definition of a state machine as a join of texts and references, which cfn-lint
cannot read. `resolved` writes it as one text.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from cfnlint.api import lint

IGNORED = ["W3005"]
"""The CDK repeats in `DependsOn` what references already enforce."""
_REFERENCE = "arn:aws:lambda:eu-west-1:123456789012:function:referenced"
_PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
}
_DEFINITION = "DefinitionString"
_MACHINE = "AWS::StepFunctions::StateMachine"


def findings(template: Mapping[str, Any]) -> list[str]:
    """Return what cfn-lint finds in a template, each as the id of the rule and the message."""
    matches = lint(json.dumps(resolved(template)), config={"ignore_checks": IGNORED})
    return [f"{match.rule.id} {match.message}" for match in matches]


def resolved(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template with each definition of a state machine as one text."""
    changed = deepcopy(dict(template))
    for resource in changed["Resources"].values():
        if resource["Type"] == _MACHINE:
            properties = resource["Properties"]
            properties[_DEFINITION] = _text(properties[_DEFINITION])
    return changed


def _text(value: Any) -> str:
    """Return a join as one text, with a placeholder for each reference."""
    if isinstance(value, str):
        return value
    delimiter, parts = value["Fn::Join"]
    return str(
        delimiter.join(part if isinstance(part, str) else _referenced(part) for part in parts)
    )


def _referenced(part: Mapping[str, Any]) -> str:
    return _PSEUDO.get(part.get("Ref", ""), _REFERENCE)
