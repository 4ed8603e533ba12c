"""The documented command of each dead-letter queue, run as an operator runs it.

Owns which command belongs to which queue, as in docs/operating.md. A queue whose events return by
another way is emptied afterwards, since its messages are no longer needed.
"""

import json
from datetime import datetime

from infra.local.deployment import Deployment
from tests.support.command_line import gcsmttr

_SOURCES = {
    "RepositoryDeadLetterQueueUrl": "RepositoryQueueUrl",
    "OrganisationDeadLetterQueueUrl": "OrganisationQueueUrl",
}
_REPLAYED = ("ExecutionDeadLetterQueueUrl", "DeliveryDeadLetterQueueUrl")
_REPAIRED = ("AlertStreamDeadLetterQueueUrl", "RepositoryStreamDeadLetterQueueUrl")


class RemedyError(Exception):
    """A documented command fails; the message contains its output."""


def dead_letters(deployment: Deployment) -> dict[str, int]:
    """Return the number of messages of each dead-letter queue that has some, by its output."""
    sqs = deployment.client("sqs")
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = {}
    for output in (*_SOURCES, *_REPLAYED, *_REPAIRED, "MoverDeadLetterQueueUrl"):
        counted = sqs.get_queue_attributes(
            QueueUrl=deployment.outputs[output], AttributeNames=list(names)
        )["Attributes"]
        if number := sum(int(counted[name]) for name in names):
            found[output] = number
    return found


def apply(deployment: Deployment, *, since: datetime) -> list[str]:
    """Run the command of each dead-letter queue that has messages, and return the commands.

    Raises:
        RemedyError: A command fails.
    """
    full = dead_letters(deployment)
    used = []
    for output, source in _SOURCES.items():
        if output in full:
            redrive(deployment, output, source)
            used.append("redrive")
    if replayed := [output for output in _REPLAYED if output in full]:
        _run(deployment, "replay", "--from", since.isoformat(), "--to", "now")
        used.append("gcsmttr replay")
        _empty(deployment, replayed)
    if repaired := [output for output in _REPAIRED if output in full]:
        repair(deployment)
        used.append("gcsmttr repair")
        _empty(deployment, repaired)
    return used


def redrive(deployment: Deployment, output: str, source: str) -> None:
    """Move all messages of a FIFO dead-letter queue to its source queue, as the SQS console does.

    The emulator does not have StartMessageMoveTask.
    """
    sqs = deployment.client("sqs")
    while True:
        received = sqs.receive_message(
            QueueUrl=deployment.outputs[output],
            MaxNumberOfMessages=10,
            AttributeNames=["MessageGroupId", "MessageDeduplicationId"],
        ).get("Messages", [])
        if not received:
            return
        for message in received:
            attributes = message["Attributes"]
            sqs.send_message(
                QueueUrl=deployment.outputs[source],
                MessageBody=message["Body"],
                MessageGroupId=attributes["MessageGroupId"],
                MessageDeduplicationId=f"{attributes['MessageDeduplicationId'][:100]}-redriven",
            )
            sqs.delete_message(
                QueueUrl=deployment.outputs[output], ReceiptHandle=message["ReceiptHandle"]
            )


def repair(deployment: Deployment) -> None:
    """Repair all overviews.

    Raises:
        RemedyError: The command fails.
    """
    _run(deployment, "repair", "--all")


def verify(deployment: Deployment, owner: str) -> list[str]:
    """Return what `gcsmttr verify` finds to be different for an organisation."""
    done = gcsmttr(deployment, "verify", "--organisation", owner)
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()]


def _run(deployment: Deployment, *arguments: str) -> None:
    done = gcsmttr(deployment, *arguments)
    if done.returncode:
        raise RemedyError(json.dumps([arguments, done.returncode, done.stdout, done.stderr]))


def _empty(deployment: Deployment, outputs: list[str]) -> None:
    for output in outputs:
        deployment.client("sqs").purge_queue(QueueUrl=deployment.outputs[output])
