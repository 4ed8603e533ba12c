"""The lease of a connection: one execution of the workflow at a time has it.

Owns how long a lease lasts. An execution renews it with each step and returns it at its end. One
that was stopped loses it after a quarter of an hour. So no installation gets two requests at once.
"""

from datetime import datetime, timedelta

from ingest import instant
from reconcile.errors import OvertakenError
from reconcile.scans.runs import text_of
from reconcile.workflow.task_states import TaskStates

TASK = "lease"
LASTS = timedelta(minutes=15)
"""Longer than a step with its repetitions by Lambda."""


class Lease:
    """The lease of one connection. `holder` is the id of an execution."""

    def __init__(self, states: TaskStates, *, connection: str, holder: str) -> None:
        self._states = states
        self._connection = connection
        self._holder = holder

    def take(self, now: datetime) -> datetime | None:
        """Take or renew the lease; return None, or when the lease of another one ends."""
        kept = self._states.read(self._connection, TASK)
        if kept.state and kept.state["holder"] != self._holder:
            ends = instant.parse(kept.state["until"])
            if ends > now:
                return ends
        return None if self._save(self._holder, now + LASTS, kept.revision) else now + LASTS

    def extend(self, until: datetime) -> None:
        """Keep the lease while the execution waits until this time."""
        kept = self._states.read(self._connection, TASK)
        self._save(self._holder, until + LASTS, kept.revision)

    def give_back(self, now: datetime) -> None:
        """End the lease."""
        kept = self._states.read(self._connection, TASK)
        if kept.state.get("holder") == self._holder:
            self._save(self._holder, now, kept.revision)

    def _save(self, holder: str, until: datetime, revision: int) -> bool:
        state = {"holder": holder, "until": text_of(until)}
        try:
            self._states.save(self._connection, TASK, state, revision=revision)
        except OvertakenError:
            return False
        return True
