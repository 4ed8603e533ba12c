"""The dead-letter queues: how many messages each has, and what repairs their effects.

Owns which command repairs the effects of which queue; docs/operating.md explains them.
"""

from collections.abc import Callable, Mapping

from operations.aws import Aws
from operations.status.queues import Depth, depth
from operations.status.section import Finding, Section, counted

_KEPT_DAYS = 14


def _replay(_: Depth) -> str:
    return f"gcsmttr replay --from {_KEPT_DAYS}d --to now"


def _repair(_: Depth) -> str:
    return "gcsmttr repair --all"


def _redrive(found: Depth) -> str:
    return f"aws sqs start-message-move-task --source-arn {found.arn}"


def _move(_: Depth) -> str:
    return "start the mover for each row that waits; see docs/operating.md, Dead-letter queues"


QUEUES: Mapping[str, tuple[str, Callable[[Depth], str]]] = {
    "DeliveryDeadLetterQueue": ("events that did not reach the state machine", _replay),
    "ExecutionDeadLetterQueue": ("events that could not be recorded", _replay),
    "MoverDeadLetterQueue": ("renamed or deleted repositories whose alerts did not follow", _move),
    "AlertStreamDeadLetterQueue": ("changes of alerts that were not forwarded", _repair),
    "RepositoryDeadLetterQueue": ("alerts that no row of a repository counts", _redrive),
    "RepositoryStreamDeadLetterQueue": ("changes of repositories not forwarded", _repair),
    "OrganisationDeadLetterQueue": ("repositories that no row of an organisation counts", _redrive),
}
"""By name of the queue: what its messages are, and the command after the cause is fixed."""


def dead_letters(aws: Aws, urls: Mapping[str, str]) -> Section:
    """Return the number of dead letters of each queue."""
    rows, facts, findings = [], {}, []
    for name, (content, command) in QUEUES.items():
        found = depth(aws.sqs, urls[f"{name}Url"])
        facts[name] = found.total
        if found.total:
            messages = counted(found.total, "message", "messages")
            rows.append((name, f"{messages}: {content}"))
            findings.append(
                Finding(
                    f"{name} has {messages}: {content}. Inspect the messages and fix the cause"
                    " first; see docs/operating.md, Dead-letter queues.",
                    command(found),
                )
            )
    if not rows:
        rows.append(("all queues", "empty"))
    return Section(
        key="deadLetters",
        title="Dead letters",
        rows=tuple(rows),
        facts=facts,
        findings=tuple(findings),
    )
