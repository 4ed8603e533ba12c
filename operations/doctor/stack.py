"""The stack itself, its state machines and its archive, and the clock of this machine."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from ingest.events.alert_detail import SOURCE
from operations.aws import time_of
from operations.doctor.examination import Examination, Subject
from operations.status.section import Section, age

_LONGEST_SKEW = timedelta(minutes=1)
"""AWS refuses requests that are 5 minutes off, and GitHub refuses Apps that are 1 minute ahead."""


def stack(subject: Subject) -> Section:
    """Examine the status of the stack at CloudFormation."""
    found = Examination("stack", "Stack")
    name = subject.deployment.stack
    (described,) = subject.deployment.aws.cloudformation.describe_stacks(StackName=name)["Stacks"]
    found.examined += 1
    status: str = described["StackStatus"]
    if status.endswith("ROLLBACK_FAILED"):
        found.wrong(
            f"The stack is {status}: a deployment failed, and so did its return.",
            f"aws cloudformation continue-update-rollback --stack-name {name}",
        )
    elif "ROLLBACK" in status or status.endswith("FAILED"):
        found.wrong(
            f"The stack is {status}: the last deployment failed.",
            "read the events of the stack, fix the cause, then make deploy",
        )
    elif status.endswith("IN_PROGRESS"):
        found.note("a deployment runs", f"{status}; run the command again after it")
    return found.section("stack", {"status": status})


def machines(subject: Subject) -> Section:
    """Examine both state machines."""
    found = Examination("stateMachines", "State machines")
    client = subject.deployment.aws.stepfunctions
    for resource in subject.resources.of_type("AWS::StepFunctions::StateMachine"):
        arn = resource.id
        reported = found.read(subject, resource, client.describe_state_machine, stateMachineArn=arn)
        if reported is not None and reported.get("status", "ACTIVE") != "ACTIVE":
            found.wrong(f"{resource.logical_id} is {reported['status']}.", subject.restore)
    return found.section("state machines")


def archive(subject: Subject) -> Section:
    """Examine the archive, whose events a replay sends again."""
    found = Examination("archive", "Event archive")
    name = subject.deployment.output("EventArchiveName")
    made = subject.resources.of_type("AWS::Events::Archive")
    days = made[0].properties.get("RetentionDays") if made else None
    found.examined += 1
    again = (
        f"aws events create-archive --archive-name {name}"
        f" --event-source-arn {subject.deployment.output('EventBusArn')}"
        f' --event-pattern \'{{"source": ["{SOURCE}"]}}\''
        + (f" --retention-days {days}" if days else "")
    )
    try:
        reported: Any = subject.deployment.aws.events.describe_archive(ArchiveName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        found.wrong("The event archive is deleted: no event can be replayed.", again)
        return found.section("archives")
    if reported.get("State", "ENABLED") not in {"ENABLED", "UPDATING", "CREATING"}:
        reason = reported.get("StateReason", "no reason is given")
        found.wrong(f"The event archive is {reported['State']}: {reason}.", subject.restore)
    elif days and str(reported.get("RetentionDays")) != str(days):
        found.wrong(
            f"The event archive keeps events for {reported.get('RetentionDays')} days, not {days}.",
            f"aws events update-archive --archive-name {name} --retention-days {days}",
        )
    return found.section("archives")


def clock(subject: Subject) -> Section:
    """Compare the clock of this machine with that of AWS."""
    found = Examination("clock", "Clock")
    reply: Any = subject.deployment.aws.cloudformation.describe_stacks(
        StackName=subject.deployment.stack
    )
    at_aws = time_of(reply)
    if at_aws is None:
        found.unchecked.append("the response of AWS has no date")
        return found.section("clocks")
    found.examined += 1
    skew = datetime.now(UTC) - at_aws
    if abs(skew) > _LONGEST_SKEW:
        side = "ahead of" if skew > timedelta() else "behind"
        found.wrong(
            f"The clock of this machine is {age(abs(skew))} {side} that of AWS.",
            "set the clock, for example by NTP",
        )
    return found.section("clocks", {"skewSeconds": round(skew.total_seconds())})
