"""The steps of a task over the fake GitHub and moto: sources, resuming, and repetition."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws

from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App, Token
from github_rest.servers import Server
from infra.local.github.github import GitHub
from infra.local.github.server import transport
from infra.local.github.world import changes, history
from infra.local.github.world.history import Past
from infra.local.github.world.records import Repository, Scanning
from ingest.bus.event_bus import EventBus
from ingest.terms import AlertState
from reconcile.connections import Connections
from reconcile.errors import OvertakenError
from reconcile.progress import Branches, Progress
from reconcile.sources import (
    OrganisationSource,
    RepositoriesSource,
    RepositorySource,
    Source,
    UserSource,
)
from reconcile.step import Task
from reconcile.stored_alerts import StoredAlerts
from tests.support.bus import Bus
from tests.support.rollup_stack import Stack, make_table

SERVER = Server(web_url="https://github.test", api_url="https://github.test/api/v3")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class World:
    """The fake GitHub beside the tables that its alerts go to."""

    github: GitHub
    stack: Stack
    bus: Bus

    def client(self) -> Client:
        token = self.github.registry.user_token(self.github.world.account("octocat"))
        connection = Connection(SERVER, transport=transport(self.github), clock=lambda: NOW)
        return Client(Token(token), connection)

    def task(self, make: Callable[[Client], Source], *, is_dry: bool = False) -> Task:
        client = self.client()
        dynamodb = self.stack.client
        source = make(client)
        return Task(
            source,
            client,
            stored=StoredAlerts(dynamodb, table=self.stack.names["events"]),
            connections=Connections(dynamodb, table="connections", connection=source.name),
            bus=None if is_dry else EventBus(self.bus, name="bus"),  # type: ignore[arg-type]
            clock=lambda: NOW,
        )

    def run(self, make: Callable[[Client], Source], *, steps: int = 1000) -> Progress:
        """Run a task to its end, or for some steps as if it was interrupted then."""
        task = self.task(make)
        progress = task.start()
        for _ in range(steps):
            progress = task.step(progress).progress
            if progress.is_finished:
                break
        return progress

    def stored(self) -> dict[tuple[str, int], tuple[AlertState, datetime | None]]:
        """Return the state and the closing of each stored alert."""
        return {
            name: (
                alert.state,
                datetime.fromtimestamp(alert.closing.closed_ms / 1000, UTC)
                if alert.closing
                else None,
            )
            for name, alert in self.stack.finals().items()
        }


def expected(
    repositories: Sequence[Repository], *, is_default_only: bool
) -> dict[tuple[str, int], tuple[AlertState, datetime | None]]:
    return {
        (one.full_name.lower(), alert.number): (
            (AlertState.OPEN, None)
            if alert.state == "open"
            else (
                AlertState.CLOSED,
                alert.dismissed_at
                or (alert.updated_at if "fixed_at" in alert.unreported else alert.fixed_at),
            )
        )
        for one in repositories
        if one.scanning is Scanning.ENABLED
        for alert in one.alerts.values()
        if alert.ref is None or not is_default_only
    }


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("ingest.bus.event_bus.pause", lambda _backoff, _attempt: None)
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="eu-west-1")
        stack = Stack(dynamodb)
        make_table(dynamodb, "connections", "connection", "task", indexes={})
        yield World(GitHub(clock=lambda: NOW), stack, Bus(stack.recorder))
        dynamodb.delete_table(TableName="connections")


def acme(client: Client) -> Source:
    return OrganisationSource(client, "Acme")


def all_of_acme(client: Client) -> Source:
    return RepositoriesSource(client, "Acme")


def test_organisation_is_stored_as_github_lists_it(world: World) -> None:
    made = history.fill(world.github.world, "acme", Past(repositories=3, alerts=50))
    world.bus.refused = {3, 14, 25}
    progress = world.run(acme)
    assert world.stored() == expected(made, is_default_only=True)
    number = len(world.stored())
    assert (progress.counts.alerts, progress.counts.drift) == (number, {"missing": number})
    lists = -(-number // 100)
    assert len(world.github.requests) == progress.counts.requests == lists + 1
    assert world.bus.entries == number + 3


def test_repetition_publishes_nothing(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=2, alerts=40))
    world.run(acme)
    published = world.bus.entries
    repeated = world.run(acme)
    assert (world.bus.entries, repeated.counts.differences) == (published, 0)
    assert repeated.counts.alerts == published


def test_changes_since_the_last_run_are_the_only_differences(world: World) -> None:
    (made,) = history.fill(world.github.world, "acme", Past(repositories=1, alerts=30))
    world.run(acme)
    alert = next(one for one in made.alerts.values() if one.state == "open" and one.ref is None)
    changes.dismiss(world.github.world, made, alert)
    progress = world.run(acme)
    assert progress.counts.drift == {"stale": 1}
    assert world.stored() == expected([made], is_default_only=True)


def test_interrupted_run_goes_on_where_it_was(world: World) -> None:
    made = history.fill(world.github.world, "acme", Past(repositories=5, alerts=80))
    first = world.run(acme, steps=1)
    assert (first.counts.alerts, first.is_finished) == (100, False)
    second = world.run(acme, steps=2)
    assert second.counts.alerts == 300
    third = world.run(acme)
    assert third.is_finished
    assert world.stored() == expected(made, is_default_only=True)
    assert world.bus.entries == third.counts.alerts == len(world.stored())


def test_crash_before_the_progress_is_saved_reads_the_page_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = history.fill(world.github.world, "acme", Past(repositories=2, alerts=60))

    def crash(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Connections, "save", crash)
        with pytest.raises(KeyboardInterrupt):
            world.run(acme)
    published = world.bus.entries
    progress = world.run(acme)
    assert progress.counts.alerts == len(world.stored())
    assert world.bus.entries == len(world.stored())
    assert published == 100
    assert world.stored() == expected(made, is_default_only=True)


def test_restart_begins_at_the_first_page(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=3, alerts=80))
    world.run(acme, steps=1)
    assert world.task(acme).start().counts.alerts == 100
    assert world.task(acme).start(restart=True).counts.alerts == 0


def test_dry_run_finds_differences_and_writes_nothing(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=1, alerts=20))
    task = world.task(acme, is_dry=True)
    step = task.step(task.start())
    assert step.progress.counts.drift == {"missing": len(step.found)}
    assert step.found
    assert (world.stored(), world.bus.entries) == ({}, 0)
    assert world.stack.client.scan(TableName="connections")["Count"] == 0


def test_second_run_at_the_same_time_is_detected(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=2, alerts=80))
    slow, fast = world.task(acme), world.task(acme)
    begun = slow.start()
    fast.step(fast.start())
    with pytest.raises(OvertakenError):
        slow.step(begun)


def test_repository_is_read_on_all_branches_after_one_request_for_its_facts(world: World) -> None:
    made = history.fill(world.github.world, "acme", Past(repositories=2, alerts=150))
    name = made[1].full_name.upper()
    progress = world.run(lambda client: RepositorySource(client, name))
    assert world.stored() == expected(made[1:], is_default_only=False)
    assert progress.counts.requests == 2 + 1


def test_users_repositories_are_read_and_skipped_ones_are_named(world: World) -> None:
    owner = world.github.world.account("octocat", is_organisation=False)
    made = history.fill(world.github.world, owner.login, Past(repositories=5, alerts=10))
    made[0].scanning = Scanning.NO_ANALYSIS
    made[2].scanning = Scanning.ADVANCED_SECURITY_DISABLED
    made[4].scanning = Scanning.BLOCKED
    interrupted = world.run(lambda client: UserSource(client, "octocat"), steps=2)
    assert interrupted.counts.skipped == {"no_analysis": 1}
    progress = world.run(lambda client: UserSource(client, "octocat"))
    assert world.stored() == expected(made, is_default_only=False)
    assert progress.counts.skipped == {
        "no_analysis": 1,
        "advanced_security_disabled": 1,
        "unavailable_for_legal_reasons": 1,
    }
    assert [name for name, _ in progress.counts.named] == [made[n].full_name for n in (0, 2, 4)]


def test_events_contain_the_facts_of_their_repository(world: World) -> None:
    (made,) = history.fill(world.github.world, "acme", Past(repositories=1, alerts=5))
    made.topics, made.default_branch = ("payments",), "trunk"
    task = world.task(acme, is_dry=True)
    (first, *_) = task.step(task.start()).found
    seen = first.event.seen
    assert seen is not None
    assert (seen.id, seen.name, seen.facts.topics) == (made.id, "acme/repo-000", ("payments",))
    assert seen.facts.default_branch == "trunk"


def test_all_branches_of_an_organisation_take_a_list_for_each_repository(world: World) -> None:
    made = history.fill(world.github.world, "acme", Past(repositories=102, alerts=2))
    made[3].scanning = Scanning.DISABLED
    for _ in range(130):
        changes.create_alert(world.github.world, made[5], at=NOW)
    progress = world.run(all_of_acme)
    assert world.stored() == expected(made, is_default_only=False)
    assert progress.counts.skipped == {"code_scanning_disabled": 1}
    assert progress.counts.requests == 2 + 102 + 1


def test_other_branches_begin_at_the_start(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=3, alerts=80))
    interrupted = world.run(all_of_acme, steps=2)
    assert (interrupted.branches, interrupted.counts.pages) == (Branches.ALL, 2)
    assert world.task(all_of_acme).start() == interrupted
    started = world.task(acme).start()
    assert (started.branches, started.counts.pages) == (Branches.DEFAULT, 0)


def test_step_reports_how_many_lists_are_read(world: World) -> None:
    history.fill(world.github.world, "acme", Past(repositories=2, alerts=150))
    task = world.task(all_of_acme)
    progress, steps = task.start(), []
    while not progress.is_finished:
        step = task.step(progress)
        steps.append((step.lists_read, step.lists, step.newest is not None))
        progress = step.progress
    assert steps == [(0, 2, True), (1, 2, True), (1, 2, True), (2, 2, True)]


def test_app_on_a_users_account_reads_private_repositories(world: World) -> None:
    github = world.github
    owner = github.world.account("octocat", is_organisation=False)
    made = history.fill(github.world, owner.login, Past(repositories=2, alerts=3))
    assert made[0].visibility == "private"
    manifest = {"name": "m", "url": "https://m", "hook_attributes": {"url": "https://h"}}
    app = github.registry.register(manifest, owner)
    installation = github.registry.install(app, owner)
    connection = Connection(SERVER, transport=transport(github), clock=lambda: NOW)
    client = Client(App(app.id, app.private_key), connection).installation(installation.id)
    assert [one.name for one in UserSource(client, "Octocat").lists] == [
        one.full_name for one in made
    ]
