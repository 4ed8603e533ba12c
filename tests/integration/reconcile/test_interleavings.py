"""One true history, reported by webhooks, backfills, redeliveries and replays in any order.

The fake GitHub makes the history. Its webhooks and pages are parsed as the stack does, and the
stores are in memory. The reference contains each webhook once, in the order of the history.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from github_rest.http import pages
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from github_rest.servers import Server
from infra.local.github.github import GitHub
from infra.local.github.server import transport
from infra.local.github.world import changes, history
from infra.local.github.world.records import Alert as WorldAlert
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import Closing, Facts
from ingest.alerts.lifecycle import Alert
from ingest.events.alert_detail import from_detail, to_detail
from ingest.events.alert_event import AlertEvent
from ingest.facts.details import Details
from ingest.recording.next_row import after_event
from ingest.terms import Branch
from ingest.webhooks.delivery import Accepted, Delivery, understand
from reconcile.comparison import AlertName, name_of
from reconcile.connections import Saved
from reconcile.progress import Progress
from reconcile.sources import OrganisationSource, RepositorySource, Source
from reconcile.step import Task

SERVER = Server(web_url="https://github.test", api_url="https://github.test/api/v3")
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
PER_PAGE = 2
EXAMPLES = 60


class Rows:
    """The stored alerts, as the recorder writes them."""

    def __init__(self) -> None:
        self.rows: dict[AlertName, AlertRow] = {}

    def read(self, names: Iterable[AlertName]) -> dict[AlertName, AlertRow]:
        return {name: self.rows[name] for name in names if name in self.rows}

    def record(self, detail: str) -> None:
        event = from_detail(json.loads(detail))
        stored = self.rows.get(name_of(event))
        self.rows[name_of(event)] = after_event(
            stored, event, name=event.repository, repository=None, expires_s=0
        )

    def alerts(self) -> dict[AlertName, Alert]:
        """Return each alert with its past."""
        return {name: alert for name, row in self.rows.items() if (alert := row.alert)}

    def details(self) -> dict[AlertName, Details | None]:
        """Return the details of each alert, without when they were seen."""
        return {
            name: None if row.details is None else row.details.details
            for name, row in self.rows.items()
            if row.alert
        }

    def states(self) -> dict[AlertName, tuple[Facts, Branch, Closing | None]]:
        """Return the state of each alert, without its past."""
        return {
            name: (alert.facts, alert.branch, alert.closing)
            for name, alert in self.alerts().items()
        }


class Saves:
    """The row of one task."""

    def __init__(self) -> None:
        self.saved = Saved(None, 0)
        self.is_lost = False

    def read(self) -> Saved:
        return self.saved

    def save(self, progress: Progress, *, revision: int) -> int:
        if self.is_lost:
            raise ConnectionError
        assert revision == self.saved.revision
        self.saved = Saved(progress, revision + 1)
        return revision + 1


@dataclass(frozen=True, slots=True)
class Webhook:
    """A delivery that GitHub sent, or tried to send."""

    headers: dict[str, str]
    body: bytes


class Story:
    """The history so far, and what the stack knows of it."""

    def __init__(self, make: Callable[[Client], Source]) -> None:
        self.now = START
        self.github = GitHub(clock=lambda: self.now, send=self._sent)
        self.world = self.github.world
        self.repository = self.world.add_repository("Acme/Web")
        self.webhooks: list[Webhook] = []
        self.undelivered: list[Webhook] = []
        self.github.add_hook(self.repository.owner, "https://receiver.test/", "secret")
        self.webhooks.clear()
        self.undelivered.clear()
        self.archive: list[str] = []
        self.unrecorded: list[str] = []
        self.rows = Rows()
        self.saves = Saves()
        self._make = make
        self._task: Task | None = None

    def _sent(
        self, _url: str, *, payload: bytes, event: str, delivery: str, **_: str
    ) -> httpx2.Response:
        headers = {
            "x-github-event": event,
            "x-github-delivery": delivery,
            "content-type": "application/json",
        }
        self.webhooks.append(Webhook(headers, payload))
        self.undelivered.append(self.webhooks[-1])
        return httpx2.Response(202)

    # What happens at GitHub.

    def find(self, choice: int) -> None:
        self._tick()
        ref = "refs/pull/7/merge" if choice % 3 == 0 else None
        rule = history.RULES[choice % len(history.RULES)]
        changes.create_alert(self.world, self.repository, rule=rule, ref=ref)

    def change(self, choice: int) -> None:
        alerts = list(self.repository.alerts.values())
        if not alerts:
            return
        self._tick()
        alert = alerts[choice % len(alerts)]
        if alert.ref is not None:
            changes.appear_in_branch(self.world, self.repository, alert)
        elif alert.state == "open":
            self._close(alert, choice)
        else:
            by = self.world.account("octocat", is_organisation=False) if choice % 2 else None
            changes.reopen(self.world, self.repository, alert, by=by)

    def _close(self, alert: WorldAlert, choice: int) -> None:
        if choice % 2:
            changes.fix(self.world, self.repository, alert)
        else:
            reason = history.REASONS[choice % len(history.REASONS)]
            changes.dismiss(self.world, self.repository, alert, reason=reason)

    def _tick(self) -> None:
        self.now += timedelta(seconds=1)

    # What arrives at the stack.

    def deliver(self, choice: int) -> None:
        if self.undelivered:
            self._receive(self.undelivered.pop(choice % len(self.undelivered)))

    def redeliver(self, choice: int) -> None:
        if self.webhooks:
            self._receive(self.webhooks[choice % len(self.webhooks)])

    def replay(self, choice: int) -> None:
        if self.archive:
            self.unrecorded.append(self.archive[choice % len(self.archive)])

    def record(self, choice: int) -> None:
        if self.unrecorded:
            self.rows.record(self.unrecorded.pop(choice % len(self.unrecorded)))

    def lose(self, choice: int) -> None:
        if self.undelivered:
            self.undelivered.pop(choice % len(self.undelivered))

    # What the stack reads.

    def backfill(self, choice: int) -> None:
        """Continue for some pages. Some of them are stale, or repeat alerts."""
        faults = self.github.faults
        faults.repeated_items, faults.stale_pages = choice % 2, choice // 2 % 2
        for _ in range(1 + choice % 3):
            self._step()
        faults.repeated_items = faults.stale_pages = 0

    def remember(self, _choice: int) -> None:
        self.github.remember()

    def crash(self, _choice: int) -> None:
        """Publish a page, and end before the cursor is saved. A new process continues."""
        self.saves.is_lost = True
        with suppress(ConnectionError):
            self._step()
        self.saves.is_lost = False
        self._task = None

    def reconcile(self) -> int:
        """Read everything once, a moment later, and return the number of differences."""
        self._tick()
        task = self._new_task()
        progress = task.start(restart=True)
        while not progress.is_finished:
            progress = task.step(progress).progress
        self.record_all()
        return progress.counts.differences

    def _step(self) -> None:
        if self._task is None:
            self._task = self._new_task()
        self._task.step(self._task.start())

    def _new_task(self) -> Task:
        token = self.github.registry.user_token(self.world.account("octocat"))
        connection = Connection(SERVER, transport=transport(self.github), clock=lambda: self.now)
        client = Client(Token(token), connection)
        stores: dict[str, Any] = {"stored": self.rows, "connections": self.saves, "bus": self}
        return Task(self._make(client), client, clock=lambda: self.now, **stores)

    def put_all(self, events: Iterable[AlertEvent]) -> None:
        """Accept events as the bus does."""
        for event in events:
            self.archive.append(json.dumps(to_detail(event)))
            self.unrecorded.append(self.archive[-1])

    def _receive(self, webhook: Webhook) -> None:
        understood = understand(Delivery(webhook.headers, webhook.body), now=self.now)
        assert isinstance(understood, Accepted)
        self.put_all([understood.event])

    # The end.

    def deliver_all(self) -> None:
        while self.undelivered:
            self.deliver(0)

    def record_all(self) -> None:
        while self.unrecorded:
            self.record(-1)

    def reference(self) -> Rows:
        """Return the rows of a stack that got each webhook once, in the order of the history."""
        other = Story(self._make)
        other.now = self.now
        for webhook in self.webhooks:
            other._receive(webhook)
            other.record(0)
        return other.rows


COMPLETE = (
    Story.find,
    Story.change,
    Story.change,
    Story.deliver,
    Story.redeliver,
    Story.replay,
    Story.record,
    Story.backfill,
    Story.remember,
    Story.crash,
)


def sequences(*acts: Callable[[Story, int], None]) -> st.SearchStrategy["Events"]:
    return st.lists(st.tuples(st.sampled_from(acts), st.integers(0, 11)), min_size=20, max_size=80)


SOURCES = st.sampled_from(
    [
        lambda client: OrganisationSource(client, "acme"),
        lambda client: RepositorySource(client, "acme/web"),
    ]
)
Events = Sequence[tuple[Callable[[Story, int], None], int]]


def happened(make: Callable[[Client], Source], events: Events) -> Story:
    story = Story(make)
    for act, choice in events:
        act(story, choice)
    return story


@settings(deadline=None, max_examples=EXAMPLES)
@given(SOURCES, sequences(*COMPLETE))
def test_any_interleaving_ends_in_the_rows_of_the_history(
    make: Callable[[Client], Source], events: Events
) -> None:
    with patch.object(pages, "PER_PAGE", PER_PAGE):
        story = happened(make, events)
        story.deliver_all()
        story.record_all()
        reference = story.reference()
        assert story.rows.alerts() == reference.alerts()
        # Details are those that were seen last: after a stale page, the next reconciliation.
        story.reconcile()
        assert story.rows.alerts() == reference.alerts()
        assert story.rows.details() == reference.details()
        assert story.reconcile() == 0


@settings(deadline=None, max_examples=EXAMPLES)
@given(sequences(*COMPLETE, Story.lose, Story.lose))
def test_lost_webhooks_are_made_up_for_by_the_next_reconciliation(events: Events) -> None:
    with patch.object(pages, "PER_PAGE", PER_PAGE):
        story = happened(lambda client: RepositorySource(client, "acme/web"), events)
        story.deliver_all()
        story.record_all()
        story.reconcile()
        assert story.rows.states() == story.reference().states()
        assert story.reconcile() == 0
