"""The queues that hold what could not be done, until somebody looks.

Owns how such a queue is made; who sends to it, and the alarm on it, are others' matter.
"""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

RETENTION = Duration.days(14)


def dead_letter_queue(scope: Construct, name: str) -> sqs.Queue:
    """A queue for failures of the bus, of the state machine and of a stream's mapping."""
    return sqs.Queue(
        scope,
        name,
        retention_period=RETENTION,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )


def fifo_dead_letter_queue(scope: Construct, name: str) -> sqs.Queue:
    """A queue for the messages that a FIFO queue gives up on; order and groups are kept."""
    return sqs.Queue(
        scope,
        name,
        fifo=True,
        retention_period=RETENTION,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )
