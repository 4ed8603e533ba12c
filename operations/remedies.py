"""What each alarm means, and what to do about it: the only table of remedies.

The descriptions of the alarms, `gcsmttr status` and docs/operating.md follow from it or are checked
against it. A name is that of the alarm without the name of the stack. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

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

NOT_HEALTHY = "NotHealthy"
"""The alarm that is raised with any other one."""
DELIVERIES_LOST = "DeliveriesLost"
"""The alarm that is raised with any of those that show lost deliveries."""

_REDELIVER = "gcsmttr redeliver --since 3d"
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


def _fails_deliveries(meaning: str) -> Remedy:
    return Remedy(
        meaning=meaning,
        check="GitHub shows these deliveries as failed and does not repeat them. Find the cause in"
        " the logs of the receiver and the authorizer, and fix it within 3 days.",
        next_step=_REDELIVER,
        section="Failed deliveries",
    )


def _throttles_deliveries(meaning: str) -> Remedy:
    return Remedy(
        meaning=meaning,
        check="GitHub shows these deliveries as failed and does not repeat them. Raise the quota"
        " of the account, or set webhookConcurrency.",
        next_step=_REDELIVER,
        section="Throttled deliveries",
    )


def _lets_clients_wait(meaning: str) -> Remedy:
    return Remedy(
        meaning=meaning,
        check="No event is lost.",
        next_step="read the log of the query function",
        section="Failed queries",
    )


_HANDLER_ERRORS = Remedy(
    meaning="A queue handler fails again and again; its messages become dead letters.",
    check="No event is lost.",
    next_step="read the log of the queue handler, and fix the cause",
    section="Failing queue handlers",
)


def not_empty(queue: str) -> str:
    """Return the name of a dead-letter queue's alarm."""
    return f"{queue}NotEmpty"


def dead_letters_lost(queue: str) -> str:
    """Return the name of the alarm for what a dead-letter queue should contain and does not."""
    return f"{queue}Missed"


def drift(task: Task) -> str:
    """Return the name of the alarm for the differences that a task found."""
    return f"{task.capitalize()}Drift"


def _missed(meaning: str, *, next_step: str) -> Remedy:
    return Remedy(
        meaning=f"{meaning} They are in no dead-letter queue either.",
        check=_FIX_FIRST,
        next_step=next_step,
        section="Dead letters that were not written",
    )


REMEDIES: Mapping[str, Remedy] = {
    NOT_HEALTHY: Remedy(
        meaning="GCSMTTR is not healthy: at least one of its alarms is raised.",
        check="This alarm and DeliveriesLost are the only ones that send a message.",
        next_step="gcsmttr doctor",
        section="Not healthy",
    ),
    DELIVERIES_LOST: Remedy(
        meaning="GitHub's deliveries fail, or will soon; GitHub does not repeat them.",
        check="Find out which alarm is raised, and fix the cause within 3 days.",
        next_step=_REDELIVER,
        section="Deliveries lost",
    ),
    "WebhookServerErrors": _fails_deliveries("The webhook responded with 500 or more."),
    "ReceiverErrors": _fails_deliveries("The receiver failed or timed out."),
    "AuthorizerErrors": _fails_deliveries("The check of source addresses failed or timed out."),
    "WebhookThrottled": _throttles_deliveries("The webhook responded with 429."),
    "ReceiverThrottled": _throttles_deliveries("Lambda throttled the receiver."),
    "AuthorizerThrottled": _throttles_deliveries("Lambda throttled the check of source addresses."),
    "WebhookRefused": Remedy(
        meaning="The webhook refused requests. They are GitHub's deliveries, or a scan.",
        check="Read the statuses in the access log: 401 is a wrong secret, 403 a source address"
        " that is not in the hook ranges. Fix the cause within 3 days.",
        next_step=_REDELIVER,
        section="Refused deliveries",
    ),
    "HookRangesOld": Remedy(
        meaning="GitHub's hook ranges were not refreshed for hours. The last good copy remains in"
        " use.",
        check="Deliveries from a new address range are refused until a refresh succeeds.",
        next_step="read the log of the refresher, or set the setting allowedRanges",
        section="Old hook ranges",
    ),
    **{not_empty(queue): remedy for queue, remedy in QUEUES.items()},
    dead_letters_lost("DeliveryDeadLetterQueue"): _missed(
        "Events did not reach the state machine.", next_step="gcsmttr replay --from 1d --to now"
    ),
    dead_letters_lost("AlertStreamDeadLetterQueue"): _missed(
        "Changes of alerts were not forwarded.", next_step="gcsmttr repair --all"
    ),
    dead_letters_lost("RepositoryStreamDeadLetterQueue"): _missed(
        "Changes of repositories were not forwarded.", next_step="gcsmttr repair --all"
    ),
    dead_letters_lost("MoverDeadLetterQueue"): _missed(
        "The alerts of renamed or deleted repositories did not follow.",
        next_step="start the mover for each row that waits",
    ),
    "ExecutionsFailed": replace(
        QUEUES["ExecutionDeadLetterQueue"],
        meaning="Events could not be recorded.",
        check="They are in ExecutionDeadLetterQueue, unless SQS failed too. Fix the cause first.",
    ),
    "ExecutionsTimedOut": Remedy(
        meaning="An execution exceeded its time and left no dead letter.",
        check="Read the log of the state machine and of the recorder.",
        next_step="gcsmttr replay --from 1d --to now",
        section="Executions timed out",
    ),
    **dict.fromkeys(
        (
            "RepositoriesStreamLate",
            "RepositoriesQueueLate",
            "OrganisationsStreamLate",
            "OrganisationsQueueLate",
            "MovesStreamLate",
        ),
        _LATE,
    ),
    "RepositoriesQueueHandlerErrors": _HANDLER_ERRORS,
    "OrganisationsQueueHandlerErrors": _HANDLER_ERRORS,
    "QueryErrors": _lets_clients_wait("The query function failed or timed out."),
    "QueryThrottled": _lets_clients_wait("Lambda throttled the query function."),
    "ClientErrors": Remedy(
        meaning="Unusually many requests to the API are refused.",
        check="One client repeats a wrong request, or someone guesses keys.",
        next_step="read the source addresses and statuses in the access log of the API",
        section="Refused requests",
    ),
    "DeliveriesNotChecked": Remedy(
        meaning="Lost webhook deliveries were not redelivered in the last hour.",
        check="Read the log of the redelivery function and fix the cause within 3 days.",
        next_step=_REDELIVER,
        section="Deliveries were not checked",
    ),
    "ReconciliationFailed": Remedy(
        meaning="The alerts of an account were not compared with GitHub's.",
        check="Read the error of the failed execution of the state machine and fix the cause.",
        next_step="gcsmttr reconcile",
        section="A reconciliation failed",
    ),
    **{drift(task): _DRIFT for task in Task},
}
"""By name of the alarm, without the name of the stack: what to do."""
