"""Runs a printed command of the AWS CLI by boto3, from which the AWS CLI derives its options.

Accepts what the commands of this project use: scalars, flags, JSON, and `Key=value,Key=value`.
"""

import json
import shlex
from typing import Any

from botocore import xform_name

from infra.local.deployment import Deployment


def run(deployment: Deployment, command: str) -> Any:
    """Run a command, and return the response."""
    program, service, operation, *rest = shlex.split(command)
    assert program == "aws", command
    client: Any = deployment.client(service)
    methods = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    shape = client.meta.service_model.operation_model(methods[operation]).input_shape
    options = {xform_name(name, "-"): name for name in shape.members}
    request: dict[str, Any] = {}
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            assert word == "/dev/stdout", command
            continue
        name = options.get(word[2:]) or options[word[2:].removeprefix("no-")]
        kind = shape.members[name]
        if kind.type_name == "boolean":
            request[name] = not word.startswith("--no-")
            continue
        request[name] = _value(kind, rest)
    return getattr(client, xform_name(methods[operation]))(**request)


def _value(kind: Any, rest: list[str]) -> Any:
    text = rest.pop(0)
    if kind.type_name == "integer":
        return int(text)
    if kind.type_name == "list":
        found = [text]
        while rest and not rest[0].startswith("--"):
            found.append(rest.pop(0))
        return found
    if kind.type_name == "map":
        return json.loads(text)
    if kind.type_name == "structure":
        pairs = dict(pair.split("=", 1) for pair in text.split(","))
        return {
            name: value == "true" if kind.members[name].type_name == "boolean" else value
            for name, value in pairs.items()
        }
    return text
