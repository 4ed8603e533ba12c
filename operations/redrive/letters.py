"""The messages of a dead-letter queue: received, held, released and deleted.

Owns how long a message is held, and which messages a redrive processes. A message that is held and
not deleted is released at the end, also after an error. The order in a group of a FIFO queue is
kept, since SQS holds back a group while one of its messages is held.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from operations.aws import time_of
from operations.errors import AwsError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_BATCH = 10
"""The most messages of a request, by SQS."""
_HELD_S = 120
_WAIT_S = 1
_EMPTY_REPLIES = 2
"""After so many replies without a message, a queue counts as empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message of a dead-letter queue.

    Attributes:
        id: Its id at SQS.
        body: Its text.
        sent_at: When it was sent; in a FIFO queue, possibly to the queue that it came from.
        group: Its message group, None outside of FIFO queues.
        notes: Its message attributes, such as `ERROR_CODE` of EventBridge.
        receipt: What deletes or releases it.
    """

    id: str
    body: str
    sent_at: datetime
    group: str | None
    notes: Mapping[str, str]
    receipt: str


class Letters:
    """The messages of one dead-letter queue."""

    def __init__(self, client: "SQSClient", *, url: str) -> None:
        self._client = client
        self._url = url
        self._held: dict[str, Letter] = {}

    def look(self, most: int) -> Sequence[Letter]:
        """Return up to `most` messages, and release them."""
        found: list[Letter] = []
        try:
            for batch in self._received():
                found += batch
                if len(found) >= most:
                    break
        finally:
            self._release()
        return found[:most]

    def before(self, at: datetime) -> Iterator[Sequence[Letter]]:
        """Yield all messages that were sent before a time, in batches.

        A message that fails again after its redrive is newer, so that a redrive always ends. Delete
        the processed messages of a batch before the next one.
        """
        try:
            for batch in self._received():
                if older := [letter for letter in batch if letter.sent_at < at]:
                    yield older
        finally:
            self._release()

    def delete(self, letters: Sequence[Letter]) -> None:
        """Delete processed messages.

        Raises:
            AwsError: SQS kept one of them.
        """
        for batch in _batches(letters):
            entries: list[Any] = [
                {"Id": str(position), "ReceiptHandle": letter.receipt}
                for position, letter in enumerate(batch)
            ]
            done = self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)
            if failed := done.get("Failed"):
                raise AwsError(
                    f"SQS did not delete a processed message: {failed[0]['Code']}.",
                    next_step="Run the command again. What is processed twice counts once.",
                )
            for letter in batch:
                self._held.pop(letter.id, None)

    def _received(self) -> Iterator[Sequence[Letter]]:
        empty_replies = 0
        while empty_replies < _EMPTY_REPLIES:
            reply = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_HELD_S,
                WaitTimeSeconds=_WAIT_S,
                MessageSystemAttributeNames=["SentTimestamp", "MessageGroupId"],
                MessageAttributeNames=["All"],
            )
            batch = [_letter(message) for message in reply.get("Messages", ())]
            self._held |= {letter.id: letter for letter in batch}
            empty_replies = 0 if batch else empty_replies + 1
            if batch:
                yield batch

    def _release(self) -> None:
        for batch in _batches(tuple(self._held.values())):
            self._client.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(position), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                    for position, letter in enumerate(batch)
                ],
            )
        self._held.clear()


def present(client: "SQSClient", url: str) -> datetime:
    """Return the present time at AWS, which can differ from that of this machine.

    It is rounded up to a second, so that messages of this second count as sent before.
    """
    reply = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return (time_of(reply) or datetime.now(UTC)) + timedelta(seconds=1)


def _batches(letters: Sequence[Letter]) -> Iterator[Sequence[Letter]]:
    return (letters[start : start + _BATCH] for start in range(0, len(letters), _BATCH))


def _letter(message: Mapping[str, Any]) -> Letter:
    system = message["Attributes"]
    notes = message.get("MessageAttributes", {})
    return Letter(
        id=message["MessageId"],
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
        group=system.get("MessageGroupId"),
        notes={name: note.get("StringValue", "") for name, note in notes.items()},
        receipt=message["ReceiptHandle"],
    )
