"""The connections to GitHub: since when, their last backfill, and the tasks that the stack runs.

Owns how the rows of the Connections table become text. A task that has no row has never run.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingest import instant
from operations.status.section import Finding, Section, ago
from reconcile.connect_records import CONNECT
from reconcile.connections import BACKFILL, CONNECTION, TASK

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NAMES = {
    "redelivery": "lost deliveries", "hourly": "hourly reconcile", "weekly": "weekly reconcile"
}  # fmt: skip
_MISSED = 3
"""A task is overdue after so many intervals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The last run of a task. A run that has not ended is under way, or was interrupted."""

    connection: str
    task: str
    started_at: datetime | None
    finished_at: datetime | None
    counts: Mapping[str, Any]
    every: timedelta | None
    """How often the stack runs the task, None for a command."""

    @property
    def next_at(self) -> datetime | None:
        """When the stack runs the task again, None if that is unknown."""
        return self.started_at + self.every if self.started_at and self.every else None


def connections(
    client: "DynamoDBClient", table: str, now: datetime, *, reconcile_every: timedelta
) -> Section:
    """Return what the Connections table contains.

    Args:
        client: The client of DynamoDB.
        table: The name of the table.
        now: The present time.
        reconcile_every: The time between two reconciliations of what changed.
    """
    intervals = {
        "redelivery": timedelta(hours=1),
        "hourly": reconcile_every,
        "weekly": timedelta(days=7),
    }
    pages = client.get_paginator("scan").paginate(TableName=table)
    items = [item for page in pages for item in page["Items"]]
    connected = sorted(
        (item[CONNECTION]["S"], instant.parse(item["connectedAt"]["S"]), item["appSlug"]["S"])
        for item in items
        if item[TASK]["S"] == CONNECT
    )
    runs = sorted(
        (_run_of(item, intervals) for item in items if item[TASK]["S"] in {BACKFILL, *intervals}),
        key=lambda run: (run.connection, run.task),
    )
    rows = [(name, f"connected {ago(at, now)}, by the App {app}") for name, at, app in connected]
    rows += [(run.connection, _text(run, now)) for run in runs]
    facts = {
        "connected": [
            {"connection": name, "connectedAt": _iso(at), "app": app} for name, at, app in connected
        ],
        "tasks": [_facts(run) for run in runs],
    }
    return Section(
        key="connections",
        title="Connections",
        rows=tuple(rows) or (("none", "no GitHub App was connected by gcsmttr connect"),),
        facts=facts,
        findings=(*_unread([name for name, _, _ in connected], runs), *_findings(runs, now)),
    )


def _run_of(item: Mapping[str, Any], intervals: Mapping[str, timedelta]) -> Run:
    attribute = item.get("progress") or item.get("state") or {"S": "{}"}
    read = json.loads(attribute["S"])
    last = read.get("lastRun", read)
    started_at = last.get("startedAt") or last.get("started_at")
    finished_at = last.get("finishedAt") or last.get("finished_at")
    counts = last.get("counts", last)
    return Run(
        connection=item[CONNECTION]["S"],
        task=item[TASK]["S"],
        started_at=instant.parse(started_at) if started_at else None,
        finished_at=instant.parse(finished_at) if finished_at else None,
        counts=counts,
        every=intervals.get(item[TASK]["S"]),
    )


def _text(run: Run, now: datetime) -> str:
    name = _NAMES.get(run.task, run.task)
    if run.finished_at is None:
        since = "" if run.started_at is None else f", started {ago(run.started_at, now)}"
        return f"{name}: not ended{since}"
    text = f"{name}: ended {ago(run.finished_at, now)}{_counted(run.counts)}"
    return text if run.next_at is None else f"{text}; next about {run.next_at:%Y-%m-%d %H:%M} UTC"


def _counted(counts: Mapping[str, Any]) -> str:
    """Return the drift of a run, and what it lost or read, where it has such counts."""
    parts = [f"{counts[name]:,} {name}" for name in ("alerts", "lost") if name in counts]
    if "drift" in counts:
        found = [f"{number:,} {kind}" for kind, number in sorted(counts["drift"].items())]
        parts.append(f"drift: {', '.join(found) or 'none'}")
    return f" ({', '.join(parts)})" if parts else ""


def _unread(connected: list[str], runs: list[Run]) -> Iterator[Finding]:
    """Yield the connected accounts whose earlier alerts were never read."""
    read = {run.connection for run in runs if run.task == BACKFILL}
    for connection in connected:
        source = connection.partition("/")[2]
        # An account without a slash can also be a user's: the command's error says what to do.
        kind = "repository" if "/" in source else "organisation"
        if connection not in read:
            yield Finding(
                f"Alerts of {connection} that existed before it was connected are unknown.",
                f"gcsmttr backfill --{kind} {source}",
            )


def _findings(runs: list[Run], now: datetime) -> Iterator[Finding]:
    for run in runs:
        if run.task == BACKFILL and run.finished_at is None:
            yield Finding(
                f"The backfill of {run.connection} has not ended. If no run is active, it was"
                " interrupted.",
                "repeat the same gcsmttr backfill command; it continues where it stopped",
            )
        elif run.every and run.started_at and now - run.started_at > _MISSED * run.every:
            yield Finding(
                f"The task {run.task} of {run.connection} last ran {ago(run.started_at, now)}.",
                "gcsmttr redeliver" if run.task == "redelivery" else "gcsmttr reconcile",
            )


def _facts(run: Run) -> dict[str, Any]:
    return {
        "connection": run.connection,
        "task": run.task,
        "startedAt": _iso(run.started_at),
        "finishedAt": _iso(run.finished_at),
        "nextAt": _iso(run.next_at),
        "drift": run.counts.get("drift"),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else instant.to_text(instant.to_ms(at))
