"""The Lambda functions: whether each exists, is active, may run, and was not throttled.

Owns the period in which throttles count.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from operations.doctor.examination import Examination, Subject
from operations.doctor.resources import Resource
from operations.status.section import Section

_WINDOW = timedelta(hours=1)
_RESPONDS = ("Receiver", "Authorizer", "Query")
"""Parts of the names of functions that a client waits for. AWS repeats the others if throttled."""
_READY = frozenset({"Active", "Inactive"})
"""A function without requests for weeks is inactive, and becomes active by its next request."""


def functions(subject: Subject) -> Section:
    """Examine all functions of the stack."""
    found = Examination("functions", "Functions")
    for resource in subject.resources.of_type("AWS::Lambda::Function"):
        _examine(found, subject, resource)
    return found.section("functions")


def _examine(found: Examination, subject: Subject, resource: Resource) -> None:
    client = subject.deployment.aws.functions
    reported = found.read(
        subject,
        resource,
        client.get_function_configuration,
        FunctionName=resource.id,
    )
    if reported is None:
        return
    name = resource.logical_id
    _examine_state(found, subject, name, reported)
    limit = found.read(subject, resource, client.get_function_concurrency, FunctionName=resource.id)
    found.examined -= 1
    if limit is not None:
        wanted = resource.properties.get("ReservedConcurrentExecutions")
        _examine_limit(found, resource, limit.get("ReservedConcurrentExecutions"), wanted)
    if throttles := _throttles(subject, resource.id):
        text = f"throttled {throttles:,} times in the last hour"
        if any(part in name for part in _RESPONDS):
            found.wrong(
                f"{name} was {text}; these requests were refused.",
                "aws lambda get-account-settings, and raise the quota of concurrent executions",
            )
        else:
            found.note(name, f"{text}; its invocations are repeated")


def _examine_state(
    found: Examination, subject: Subject, name: str, reported: Mapping[str, Any]
) -> None:
    state = reported.get("State", "Active")
    if state == "Pending":
        found.note(name, "a deployment changes it at present")
    elif state not in _READY:
        reason = (reported.get("StateReason") or "no reason is given").rstrip(".")
        found.wrong(f"{name} is {state.lower()}: {reason}.", _redeploy(subject))
    elif reported.get("LastUpdateStatus") == "Failed":
        reason = (reported.get("LastUpdateStatusReason") or "no reason is given").rstrip(".")
        found.wrong(f"{name} failed to update: {reason}.", _redeploy(subject))


def _examine_limit(
    found: Examination, resource: Resource, limit: int | None, wanted: object
) -> None:
    if limit == 0:
        command = (
            f"aws lambda put-function-concurrency --function-name {resource.id}"
            f" --reserved-concurrent-executions {wanted}"
            if wanted
            else f"aws lambda delete-function-concurrency --function-name {resource.id}"
        )
        found.wrong(f"{resource.logical_id} may not run: its reserved concurrency is 0.", command)
    elif wanted is not None and str(wanted) != str(limit):
        found.wrong(
            f"{resource.logical_id} has the reserved concurrency {limit}, not {wanted}.",
            f"aws lambda put-function-concurrency --function-name {resource.id}"
            f" --reserved-concurrent-executions {wanted}",
        )


def _throttles(subject: Subject, function: str) -> int:
    """Return the throttles of the last hour; a function without requests has no data."""
    points = subject.deployment.aws.cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Throttles",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=subject.now - _WINDOW,
        EndTime=subject.now,
        Period=int(_WINDOW.total_seconds()),
        Statistics=["Sum"],
    ).get("Datapoints", [])
    return int(sum(point["Sum"] for point in points))


def _redeploy(subject: Subject) -> str:
    return f"deploy the stack {subject.deployment.stack} again: make deploy"
