"""The dead-letter queues: their names, what their messages are, and what a redrive does.

Owns the names that operators type. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

SUFFIX = "DeadLetterQueue"


class Action(Enum):
    """What a redrive does with the messages of a queue, as a sentence without its subject."""

    MOVE_BACK = "move them back to the queue that they came from, in the order of each group"
    REPUBLISH = "put their events on the event bus again"
    MOVE_ALERTS = "start the mover for each repository whose alerts have to move"
    REPAIR = "compare all overviews with All Events, and repair what differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterQueue:
    """A dead-letter queue.

    Attributes:
        name: The name that operators type.
        stem: The start of its name in the outputs of the stack.
        content: What its messages are.
        action: What a redrive does with them.
        source: The output with the address of the queue that they came from, if there is one.
    """

    name: str
    stem: str
    content: str
    action: Action
    source: str | None = None

    @property
    def title(self) -> str:
        """Its name in alarms and in the status, such as `MoverDeadLetterQueue`."""
        return f"{self.stem}{SUFFIX}"

    @property
    def output(self) -> str:
        """The output of the stack with its address."""
        return f"{self.title}Url"

    @property
    def command(self) -> str:
        """The command after the cause is fixed."""
        return f"gcsmttr redrive {self.name}"


_ALL = (
    DeadLetterQueue(
        name="delivery",
        stem="Delivery",
        content="events that did not reach the state machine",
        action=Action.REPUBLISH,
    ),
    DeadLetterQueue(
        name="execution",
        stem="Execution",
        content="events that could not be recorded",
        action=Action.REPUBLISH,
    ),
    DeadLetterQueue(
        name="mover",
        stem="Mover",
        content="renames and deletions that alerts did not follow",
        action=Action.MOVE_ALERTS,
    ),
    DeadLetterQueue(
        name="alert-stream",
        stem="AlertStream",
        content="changes of alerts that were not forwarded",
        action=Action.REPAIR,
    ),
    DeadLetterQueue(
        name="repository",
        stem="Repository",
        content="alerts that no row of a repository counts",
        action=Action.MOVE_BACK,
        source="RepositoryQueueUrl",
    ),
    DeadLetterQueue(
        name="repository-stream",
        stem="RepositoryStream",
        content="changes of repositories that were not forwarded",
        action=Action.REPAIR,
    ),
    DeadLetterQueue(
        name="organisation",
        stem="Organisation",
        content="repositories that no row of an organisation counts",
        action=Action.MOVE_BACK,
        source="OrganisationQueueUrl",
    ),
)
QUEUES: Mapping[str, DeadLetterQueue] = {queue.name: queue for queue in _ALL}
"""By name, in the order of an alert's path."""


def named(text: str) -> DeadLetterQueue | None:
    """Return the queue with a name, which can also be the one in alarms; None if none has it."""
    folded = text.lower()
    return next((one for one in _ALL if folded in {one.name, one.title.lower()}), None)
