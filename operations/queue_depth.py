"""The approximate number of messages of an SQS queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Depth:
    """The messages of a queue: those that wait, and those that a handler processes."""

    waiting: int
    in_process: int

    @property
    def total(self) -> int:
        """All messages."""
        return self.waiting + self.in_process


def depth(client: "SQSClient", url: str) -> Depth:
    """Return the approximate numbers of messages of a queue."""
    found = client.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return Depth(
        int(found["ApproximateNumberOfMessages"]),
        int(found["ApproximateNumberOfMessagesNotVisible"]),
    )
