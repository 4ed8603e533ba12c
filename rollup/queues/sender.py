"""Sends messages to a FIFO queue: all of them, or an error.

Owns the calls to SQS of both stream handlers.
"""

from collections.abc import Iterable
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

    def send(self, messages: Iterable[Message]) -> int:
        """Send all messages in order, and return how many there were.

        Raises SendError if SQS refuses any of them. Sending a message twice has no effect.
        """
        batch: list[Message] = []
        sent = batch_bytes = 0
        for message in messages:
            message_bytes = len(message.body.encode())
            if len(batch) == _MAX_BATCH_ENTRIES or batch_bytes + message_bytes > _MAX_BATCH_BYTES:
                self._send(batch)
                batch, batch_bytes = [], 0
            batch.append(message)
            batch_bytes += message_bytes
            sent += 1
        self._send(batch)
        return sent

    def _send(self, batch: list[Message]) -> None:
        if not batch:
            return
        entries: list[Any] = [
            {
                "Id": str(position),
                "MessageBody": message.body,
                "MessageGroupId": message.group,
                "MessageDeduplicationId": message.deduplication,
            }
            for position, message in enumerate(batch)
        ]
        response = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        if response.get("Failed"):
            raise SendError
