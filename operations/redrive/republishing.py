"""The redrive of events: they are put on the event bus again, then their messages are deleted.

An event that is recorded twice changes nothing. A message without an event stays in the queue.
"""

from datetime import datetime

from ingest.bus.event_bus import EventBus
from ingest.errors import BusUnavailableError
from operations.errors import PublishingError
from operations.redrive.contents import event_of
from operations.redrive.letters import Letters


def republish(bus: EventBus, letters: Letters, *, before: datetime) -> tuple[int, int]:
    """Put the event of each message on the bus.

    Returns:
        The numbers of the events, and of the messages that stay since they have none.

    Raises:
        PublishingError: The bus did not accept an event.
    """
    sent = kept = 0
    for batch in letters.before(before):
        found = [(letter, event) for letter in batch if (event := event_of(letter)) is not None]
        try:
            bus.put_again(event for _, event in found)
        except BusUnavailableError as error:
            raise PublishingError("The event bus does not accept events.") from error
        letters.delete([letter for letter, _ in found])
        sent += len(found)
        kept += len(batch) - len(found)
    return sent, kept
