"""The run of one backfill: a task of `reconcile` with the credentials and tables of a deployment.

Owns what the task is made of, and its errors in plain words. Never prints.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from github_rest.errors import GitHubError
from github_rest.http.connection import utc_now
from ingest.bus.event_bus import EventBus
from ingest.errors import BusUnavailableError
from operations.backfill.selection import Selection
from operations.deployment import Deployment
from operations.errors import AlreadyRunningError, PublishingError
from operations.github_access import GitHubAccess, Wait
from operations.github_failures import explained
from reconcile.connections import BACKFILL, Connections, connection_of
from reconcile.errors import OvertakenError, StoredAlertsBusyError
from reconcile.step import Step, Task
from reconcile.stored_alerts import StoredAlerts


class Backfill:
    """A backfill, which continues where the last run was interrupted.

    Attributes:
        connection: What it reads, such as `github.com/acme`.
        credentials: What reads it, such as `the GitHub App our-metrics`.
        progress: How far it is.
        is_resumed: Whether it continues with an earlier run.
    """

    def __init__(self, deployment: Deployment, selection: Selection, *, wait: Wait) -> None:
        """Find the credentials and the cursor. `wait` sleeps between attempts of a request.

        Raises:
            OperationsError: There are no credentials, or GitHub refuses them.
        """
        self._what = str(selection.account)
        self.credentials = "these credentials"
        with self._explained():
            access = GitHubAccess(deployment, api_url=selection.api_url, wait=wait).to(
                selection.account
            )
        self.credentials = access.credentials
        client, source = access.client, selection.source(access.client)
        self.connection = connection_of(client.connection.server, source.name)
        dynamodb = deployment.aws.dynamodb
        bus = EventBus(deployment.aws.events, name=deployment.output("EventBusName"))
        self._task = Task(
            source,
            client,
            stored=StoredAlerts(dynamodb, table=deployment.output("AllEventsTable")),
            connections=Connections(
                dynamodb,
                table=deployment.output("ConnectionsTable"),
                connection=self.connection,
                task=BACKFILL,
            ),
            bus=None if selection.is_dry_run else bus,
            clock=utc_now,
            keep_actors=deployment.output("KeepActors") == "true",
        )
        self.progress = self._task.start(restart=selection.restart)
        self.is_resumed = self.progress.counts.pages > 0 or bool(self.progress.counts.skipped)

    def steps(self) -> Iterator[Step]:
        """Read page by page until the lists end, and yield what each page contained.

        Raises:
            OperationsError: GitHub or AWS failed, or another run is active.
        """
        while not self.progress.is_finished:
            with self._explained():
                step = self._task.step(self.progress)
            self.progress = step.progress
            yield step

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except GitHubError as error:
            raise explained(error, what=self._what, credentials=self.credentials) from error
        except OvertakenError as error:
            raise AlreadyRunningError(
                f"Another backfill of {self._what} is running: it has saved its progress."
            ) from error
        except BusUnavailableError as error:
            raise PublishingError("The event bus did not accept all events.") from error
        except StoredAlertsBusyError as error:
            raise PublishingError("The table of alerts is too busy.") from error
