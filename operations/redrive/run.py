"""One redrive: what is in the queue, and what the operator asked for.

Owns the choice of the action for a queue, and which messages it covers: those that were sent before
the start. Never prints.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.bus.event_bus import EventBus
from operations.dead_letter_queues import Action, DeadLetterQueue
from operations.deployment import Deployment
from operations.overviews.verification import Part, Verification
from operations.queue_depth import depth
from operations.redrive.contents import Content, summary
from operations.redrive.letters import Letters, present
from operations.redrive.moving import Waiting, move
from operations.redrive.moving_back import move_back
from operations.redrive.republishing import republish

_MOST_READ = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The messages of a queue.

    Attributes:
        messages: The approximate number of all of them.
        read: How many of them were read.
        oldest_at: When the oldest one of these was sent, None if there is none.
        contents: What these are about, with their numbers.
        waiting: The keys of the repositories that the mover has to settle.
    """

    messages: int
    read: int
    oldest_at: datetime | None
    contents: Sequence[tuple[Content, int]]
    waiting: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The result of a redrive.

    Attributes:
        processed: The messages, or for the mover the repositories, that were processed.
        kept: The messages that stay, since they have no event.
        lines: What the repair changed.
        is_busy: Whether rows changed all the time, so that the messages stay.
    """

    processed: int
    kept: int = 0
    lines: Sequence[str] = ()
    is_busy: bool = False


class Redrive:
    """The redrive of one queue of a deployment."""

    def __init__(self, deployment: Deployment, queue: DeadLetterQueue) -> None:
        self._deployment = deployment
        self._queue = queue
        self._sqs = deployment.aws.sqs
        self._url = deployment.output(queue.output)
        self._letters = Letters(self._sqs, url=self._url)

    def look(self) -> Found:
        """Return what is in the queue. Changes nothing."""
        letters = self._letters.look(_MOST_READ)
        return Found(
            messages=max(depth(self._sqs, self._url).total, len(letters)),
            read=len(letters),
            oldest_at=min((letter.sent_at for letter in letters), default=None),
            contents=summary(letters),
            waiting=self._waiting().all() if self._queue.action is Action.MOVE_ALERTS else (),
        )

    def run(self, *, seen: Callable[[str], None]) -> Done:
        """Process the messages. `seen` gets a line about each step that takes time.

        Raises:
            PublishingError: The event bus does not accept an event.
            RedriveError: The mover failed.
        """
        start = present(self._sqs, self._url)
        match self._queue.action:
            case Action.MOVE_BACK:
                return Done(processed=self._move_back(start))
            case Action.REPUBLISH:
                bus = EventBus(
                    self._deployment.aws.events, name=self._deployment.output("EventBusName")
                )
                processed, kept = republish(bus, self._letters, before=start)
                return Done(processed=processed, kept=kept)
            case Action.MOVE_ALERTS:
                return self._move_alerts(start, seen)
            case Action.REPAIR:
                return self._repair(start, seen)

    def _move_back(self, start: datetime) -> int:
        source = self._deployment.output(self._queue.source or "")
        return move_back(self._sqs, self._letters, source_url=source, before=start)

    def _move_alerts(self, start: datetime, seen: Callable[[str], None]) -> Done:
        function = self._deployment.output("MoverFunction")
        moved = 0
        for key in move(self._deployment.aws.functions, self._waiting(), function=function):
            seen(f"The alerts of the repository {key} have moved.")
            moved += 1
        self._delete(start)
        return Done(processed=moved)

    def _repair(self, start: datetime, seen: Callable[[str], None]) -> Done:
        def seen_all(lines: Sequence[str]) -> None:
            for line in lines:
                seen(line)

        repaired = Verification(self._deployment, Part()).repair(seen=seen_all)
        lines = (*repaired.entries, *repaired.rows)
        if repaired.busy:
            return Done(processed=0, lines=lines, is_busy=True)
        return Done(processed=self._delete(start), lines=lines)

    def _delete(self, start: datetime) -> int:
        """Delete the messages whose effects are settled: those from before the start."""
        deleted = 0
        for batch in self._letters.before(start):
            self._letters.delete(batch)
            deleted += len(batch)
        return deleted

    def _waiting(self) -> Waiting:
        table = self._deployment.output("RepositoriesTable")
        return Waiting(self._deployment.aws.dynamodb, table=table)
