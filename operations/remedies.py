"""What each alarm means, and what to do about it: the only table of remedies.

The descriptions of the alarms, `gcsmttr status` and docs/operating.md follow from it or are checked
against it. A name is that of the alarm without the name of the stack. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from operations import dead_letter_queues
from reconcile.scans.runs import Task

PAGE = "docs/operating.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What an alarm means, and what to do.

    Attributes:
        meaning: One or two sentences about what happened, and whether anything is lost.
        check: What to read or fix before the next step; sentences.
        next_step: A command of `gcsmttr` without the option that selects the stack, or what to do
            where no command does it.
        section: The heading of its section in docs/operating.md.
    """

    meaning: str
    check: str
    next_step: str
    section: str

    @property
    def link(self) -> str:
        """The section in the documentation, such as `docs/operating.md#replay-the-archive`."""
        anchor = re.sub(r"[^\w\- ]", "", self.section.lower()).replace(" ", "-")
        return f"{PAGE}#{anchor}"

    @property
    def description(self) -> str:
        """The text of the alarm, which ends with the link."""
        return f"{self.meaning} {self.check} Next: {self.next_step}. See {self.link}"


_FIX_FIRST = "Read the messages and the log of the function, and fix the cause first."


QUEUES: Mapping[str, Remedy] = {
    queue.title: Remedy(
        meaning=f"The queue contains {queue.content}.",
        check=_FIX_FIRST,
        next_step=queue.command,
        section="Dead-letter queues",
    )
    for queue in dead_letter_queues.QUEUES.values()
}
"""By name of the dead-letter queue: what to do about its messages."""

_LATE = Remedy(
    meaning="Changes reach the sums late; no event is lost.",
    check="A backfill of many alerts also delays them.",
    next_step="read the log of the function, and compare the concurrent executions with the quota",
    section="Late sums",
)
_DRIFT = Remedy(
    meaning="Stored alerts differed from GitHub's, and were corrected.",
    check="Deliveries were lost before.",
    next_step="find out why, from the alarms of that time and the webhook's recent deliveries",
    section="Drift",
)


def not_empty(queue: str) -> str:
    """Return the name of a dead-letter queue's alarm."""
    return f"{queue}NotEmpty"


def drift(task: Task) -> str:
    """Return the name of the alarm for the differences that a task found."""
    return f"{task.capitalize()}Drift"


REMEDIES: Mapping[str, Remedy] = {
    **{not_empty(queue): remedy for queue, remedy in QUEUES.items()},
    "HookRangesNotRefreshed": Remedy(
        meaning="GitHub's hook ranges were not refreshed. The last good copy remains in use.",
        check="Deliveries from a new address range are refused until a refresh succeeds.",
        next_step="read the log of the refresher",
        section="Old hook ranges",
    ),
    "DeliveriesNotChecked": Remedy(
        meaning="Lost webhook deliveries were not redelivered in the last hour.",
        check="Read the log of the redelivery function and fix the cause within 3 days.",
        next_step="gcsmttr redeliver --since 3d",
        section="Deliveries were not checked",
    ),
    "ReconciliationFailed": Remedy(
        meaning="The alerts of an account were not compared with GitHub's.",
        check="Read the error of the failed execution of the state machine and fix the cause.",
        next_step="gcsmttr reconcile",
        section="A reconciliation failed",
    ),
    **{drift(task): _DRIFT for task in Task},
    **dict.fromkeys(
        (
            "RepositoriesStreamLate",
            "RepositoriesQueueLate",
            "OrganisationsStreamLate",
            "OrganisationsQueueLate",
        ),
        _LATE,
    ),
    "ExecutionsTimedOut": Remedy(
        meaning="An execution exceeded its time and left no dead letter.",
        check="Read the log of the state machine and of the recorder.",
        next_step="gcsmttr replay --from 1d --to now",
        section="Executions timed out",
    ),
}
"""By name of the alarm, without the name of the stack: what to do."""
