"""The documented command of each dead-letter queue, run as an operator runs it.

Owns which queue `gcsmttr redrive` is called for. What it does for each of them is its own.
"""

from datetime import datetime

from infra.local.deployment import Deployment
from tests.support.command_line import gcsmttr

_QUEUES = {
    "DeliveryDeadLetterQueueUrl": "delivery",
    "ExecutionDeadLetterQueueUrl": "execution",
    "MoverDeadLetterQueueUrl": "mover",
    "AlertStreamDeadLetterQueueUrl": "alert-stream",
    "RepositoryDeadLetterQueueUrl": "repository",
    "RepositoryStreamDeadLetterQueueUrl": "repository-stream",
    "OrganisationDeadLetterQueueUrl": "organisation",
}


class RemedyError(Exception):
    """A documented command fails; the message contains its output."""


def dead_letters(deployment: Deployment) -> dict[str, int]:
    """Return the number of messages of each dead-letter queue that has some, by its short name."""
    sqs = deployment.client("sqs")
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = {}
    for output, name in _QUEUES.items():
        counted = sqs.get_queue_attributes(
            QueueUrl=deployment.outputs[output], AttributeNames=list(names)
        )["Attributes"]
        if number := sum(int(counted[one]) for one in names):
            found[name] = number
    return found


def apply(deployment: Deployment) -> list[str]:
    """Run the command for each dead-letter queue that has messages, and return the commands.

    Raises:
        RemedyError: A command fails.
    """
    full = dead_letters(deployment)
    for name in full:
        _run(deployment, "redrive", name, "--yes")
    return [f"gcsmttr redrive {name}" for name in full]


def repair(deployment: Deployment) -> None:
    """Repair all overviews.

    Raises:
        RemedyError: The command fails.
    """
    _run(deployment, "repair", "--all")


def replay(deployment: Deployment, since: datetime) -> None:
    """Replay the archive from a time on.

    Raises:
        RemedyError: The command fails.
    """
    _run(deployment, "replay", "--from", since.isoformat(timespec="seconds"), "--to", "now")


def verify(deployment: Deployment, owner: str) -> list[str]:
    """Return what `gcsmttr verify` finds to be different for an organisation."""
    done = gcsmttr(deployment, "verify", "--organisation", owner)
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()]


def _run(deployment: Deployment, *arguments: str) -> None:
    done = gcsmttr(deployment, *arguments)
    if done.returncode:
        raise RemedyError(f"{arguments}: {done.returncode} {done.stdout} {done.stderr}")
