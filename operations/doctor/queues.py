"""The queues: whether each exists, and sends what fails to its dead-letter queue."""

import json
from collections.abc import Mapping

from operations.doctor.examination import Examination, Subject
from operations.doctor.resources import Resource
from operations.status.section import Section

_KIND = "AWS::SQS::Queue"
_QUEUE = "Queue"


def queues(subject: Subject) -> Section:
    """Examine all queues of the stack."""
    found = Examination("queueSettings", "Queue settings")
    arns: dict[str, str] = {}
    policies: list[tuple[Resource, str]] = []
    for resource in subject.resources.of_type(_KIND):
        attributes = _attributes(found, subject, resource)
        if attributes is None:
            continue
        arns[resource.logical_id] = attributes["QueueArn"]
        if "RedrivePolicy" in resource.properties:
            policies.append((resource, attributes.get("RedrivePolicy", "")))
    for resource, actual in policies:
        _examine_policy(found, subject, resource, actual, arns)
    return found.section("queues")


def _attributes(
    found: Examination, subject: Subject, resource: Resource
) -> Mapping[str, str] | None:
    reply = found.read(
        subject,
        resource,
        subject.deployment.aws.sqs.get_queue_attributes,
        QueueUrl=resource.id,
        AttributeNames=["QueueArn", "RedrivePolicy"],
    )
    return (
        None if reply is None else {str(name): text for name, text in reply["Attributes"].items()}
    )


def _examine_policy(
    found: Examination,
    subject: Subject,
    resource: Resource,
    actual: str,
    arns: Mapping[str, str],
) -> None:
    wanted = resource.properties["RedrivePolicy"]
    target = wanted.get("deadLetterTargetArn")
    logical_id = target["Fn::GetAtt"][0] if isinstance(target, dict) else ""
    arn = arns.get(logical_id)
    if actual and json.loads(actual).get("deadLetterTargetArn") in (arn, target):
        return
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": wanted.get("maxReceiveCount")}
    attributes = json.dumps({"RedrivePolicy": json.dumps(policy)})
    found.wrong(
        f"{resource.logical_id} repeats a message that fails without end: it has no dead-letter"
        " queue.",
        f"aws sqs set-queue-attributes --queue-url {resource.id} --attributes '{attributes}'"
        if arn
        else subject.restore,
    )
