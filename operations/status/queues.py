"""The two FIFO queues of the rollup: how many messages wait, and for how long.

Owns from which age on a waiting message is a finding.
"""

from datetime import datetime, timedelta

from operations.aws import Aws
from operations.queue_depth import depth
from operations.status.metrics import oldest_message
from operations.status.section import Finding, Section, age

QUEUES = {"RepositoryQueueUrl": "repositories", "OrganisationQueueUrl": "organisations"}
"""The outputs with the addresses of the queues, and the rows that their messages change."""
_TOO_OLD = timedelta(minutes=15)


def queues(aws: Aws, urls: dict[str, str], now: datetime) -> Section:
    """Return the depths of both queues, and the age of the oldest message."""
    rows, facts, findings = [], {}, []
    for output, level in QUEUES.items():
        found = depth(aws.sqs, urls[output])
        oldest = oldest_message(aws.cloudwatch, urls[output].rpartition("/")[2], now=now)
        text = f"{found.waiting:,} waiting, {found.in_process:,} in process"
        if found.total and oldest is not None:
            text += f"; the oldest is there for {age(oldest)}"
        rows.append((f"changes of {level}", text))
        facts[level] = {
            "waiting": found.waiting,
            "inProcess": found.in_process,
            "oldestSeconds": None if oldest is None else round(oldest.total_seconds()),
        }
        if found.total and oldest is not None and oldest > _TOO_OLD:
            findings.append(
                Finding(
                    f"A change of {level} waits for {age(oldest)}.",
                    "see the log of the queue handler; docs/operating.md, Logs",
                )
            )
    return Section(
        key="queues", title="Queues", rows=tuple(rows), facts=facts, findings=tuple(findings)
    )
