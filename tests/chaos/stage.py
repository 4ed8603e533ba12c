"""The deployed stack, prepared for faults: its functions call the emulator through the proxy.

Owns the settings of functions and queues that differ from the deployed ones, and restores them.
Nothing of it is in the code or the template of the project.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.local.deployment import Deployment
from tests.chaos.proxy import Proxy

FUNCTIONS = (
    *("Receiver", "Recorder", "AlertStreamHandler", "RepositoryQueueHandler"),
    *("RepositoryStreamHandler", "OrganisationQueueHandler"),
)
"""The functions on the path of an alert, by their names in the template."""
APPLIERS = ("RepositoryQueueHandler", "OrganisationQueueHandler")
STREAM_HANDLERS = ("AlertStreamHandler", "RepositoryStreamHandler")
VISIBILITY_S = 3
"""How long a failed message waits. The deployed 20 seconds would make each trial minutes long."""


def physical_names(deployment: Deployment) -> dict[str, str]:
    """Return the names of the functions on the path of an alert, by their names in the template."""
    pages = deployment.client("lambda").get_paginator("list_functions").paginate()
    names = [one["FunctionName"] for page in pages for one in page["Functions"]]
    found = {}
    for short in FUNCTIONS:
        pattern = re.compile(rf"{deployment.stack}-.*{short}[0-9A-F-]")
        (found[short],) = (name for name in names if pattern.match(name))
    return found


@contextmanager
def staged(deployment: Deployment, proxy: Proxy) -> Iterator[dict[str, str]]:
    """Let the functions use the proxy, and failed messages return early, inside the context.

    Yields the names of the functions by their names in the template.
    """
    functions = physical_names(deployment)
    with with_variables(
        deployment,
        {
            functions[short]: {"AWS_ENDPOINT_URL": proxy.url, "AWS_SDK_UA_APP_ID": short}
            for short in FUNCTIONS
        },
    ):
        before = _set_visibility(deployment, dict.fromkeys(_queues(deployment), str(VISIBILITY_S)))
        try:
            yield functions
        finally:
            _set_visibility(deployment, before)


@contextmanager
def with_variables(
    deployment: Deployment, variables: Mapping[str, Mapping[str, str]], **settings: Any
) -> Iterator[None]:
    """Add environment variables to functions, and change other settings, inside the context.

    Their processes end at each change, so that they start again with the new variables.
    """
    functions = deployment.client("lambda")
    before = {}
    for name, added in variables.items():
        found = functions.get_function_configuration(FunctionName=name)
        own = found.get("Environment", {}).get("Variables", {})
        before[name] = {"Environment": {"Variables": own}} | {key: found[key] for key in settings}
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": own | dict(added)}, **settings
        )
    try:
        yield
    finally:
        for name, settings_before in before.items():
            functions.update_function_configuration(FunctionName=name, **settings_before)


def _queues(deployment: Deployment) -> list[str]:
    return [deployment.outputs[f"{level}QueueUrl"] for level in ("Repository", "Organisation")]


def _set_visibility(deployment: Deployment, seconds: Mapping[str, str]) -> dict[str, str]:
    sqs = deployment.client("sqs")
    before = {}
    for url, value in seconds.items():
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        before[url] = found["Attributes"]["VisibilityTimeout"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": value})
    return before
