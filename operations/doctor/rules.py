"""The rules of EventBridge: the hourly refresh, the schedules, and the one that records events.

The template says which of them are enabled, so that the setting `githubSchedules` is respected.
"""

from operations.doctor.examination import Examination, Subject
from operations.doctor.resources import Resource
from operations.status.section import Section


def rules(subject: Subject) -> Section:
    """Examine all rules of the stack."""
    found = Examination("rules", "Rules")
    for resource in subject.resources.of_type("AWS::Events::Rule"):
        _examine(found, subject, resource)
    return found.section("rules")


def _examine(found: Examination, subject: Subject, resource: Resource) -> None:
    client = subject.deployment.aws.events
    # CloudFormation names a rule of another bus than the default one `bus|rule`.
    bus, _, name = resource.id.rpartition("|")
    if not bus and "EventBusName" in resource.properties:
        bus = subject.deployment.output("EventBusName")
    bus = bus or "default"
    reported = found.read(subject, resource, client.describe_rule, Name=name, EventBusName=bus)
    if reported is None:
        return
    wanted = resource.properties.get("State", "ENABLED")
    state = reported.get("State", wanted)
    if state != wanted:
        verb = "enable" if wanted == "ENABLED" else "disable"
        found.wrong(
            f"{resource.logical_id} is {state.lower()}, but was deployed {wanted.lower()}.",
            f"aws events {verb}-rule --name {name} --event-bus-name {bus}",
        )
    targets = client.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]
    if not targets:
        found.wrong(f"{resource.logical_id} starts nothing: it has no target.", subject.restore)
