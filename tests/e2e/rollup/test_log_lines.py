"""The id of one delivery is in the log of each function, down to the sums of its organisation."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from infra.local.deployment import Deployment
from tests.support.deployed_stack import CREATED, send, unique, wait
from tests.support.metric_lines import metric, metrics_in
from tests.support.sample_webhooks import payload

pytestmark = pytest.mark.e2e

HANDLERS = {
    "ingest.receiver_handler": "delivery",
    "ingest.recorder_handler": "recorded",
    "rollup.alert_stream_handler": "forwarded",
    "rollup.repository_queue_handler": "applied",
    "rollup.repository_stream_handler": "forwarded",
    "rollup.organisation_queue_handler": "applied",
}
"""The functions on the path of an alert, and the messages of their log lines."""


def log_groups(deployment: Deployment) -> dict[str, str]:
    """Return the log groups of the functions on the path, by their modules."""
    pages = deployment.client("lambda").get_paginator("list_functions").paginate()
    functions = [
        function
        for page in pages
        for function in page["Functions"]
        if function["FunctionName"].startswith(f"{deployment.stack}-")
    ]
    modules = {one["Handler"].removesuffix(".handler"): one for one in functions}
    return {module: modules[module]["LoggingConfig"]["LogGroup"] for module in HANDLERS}


def lines(deployment: Deployment, group: str, since: int) -> list[str]:
    """Return the lines of a log group from a time on, which is in milliseconds.

    The emulator answers with the first 10,000 events alone, so older lines must be left out.
    """
    paginator = deployment.client("logs").get_paginator("filter_log_events")
    pages = paginator.paginate(logGroupName=group, startTime=since)
    return [event["message"] for page in pages for event in page["events"]]


def test_each_function_logs_the_id_of_a_delivery(deployment: Deployment) -> None:
    groups = log_groups(deployment)
    delivery = str(uuid4())
    since = time.time_ns() // 1_000_000

    def found() -> dict[str, list[dict[str, Any]]]:
        """Return the log lines with the id, by the module of their function."""
        return {
            module: [
                json.loads(line) for line in lines(deployment, group, since) if delivery in line
            ]
            for module, group in groups.items()
        }

    response = send(
        deployment,
        payload("created", unique(), 1, CREATED),
        overrides={"X-GitHub-Delivery": delivery},
    )
    assert response.status_code == 202
    wait(lambda: all(found().values()), "the id in the log of each function")
    assert {module: {line["message"] for line in some} for module, some in found().items()} == {
        module: {message} for module, message in HANDLERS.items()
    }
    # The emulator may join the lines of an invocation.
    log = "\n".join(lines(deployment, groups["rollup.organisation_queue_handler"], since))
    lags = metrics_in(log)[metric("Lag", level="organisation")]
    assert lags
    assert all(lag > 0 for lag in lags)
