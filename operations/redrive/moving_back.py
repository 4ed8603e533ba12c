"""The redrive of a FIFO dead-letter queue: its messages return to the queue that they came from.

Owns their new deduplication ids. SQS drops a message whose id it had within five minutes, so a
message gets a new id, which is the same in a second attempt.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from operations.redrive.letters import Letters

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


def move_back(client: "SQSClient", letters: Letters, *, source_url: str, before: datetime) -> int:
    """Send each message to the source queue, then delete it, one after the other.

    Returns:
        The number of moved messages.
    """
    moved = 0
    for batch in letters.before(before):
        for letter in batch:
            client.send_message(
                QueueUrl=source_url,
                MessageBody=letter.body,
                MessageGroupId=letter.group or "",
                MessageDeduplicationId=f"redrive-{letter.id}",
            )
            letters.delete([letter])
            moved += 1
    return moved
