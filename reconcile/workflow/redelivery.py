"""One run over the deliveries of a connected App: the lost ones are delivered again.

Owns the period that a run reads. It starts at the previous run, so that an hour without deliveries
costs one request. After a run that ended early, it starts where that run started.
"""

from datetime import datetime, timedelta

from github_rest.deliveries import APP_HOOK
from github_rest.http.client import Client
from ingest import instant
from reconcile.workflow.task_states import State, TaskStates
from redelivery.run import Summary, redeliver_lost

TASK = "redelivery"
KEPT_FOR = timedelta(days=3)
"""GitHub Docs, "Handling failed webhook deliveries": it keeps deliveries for 3 days."""
OVERLAP = timedelta(minutes=10)
"""An attempt that is under way appears in the list of deliveries when it ends."""


def redeliver(states: TaskStates, client: Client, *, connection: str, until: datetime) -> Summary:
    """Ask for the redelivery of the events that no attempt has delivered, and record the run.

    Args:
        states: Keeps the period and the counts.
        client: A client with the credentials of the App.
        connection: The connection to the owner of the App.
        until: When to stop. The next run continues.

    Raises:
        GitHubError: A request to GitHub fails. The next run reads the same period.
        OvertakenError: Another run was active.
    """
    kept = states.read(connection, TASK)
    now = client.connection.clock()
    since = max(now - KEPT_FOR, _since(kept.state) or now - KEPT_FOR)
    summary = redeliver_lost(client, APP_HOOK, since=since, until=until)
    state = {
        "since": _text(since if summary.left else now - OVERLAP),
        "lastRun": {
            "startedAt": _text(now),
            "finishedAt": _text(client.connection.clock()),
            "events": summary.events,
            "lost": summary.lost,
            "requested": summary.requested,
            "expired": summary.expired,
            "left": summary.left,
        },
    }
    states.save(connection, TASK, state, revision=kept.revision)
    return summary


def _since(state: State) -> datetime | None:
    return instant.parse(state["since"]) if "since" in state else None


def _text(at: datetime) -> str:
    return instant.to_text(instant.to_ms(at))
