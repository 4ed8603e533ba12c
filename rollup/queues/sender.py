"""Sends messages to a FIFO queue: all of them, or an error.

Owns the calls to SQS of both stream handlers.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from rollup.errors import RollupError
from rollup.queues.message import Message

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_MAX_BATCH_ENTRIES = 10
_MAX_BATCH_BYTES = 250_000


class SendError(RollupError):
    """SQS refused messages; `reason` is `messages_refused`."""

    reason = "messages_refused"


class Sender:
    """A sender to one FIFO queue."""

    def __init__(self, client: "SQSClient", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, messages: Iterable[Message], *, stream: str) -> int:
        """Send all messages in order, and return how many there were.

        Sending a message of the same stream twice has no effect.

        Args:
            messages: The messages about the changes in a stream.
            stream: The ARN of the stream.

        Raises:
            SendError: SQS refuses any of them.
        """
        batch: list[Message] = []
        sent = batch_bytes = 0
        for message in messages:
            message_bytes = len(message.body.encode())
            if len(batch) == _MAX_BATCH_ENTRIES or batch_bytes + message_bytes > _MAX_BATCH_BYTES:
                self._send(batch, stream)
                batch, batch_bytes = [], 0
            batch.append(message)
            batch_bytes += message_bytes
            sent += 1
        self._send(batch, stream)
        return sent

    def _send(self, batch: list[Message], stream: str) -> None:
        if not batch:
            return
        entries: list[Any] = [
            {
                "Id": str(position),
                "MessageBody": message.body,
                "MessageGroupId": message.group,
                "MessageDeduplicationId": _deduplication(message, stream),
            }
            for position, message in enumerate(batch)
        ]
        response = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        if response.get("Failed"):
            raise SendError


def _deduplication(message: Message, stream: str) -> str:
    """Return the deduplication ID of a message.

    A restored table repeats revisions that its source had. They are other states, although their
    messages can be equal.
    """
    return sha256(f"{stream} {message.deduplication}".encode()).hexdigest()
