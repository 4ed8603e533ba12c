"""One step of the workflow: pages of one account until the time is up, a rate limit, or the end.

Owns what a step saves and returns. The progress is in the Connections table, saved after each page,
so a step that fails is repeated, and the next execution continues where a stopped one was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from github_rest.errors import RateLimitedError
from ingest import instant
from reconcile.connections import Connections
from reconcile.scans import hourly, weekly
from reconcile.scans.github_lists import SETTLES_IN, Lists
from reconcile.scans.hourly import Hourly
from reconcile.scans.runs import Run, Task, from_json, text_of, to_json
from reconcile.scans.walk import Walk
from reconcile.scans.weekly import Weekly
from reconcile.workflow.lease import Lease
from reconcile.workflow.task_states import State, TaskStates

STEP, WAIT, END = "step", "wait", "end"
"""What the state machine does next."""
_LONGEST_TURN = timedelta(minutes=5)
"""How long an execution waits before it asks again for a lease that another one has."""


@dataclass(frozen=True, slots=True)
class _Method:
    step: Callable[[Run], Run]
    has_ended: Callable[[Run], bool]
    watermark_of: Callable[[Run], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The task of one account. `holder` is the id of the execution."""

    lists: Lists
    task: Task
    states: TaskStates
    backfill: Connections
    holder: str

    def step(self, *, until: datetime, waits: bool) -> Mapping[str, Any]:
        """Read pages until a time, and return what the state machine does next.

        Args:
            until: When to stop. The next step continues.
            waits: Whether to wait for another execution that is active, or else to end.

        Raises:
            GitHubError: A request to GitHub fails, and is not rate-limited.
            IngestError: The bus does not accept the events.
            ReconcileError: A table is busy, or another run is active.
        """
        lists, now = self.lists, self.lists.now()
        lease = Lease(self.states, connection=lists.account.connection, holder=self.holder)
        taken_until = lease.take(now)
        if taken_until is not None:
            if not waits:
                return {"next": END, "isBusy": True}
            return {"next": WAIT, "waitUntil": text_of(min(taken_until, now + _LONGEST_TURN))}
        kept = self.states.read(lists.account.connection, self.task)
        run, revision, method = self._started(kept.state), kept.revision, self._method()
        sent = lists.client.requests
        try:
            while not method.has_ended(run):
                run = method.step(run)
                requests, sent = lists.client.requests - sent, lists.client.requests
                counts = replace(run.counts, requests=run.counts.requests + requests)
                run = run.moved(counts, run.position)
                state = {**kept.state, "run": to_json(run)}
                revision = self.states.save(
                    lists.account.connection, self.task, state, revision=revision
                )
                if lists.now() >= until:
                    break
        except RateLimitedError as error:
            lease.extend(error.resume_at)
            return {"next": WAIT, "waitUntil": text_of(error.resume_at), **_shown(run)}
        if not method.has_ended(run):
            return {"next": STEP, **_shown(run)}
        last = run.ended(lists.now())
        watermark = method.watermark_of(run)
        ended = {"lastRun": last, "watermark": None if watermark is None else text_of(watermark)}
        self.states.save(lists.account.connection, self.task, ended, revision=revision)
        lease.give_back(lists.now())
        return {"next": END, "isBusy": False, "lastRun": last}

    def _started(self, state: State) -> Run:
        """Return the run that is under way, or a new one."""
        if state.get("run"):
            return from_json(state["run"])
        watermark = state.get("watermark")
        since = instant.parse(watermark) if watermark else self._backfilled_at()
        now = self.lists.now()
        if self.task is Task.WEEKLY:
            return Run(started_at=now, is_first="lastRun" not in state)
        return Run(started_at=now, is_first=since is None, watermark=since)

    def _backfilled_at(self) -> datetime | None:
        """Return when the backfill was started, if it has ended: changes since then are new."""
        progress = self.backfill.read().progress
        if progress is None or progress.finished_at is None:
            return None
        return instant.parse(progress.started_at)

    def _method(self) -> _Method:
        if self.task is Task.WEEKLY:
            walk = Walk(self.lists, is_complete=True)
            return _Method(Weekly(self.lists, walk).step, weekly.has_ended, lambda _: None)
        if self.lists.account.is_organisation:
            return _Method(Hourly(self.lists).step, hourly.has_ended, hourly.watermark_of)
        # GitHub has no list of all alerts of a user.
        walk = Walk(self.lists, is_complete=False)
        return _Method(
            walk.step,
            lambda run: bool(run.position.get("isWalked")),
            lambda run: run.started_at - SETTLES_IN,
        )


def _shown(run: Run) -> Mapping[str, Any]:
    """Return what people see of a run in the history of an execution."""
    counts = run.counts
    return {"found": {"alerts": counts.alerts, "requests": counts.requests, "drift": counts.drift}}
