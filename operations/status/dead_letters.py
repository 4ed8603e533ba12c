"""The dead-letter queues: how many messages each has, and what repairs their effects."""

from collections.abc import Mapping

from operations.aws import Aws
from operations.queue_depth import depth
from operations.remedies import QUEUES
from operations.status.section import Finding, Section, counted


def dead_letters(aws: Aws, urls: Mapping[str, str]) -> Section:
    """Return the number of dead letters of each queue."""
    rows, facts, findings = [], {}, []
    for name, remedy in QUEUES.items():
        found = depth(aws.sqs, urls[f"{name}Url"])
        facts[name] = found.total
        if found.total:
            messages = counted(found.total, "message", "messages")
            rows.append((name, f"{messages}. {remedy.meaning}"))
            findings.append(
                Finding(
                    f"{name} has {messages}. {remedy.meaning} {remedy.check} See {remedy.link}.",
                    remedy.next_step,
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
