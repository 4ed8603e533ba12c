"""Dead-letter queues, which keep failed events and messages until an operator inspects them.

Owns the properties of these queues. Other constructs grant the permission to send, and set alarms.
"""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.rules import accept

RETENTION = Duration.days(14)


def dead_letter_queue(scope: Construct, name: str) -> sqs.Queue:
    """Add a queue for failures of the event bus, of the state machine, or of a stream."""
    queue = sqs.Queue(
        scope,
        name,
        retention_period=RETENTION,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )
    _accept_that_it_is_the_last(queue)
    return queue


def fifo_dead_letter_queue(scope: Construct, name: str) -> sqs.Queue:
    """Add a queue for the failed messages of a FIFO queue; it keeps order and groups."""
    queue = sqs.Queue(
        scope,
        name,
        fifo=True,
        retention_period=RETENTION,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )
    _accept_that_it_is_the_last(queue)
    return queue


def _accept_that_it_is_the_last(queue: sqs.Queue) -> None:
    rules = ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy")
    accept(queue, *rules, reason="It is itself a queue of dead letters, which an alarm watches.")
