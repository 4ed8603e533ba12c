"""The alerts that `github_rest` lists are those that `ingest` understands."""

from datetime import UTC, datetime

import httpx2
import pytest

from github_rest import alerts, repositories
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from github_rest.servers import Server
from infra.local.github.github import GitHub
from infra.local.github.server import transport
from infra.local.github.world import history
from infra.local.github.world.history import Past
from infra.local.github.world.records import Alert
from ingest.events.alert_event import AlertEvent
from ingest.rest.snapshot import snapshot_of
from ingest.terms import Ref

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SERVER = Server("https://github.test", "https://github.test/api/v3")


@pytest.fixture
def github() -> GitHub:
    made = GitHub(clock=lambda: NOW, send=lambda *_, **__: httpx2.Response(202))
    history.fill(made.world, "acme", Past(repositories=5, alerts=100))
    return made


@pytest.fixture
def client(github: GitHub) -> Client:
    token = github.registry.user_token(github.world.account("octocat", is_organisation=False))
    connection = Connection(SERVER, transport=transport(github), clock=lambda: NOW)
    return Client(Token(token), connection)


def assert_same(event: AlertEvent, alert: Alert) -> None:
    """The event has the state of the alert, and the time at which GitHub says it was closed."""
    assert event.created_at == alert.created_at
    assert (event.closed_as is None) == (alert.state == "open")
    assert event.tool == alert.rule.tool
    if alert.state != "open":
        assert event.closed_at in {alert.fixed_at or alert.dismissed_at, alert.updated_at}


def test_alerts_of_an_organisation_become_snapshots(github: GitHub, client: Client) -> None:
    number = 0
    for page in alerts.of_organisation(client, "acme"):
        for listed in page.items:
            event = snapshot_of(
                listed, repository=listed["repository"], default_branch=None,
                observed_at=page.observed_at,
            )  # fmt: skip
            repository = github.world.find(event.repository)
            assert repository is not None
            assert_same(event, repository.alerts[event.number])
            number += 1
    assert number > 450


def test_alerts_of_a_repository_become_snapshots_of_their_branch(
    github: GitHub, client: Client
) -> None:
    seen = set()
    for made in github.world.repositories.values():
        repository = repositories.get(client, made.full_name)
        for page in alerts.of_repository(client, repository.id):
            for listed in page.items:
                event = snapshot_of(
                    listed, repository=repository.document,
                    default_branch=repository.default_branch, observed_at=page.observed_at,
                )  # fmt: skip
                alert = made.alerts[event.number]
                assert_same(event, alert)
                assert event.ref is (Ref.DEFAULT if alert.ref is None else Ref.OTHER)
                seen.add(event.ref)
    assert seen == {Ref.DEFAULT, Ref.OTHER}
