"""One step of a task: read a page of GitHub's list, publish what differs, and return how far it is.

Owns the order of these: the progress is saved after the events were published. A task that ends in
between reads the page again, and an event that is published twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from github_rest.errors import SkippedError
from github_rest.http.client import Client
from github_rest.http.responses import RateLimit
from ingest import instant
from ingest.bus.event_bus import EventBus
from reconcile.comparison import Difference, drifts_of
from reconcile.connections import Connections, Saved
from reconcile.page import compare_page
from reconcile.progress import Cursor, Progress
from reconcile.sources import Source
from reconcile.stored_alerts import StoredAlerts


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step did.

    Attributes:
        progress: The progress after it.
        found: The alerts that differed on this page.
        lists: The number of lists of the source.
        lists_read: The number of lists that are read completely.
        newest: When the last alert of the page was created, None if it has none.
        rate: GitHub's rate limit after it.
    """

    progress: Progress
    found: tuple[Difference, ...] = ()
    lists: int
    lists_read: int
    newest: datetime | None = None
    rate: RateLimit | None = None


class Task:
    """A task over one source. Without a bus, it publishes nothing and saves nothing."""

    def __init__(  # noqa: PLR0913
        self,
        source: Source,
        client: Client,
        *,
        stored: StoredAlerts,
        connections: Connections,
        bus: EventBus | None,
        clock: Callable[[], datetime],
        keep_actors: bool = False,
    ) -> None:
        self._source = source
        self._client = client
        self._stored = stored
        self._connections = connections
        self._bus = bus
        self._clock = clock
        self._keep_actors = keep_actors
        self._revision = 0
        self._requests = client.requests

    def start(self, *, restart: bool = False) -> Progress:
        """Return the stored progress, or a new one.

        A task starts again if it has ended, if it read other branches, or if `restart` is set.
        """
        saved = self._connections.read() if self._bus else Saved(None, 0)
        self._revision = saved.revision
        branches = self._source.branches
        old = saved.progress
        if restart or old is None or old.is_finished or old.branches is not branches:
            return Progress(started_at=self._now(), branches=branches)
        return old

    def step(self, progress: Progress) -> Step:
        """Read one page, publish its differences, and save the progress.

        Raises:
            GitHubError: A request to GitHub fails.
            IngestError: The bus does not accept the events.
            ReconcileError: The table of alerts is busy, or another run is active.
        """
        cursor = progress.cursor or Cursor()
        lists = self._source.lists
        waiting = [one for one in lists if one.id > cursor.after]
        if not waiting:
            ended = self._save(progress.moved(None, progress.counts, now=self._now()))
            return Step(progress=ended, lists=len(lists), lists_read=len(lists))
        current, is_last = waiting[0], len(waiting) == 1
        lists_read = len(lists) - len(waiting) + 1
        following = None if is_last else Cursor(after=current.id)
        try:
            page = current.page(cursor.url)
        except SkippedError as error:
            counts = progress.counts.with_skipped(current.name, error.reason)
            moved = self._save(progress.moved(following, counts, now=self._now()))
            return Step(
                progress=moved, lists=len(lists), lists_read=lists_read, rate=self._client.rate
            )
        compared = compare_page(current, page, stored=self._stored, keep_actors=self._keep_actors)
        if self._bus:
            self._bus.put_all(one.event for one in compared.found)
        counts = progress.counts.with_page(
            alerts=len(page.items),
            drifts=drifts_of(compared.found),
            unreadable=compared.unreadable,
        )
        if page.next_url is not None:
            following = Cursor(after=cursor.after, url=page.next_url)
            lists_read -= 1
        return Step(
            progress=self._save(progress.moved(following, counts, now=self._now())),
            found=compared.found,
            lists=len(lists),
            lists_read=lists_read,
            newest=compared.newest,
            rate=page.rate,
        )

    def _save(self, progress: Progress) -> Progress:
        """Count the requests of this step, and save the progress."""
        requests = self._client.requests
        sent, self._requests = requests - self._requests, requests
        counts = replace(progress.counts, requests=progress.counts.requests + sent)
        counted = replace(progress, counts=counts)
        if self._bus:
            self._revision = self._connections.save(counted, revision=self._revision)
        return counted

    def _now(self) -> str:
        return instant.to_text(instant.to_ms(self._clock()))
