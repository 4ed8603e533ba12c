"""Reconciliations on demand: starts an execution of the stack's state machine, and follows it.

Owns the input of an execution and the meaning of its end. The comparison itself runs in the stack.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from operations.deployment import Deployment
from operations.errors import ReconciliationError

_PAUSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Execution:
    """A started execution: its name, and its id at AWS."""

    name: str
    arn: str


def start(deployment: Deployment, *, organisation: str | None, is_complete: bool) -> Execution:
    """Start a reconciliation of everything, or else of what changed."""
    request: dict[str, Any] = {"task": "weekly" if is_complete else "hourly", "waits": True}
    if organisation is not None:
        request["organisation"] = organisation
    started = deployment.aws.stepfunctions.start_execution(
        stateMachineArn=deployment.output("ReconciliationArn"), input=json.dumps(request)
    )
    arn = started["executionArn"]
    return Execution(arn.rpartition(":")[2], arn)


def wait(
    deployment: Deployment, execution: Execution, *, pause: Callable[[float], None] = time.sleep
) -> Mapping[str, Mapping[str, int]]:
    """Wait for the end, and return the drift of each account by kind.

    Raises:
        ReconciliationError: The execution fails, or no App is connected.
    """
    client = deployment.aws.stepfunctions
    while True:
        described = client.describe_execution(executionArn=execution.arn)
        if described["status"] != "RUNNING":
            break
        pause(_PAUSE_S)
    if described["status"] != "SUCCEEDED":
        cause = described.get("cause") or described["status"]
        raise ReconciliationError(
            f"The execution {execution.name} did not succeed: {cause}",
            next_step="See the execution in the Step Functions console, then run it again.",
        )
    accounts = json.loads(described["output"])
    if not accounts:
        raise ReconciliationError(
            "No GitHub App is connected to this account.", next_step="Run gcsmttr connect."
        )
    return {one["account"]["connection"]: one["lastRun"]["drift"] for one in accounts}
