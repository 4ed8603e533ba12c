"""The resources of a stack: what CloudFormation made, and with which properties.

The deployed template is the standard for all comparisons, so that no setting has to be known here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack.

    Attributes:
        logical_id: Its name in the template.
        id: Its name or address at AWS.
        properties: Its properties in the template; values can be references to other resources.
    """

    logical_id: str
    id: str
    properties: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Return whether the template sets a property to true."""
        return str(self.properties.get(name)).lower() == "true"


class Resources:
    """All resources of a stack, by their type."""

    def __init__(self, stack: str, by_type: Mapping[str, Sequence[Resource]]) -> None:
        self.stack = stack
        self._by_type = by_type

    def of_type(self, kind: str) -> Sequence[Resource]:
        """Return the resources of a type such as `AWS::SQS::Queue`."""
        return self._by_type.get(kind, ())

    def named(self, kind: str, physical_id: str) -> Resource | None:
        """Return the resource of a type with a name at AWS, None if the stack has none."""
        return next((one for one in self.of_type(kind) if one.id == physical_id), None)


def resources_of(client: "CloudFormationClient", stack: str) -> Resources:
    """Return the resources of a stack with the properties of its deployed template."""
    body: object = client.get_template(StackName=stack)["TemplateBody"]
    template: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else _mapping(body)
    by_type: dict[str, list[Resource]] = {}
    for summary in _summaries(client, stack):
        logical_id = summary["LogicalResourceId"]
        declared = template.get("Resources", {}).get(logical_id, {})
        made = Resource(
            logical_id, summary.get("PhysicalResourceId", ""), declared.get("Properties", {})
        )
        by_type.setdefault(summary["ResourceType"], []).append(made)
    return Resources(stack, by_type)


def _mapping(body: object) -> Mapping[str, Any]:
    return body if isinstance(body, dict) else {}


def _summaries(client: "CloudFormationClient", stack: str) -> Iterator[Mapping[str, Any]]:
    for page in client.get_paginator("list_stack_resources").paginate(StackName=stack):
        yield from page["StackResourceSummaries"]
