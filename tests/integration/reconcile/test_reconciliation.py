"""Steps of the workflow over the fake GitHub and moto: changes, absence, waits and leases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx2
import pytest
from moto import mock_aws

from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App
from github_rest.http.retries import Patience
from github_rest.servers import Server
from infra.local.github.apps.registry import Installation
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from infra.local.github.server import transport
from infra.local.github.world import changes, history
from infra.local.github.world.history import Past
from infra.local.github.world.records import Alert, Repository, Scanning
from ingest.bus.event_bus import EventBus
from ingest.events import repository_event
from ingest.events.alert_detail import from_detail
from ingest.terms import AlertState
from reconcile.connections import Connections
from reconcile.scans import absence
from reconcile.scans.account import Account
from reconcile.scans.github_lists import Lists
from reconcile.scans.runs import Task
from reconcile.scans.stored_numbers import StoredNumbers
from reconcile.scans.stored_repositories import StoredRepositories
from reconcile.stored_alerts import StoredAlerts
from reconcile.workflow.reconciliation import Reconciliation
from reconcile.workflow.task_states import TaskStates
from tests.support.bus import Bus
from tests.support.rollup_stack import Stack, make_table
from tests.unit.github_rest.test_apps import MANIFEST

SERVER = Server(web_url="https://github.test", api_url="https://github.test/api/v3")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CONNECTION = "github.test/acme"
HOUR = timedelta(hours=1)


class WholeBus(Bus):
    """The bus with both recorders behind it: of alerts, and of repositories."""

    known: Any
    deleted: list[str]

    def put_events(self, *, Entries: Any) -> Any:  # noqa: N803
        results = []
        for entry in Entries:
            detail = json.loads(entry["Detail"])
            self.entries += 1
            if repository_event.is_detail(detail):
                event = repository_event.from_detail(detail)
                self.known.observe(event.seen, deleted_at=event.deleted_at)
                if event.deleted_at is not None:
                    self.deleted.append(event.seen.name)
            else:
                self.recorder.record(from_detail(detail))
            results.append({"EventId": str(self.entries)})
        return {"FailedEntryCount": 0, "Entries": results}


@dataclass
class World:
    """The fake GitHub with an App on the organisation acme, beside the tables."""

    stack: Stack
    bus: WholeBus
    now: datetime = NOW
    sees_all: bool = True
    github: GitHub = field(init=False)
    installation: Installation = field(init=False)

    def __post_init__(self) -> None:
        self.github = GitHub(clock=lambda: self.now, send=lambda *_, **__: httpx2.Response(202))
        app = self.github.registry.register(MANIFEST, self.github.world.account("acme"))
        self.installation = self.github.registry.install(app, app.owner)

    def reconciliation(self, task: Task, holder: str = "one") -> Reconciliation:
        connection = Connection(
            SERVER, transport=transport(self.github), clock=lambda: self.now,
            wait=lambda _: None, patience=Patience(attempts=2, longest_wait_s=5),
        )  # fmt: skip
        app = self.installation.app
        client = Client(App(app.id, app.private_key), connection).installation(self.installation.id)
        dynamodb, events = self.stack.client, self.stack.names["events"]
        lists = Lists(
            account=Account(
                app=(SERVER.api_url, app.id),
                connection=CONNECTION,
                login=self.installation.account.login,
                is_organisation=self.installation.account.is_organisation,
                installation_id=self.installation.id,
                sees_all=self.sees_all,
            ),
            client=client,
            stored=StoredAlerts(dynamodb, table=events),
            numbers=StoredNumbers(dynamodb, table=events),
            repositories=StoredRepositories(dynamodb, table=self.stack.known.table),
            bus=EventBus(self.bus, name="bus"),  # type: ignore[arg-type]
            keep_actors=False,
        )
        return Reconciliation(
            lists=lists,
            task=task,
            states=TaskStates(dynamodb, table="connections"),
            backfill=Connections(dynamodb, table="connections", connection=CONNECTION),
            holder=holder,
        )

    def step(
        self, task: Task, *, for_: timedelta = HOUR, holder: str = "one", waits: bool = False
    ) -> dict[str, Any]:
        return dict(self.reconciliation(task, holder).step(until=self.now + for_, waits=waits))

    def run(self, task: Task = Task.HOURLY) -> dict[str, Any]:
        """Run a task to its end in one step, and return its `lastRun`."""
        ended = self.step(task)
        assert ended["next"] == "end"
        last: dict[str, Any] = ended["lastRun"]
        return last

    def settle(self) -> None:
        """Let everything so far be older than the webhooks that can be under way."""
        self.now += timedelta(minutes=5)

    def requests(self) -> list[str]:
        """Return the requests since the last call."""
        found = [request.replace("/api/v3", "") for request in self.github.requests]
        self.github.requests.clear()
        return found

    def fill(self, repositories: int = 2, alerts: int = 30) -> list[Repository]:
        past = Past(repositories=repositories, alerts=alerts)
        made = history.fill(self.github.world, "acme", past)
        self.settle()
        return list(made)

    def alert_states(self) -> dict[tuple[str, int], AlertState]:
        return {name: alert.state for name, alert in self.stack.finals().items()}


def at_github(repositories: list[Repository], *, everywhere: bool) -> dict[Any, AlertState]:
    return {
        (one.full_name.lower(), alert.number): AlertState.OPEN
        if alert.state == "open"
        else AlertState.CLOSED
        for one in repositories
        for alert in one.alerts.values()
        if everywhere or alert.ref is None
    }


def open_alert(repository: Repository) -> Alert:
    return next(
        one for one in repository.alerts.values() if one.state == "open" and one.ref is None
    )


@pytest.fixture
def world() -> Iterator[World]:
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="eu-west-1")
        stack = Stack(dynamodb)
        make_table(dynamodb, "connections", "connection", "task", indexes={})
        bus = WholeBus(stack.recorder)
        bus.known, bus.deleted = stack.known, []
        yield World(stack, bus)
        dynamodb.delete_table(TableName="connections")


def test_first_hourly_run_reads_everything_and_is_not_drift(world: World) -> None:
    made = world.fill(3, 80)
    last = world.run()
    assert last["isFirst"]
    assert world.alert_states() == at_github(made, everywhere=False)
    assert last["drift"] == {"missing": len(world.alert_states())}


def test_hour_without_changes_costs_two_requests_and_writes_nothing(world: World) -> None:
    world.fill(3, 80)
    world.run()
    world.requests()
    published = world.bus.entries
    world.now += 2 * HOUR
    last = world.run()
    assert not last["isFirst"]
    assert last["drift"] == {}
    assert [one.split("?")[0] for one in world.requests()] == [
        f"POST /app/installations/{world.installation.id}/access_tokens",
        "GET /orgs/acme/code-scanning/alerts",
    ]
    assert world.bus.entries == published


def test_lost_change_is_found_within_the_hour(world: World) -> None:
    made = world.fill()
    world.run()
    world.now += HOUR
    changes.dismiss(world.github.world, made[0], open_alert(made[0]))
    world.settle()
    last = world.run()
    assert last["drift"] == {"stale": 1}
    assert world.alert_states() == at_github(made, everywhere=False)


def test_change_whose_webhook_is_under_way_is_left_to_the_next_hour(world: World) -> None:
    made = world.fill()
    world.run()
    world.now += HOUR
    changes.dismiss(world.github.world, made[0], open_alert(made[0]))
    world.now += timedelta(seconds=30)
    assert world.run()["drift"] == {}
    world.now += HOUR
    assert world.run()["drift"] == {"stale": 1}


def test_many_changes_are_read_page_by_page_from_the_newest_on(world: World) -> None:
    made = world.fill(1, 500)
    world.run()
    world.now += HOUR
    changed = [one for one in made[0].alerts.values() if one.state == "open" and one.ref is None]
    assert len(changed) > 110
    for one in changed:
        changes.dismiss(world.github.world, made[0], one)
    world.settle()
    world.requests()
    outcome = world.step(Task.HOURLY, for_=timedelta(0))
    while outcome["next"] == "step":
        outcome = world.step(Task.HOURLY, for_=timedelta(0))
    assert outcome["lastRun"]["drift"] == {"stale": len(changed)}
    assert outcome["lastRun"]["pages"] == len(changed) // 100 + 1
    assert world.alert_states() == at_github(made, everywhere=False)


def test_rate_limit_becomes_a_wait_and_the_run_goes_on_where_it_was(world: World) -> None:
    made = world.fill(4, 120)
    world.github.limits.limit = 3
    first = world.step(Task.WEEKLY)
    assert first["next"] == "wait"
    assert first["found"]["requests"] > 0
    waits = 0
    outcome = first
    while outcome["next"] == "wait":
        waits += 1
        assert world.step(Task.HOURLY, holder="other") == {"next": "end", "isBusy": True}
        world.now = datetime.fromisoformat(outcome["waitUntil"]) + timedelta(seconds=1)
        outcome = world.step(Task.WEEKLY)
    assert waits > 2
    assert outcome["next"] == "end"
    assert world.alert_states() == at_github(made, everywhere=True)


def test_executions_of_one_connection_do_not_overlap(world: World) -> None:
    world.fill(2, 150)
    assert world.step(Task.WEEKLY, for_=timedelta(0))["next"] == "step"
    world.requests()
    assert world.step(Task.HOURLY, holder="other") == {"next": "end", "isBusy": True}
    waiting = world.step(Task.HOURLY, holder="other", waits=True)
    assert waiting["next"] == "wait"
    assert world.requests() == []
    world.now += timedelta(minutes=16)
    assert world.step(Task.HOURLY, holder="other")["next"] == "end"
    assert world.step(Task.WEEKLY, holder="third")["next"] == "end"


def test_weekly_run_compares_all_branches_and_repeats_without_writes(world: World) -> None:
    made = world.fill(3, 130)
    first = world.run(Task.WEEKLY)
    assert first["isFirst"]
    assert world.alert_states() == at_github(made, everywhere=True)
    published = world.bus.entries
    world.requests()
    world.now += timedelta(days=7)
    second = world.run(Task.WEEKLY)
    assert (second["isFirst"], second["drift"]) == (False, {})
    assert world.bus.entries == published
    lists = sum(-(-len(one.alerts) // 100) for one in made)
    assert len(world.requests()) == second["requests"] == 1 + 1 + lists + 1


def test_alert_that_is_deleted_at_github_becomes_a_tombstone(world: World) -> None:
    made = world.fill(3, 130)
    world.run(Task.WEEKLY)
    gone = [made[0].alerts[1], made[0].alerts[100], made[1].alerts[130]]
    for repository, alert in zip((made[0], made[0], made[1]), gone, strict=True):
        changes.delete_alert(world.github.world, repository, alert)
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    assert last["drift"] == {"gone": 3}
    assert world.alert_states() == at_github(made, everywhere=True)
    assert world.run(Task.WEEKLY)["drift"] == {}


@pytest.mark.parametrize("most", [1, 1000])
def test_stale_and_shifting_pages_make_no_tombstone(
    world: World, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absence, "MOST_ABSENT", most)
    made = world.fill(1, 250)
    world.github.remember()
    for _ in range(20):
        changes.create_alert(world.github.world, made[0])
    world.settle()
    world.run(Task.WEEKLY)
    before = world.alert_states()
    world.github.faults.stale_pages = 3
    world.github.faults.repeated_items = 7
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    assert "gone" not in last["drift"]
    assert world.alert_states() == before == at_github(made, everywhere=True)


def test_repository_without_an_analysis_loses_its_alerts(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    made[0].alerts.clear()
    made[0].scanning = Scanning.NO_ANALYSIS
    world.now += timedelta(days=7)
    assert world.run(Task.WEEKLY)["drift"] == {"gone": 5}
    assert world.alert_states() == at_github(made[1:], everywhere=True)


def test_disabled_scanning_keeps_the_stored_alerts(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    before = world.alert_states()
    made[0].scanning = Scanning.ADVANCED_SECURITY_DISABLED
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    assert (last["drift"], last["skipped"]) == ({}, {"advanced_security_disabled": 1})
    assert world.alert_states() == before


def test_renamed_repository_is_observed_and_its_alerts_are_left_to_the_move(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    changes.rename(world.github.world, made[0], "renamed")
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    known = world.stack.known.read(made[0].id)
    assert known is not None
    assert (known.name, known.moving_from) == ("acme/renamed", ("acme/repo-000",))
    assert last["drift"] == {}


def test_deleted_repository_is_reported_as_deleted(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    changes.delete(world.github.world, made[0])
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    assert world.bus.deleted == ["acme/repo-000"]
    assert last["skipped"] == {"repository_gone": 1}


def test_repository_that_the_app_may_not_see_any_more_is_not_deleted(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    world.installation.selected = frozenset({made[1].id})
    world.sees_all = False
    world.now += timedelta(days=7)
    last = world.run(Task.WEEKLY)
    assert (world.bus.deleted, last["skipped"]) == ([], {"repository_gone": 1})
    assert len(world.alert_states()) == 10


def test_transferred_repository_is_followed_by_its_id(world: World) -> None:
    made = world.fill(2, 5)
    world.run(Task.WEEKLY)
    changes.publicize(world.github.world, made[0])
    changes.transfer(world.github.world, made[0], world.github.world.account("globex"))
    world.now += timedelta(days=7)
    world.run(Task.WEEKLY)
    known = world.stack.known.read(made[0].id)
    assert known is not None
    assert known.name == "globex/repo-000"
    assert world.bus.deleted == []


def test_failure_is_repeated_from_the_saved_page(world: World) -> None:
    made = world.fill(3, 130)
    fault = Fault(502, "", path=r".*/repositories/\d+/code-scanning/alerts", times=2)
    world.step(Task.WEEKLY, for_=timedelta(0))
    world.github.faults.add(fault)
    with pytest.raises(Exception, match="server_error"):
        world.step(Task.WEEKLY)
    last = world.run(Task.WEEKLY)
    assert last["alerts"] == sum(len(one.alerts) for one in made)
    assert world.alert_states() == at_github(made, everywhere=True)


def test_account_of_a_user_is_read_repository_by_repository(world: World) -> None:
    made = world.fill(2, 120)
    world.installation.account.is_organisation = False
    world.run()
    assert world.alert_states() == at_github(made, everywhere=True)
    world.now += HOUR
    changes.dismiss(world.github.world, made[1], open_alert(made[1]))
    world.settle()
    world.requests()
    assert world.run()["drift"] == {"stale": 1}
    assert len(world.requests()) == 1 + 1 + 2
