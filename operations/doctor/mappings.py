"""The event source mappings: whether each stream and queue starts its function."""

from operations.doctor.examination import Examination, Subject
from operations.status.section import Section

_ENABLED = frozenset({"Enabled", "Enabling", "Creating", "Updating"})


def mappings(subject: Subject) -> Section:
    """Examine all event source mappings of the stack."""
    found = Examination("mappings", "Event sources")
    client = subject.deployment.aws.functions
    for resource in subject.resources.of_type("AWS::Lambda::EventSourceMapping"):
        uuid = resource.id
        reported = found.read(subject, resource, client.get_event_source_mapping, UUID=uuid)
        if reported is None:
            continue
        function = reported.get("FunctionArn", uuid).rpartition(":")[2]
        state = reported.get("State", "unknown")
        result = reported.get("LastProcessingResult", "")
        if state not in _ENABLED:
            found.wrong(
                f"{resource.logical_id} is {state.lower()}: {function} gets no records.",
                f"aws lambda update-event-source-mapping --uuid {uuid} --enabled",
            )
        elif result.startswith("PROBLEM"):
            found.wrong(
                f"{resource.logical_id} fails: {result}.",
                f"read the log of {function}; docs/operating.md, Logs",
            )
        if "DestinationConfig" in resource.properties and not _destination(reported):
            found.wrong(
                f"{resource.logical_id} has no queue for records that fail.", subject.restore
            )
    return found.section("event sources")


def _destination(reported: object) -> str:
    if not isinstance(reported, dict):
        return ""
    destination: str = (
        reported.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    )
    return destination
