"""Sending messages to a FIFO queue, every one or an error.

Owns the I/O of both forwarders.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rollup.queues.message import Message

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_ENTRIES_A_BATCH = 10
_BYTES_A_BATCH = 250_000


class SendError(Exception):
    """Messages that SQS did not take; `reason` is `messages_refused`."""

    reason = "messages_refused"


class Sender:
    """One FIFO queue."""

    def __init__(self, client: "SQSClient", *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, messages: Iterable[Message]) -> int:
        """Send all, in order; how many there were. Raises SendError; sending twice does no harm."""
        batch: list[Message] = []
        sent = size = 0
        for message in messages:
            own = len(message.body.encode())
            if len(batch) == _ENTRIES_A_BATCH or size + own > _BYTES_A_BATCH:
                self._send(batch)
                batch, size = [], 0
            batch.append(message)
            size += own
            sent += 1
        self._send(batch)
        return sent

    def _send(self, batch: list[Message]) -> None:
        if not batch:
            return
        entries: list[Any] = [
            {
                "Id": str(place),
                "MessageBody": message.body,
                "MessageGroupId": message.group,
                "MessageDeduplicationId": message.deduplication,
            }
            for place, message in enumerate(batch)
        ]
        answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        if answer.get("Failed"):
            raise SendError
