"""The function that redelivers, over moto and the imitated GitHub on loopback."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import boto3
import httpx2
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from github_rest.errors import RefusedError
from github_rest.http.connection import Connection
from infra.local.github.apps.hooks import Trouble
from infra.local.github.apps.registry import App
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from ingest.webhooks.connected_apps import ConnectedApp, text_of
from reconcile import redelivery_handler
from tests.support.rollup_stack import make_table
from tests.unit.github_rest.test_apps import MANIFEST


@dataclass
class Context:
    """The context of an invocation with this many seconds left."""

    left_s: int
    function_name: str = "test"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "test"
    aws_request_id: str = "test"

    def get_remaining_time_in_millis(self) -> int:
        return self.left_s * 1000


@dataclass
class World:
    """The imitated GitHub, the events that its webhook delivered, and the clock of both."""

    github: GitHub
    url: str = ""
    now: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
    received: list[str] = field(default_factory=list)

    def connect(self, *logins: str) -> list[App]:
        """Register an App of each organisation, install it, and store it in the secret."""
        made = []
        for login in logins:
            app = self.github.registry.register(
                {**MANIFEST, "name": f"{login} metrics"}, self.github.world.account(login)
            )
            self.github.registry.install(app, app.owner)
            made.append(app)
        self.store(made)
        return made

    def store(self, apps: list[App]) -> None:
        connected = [
            ConnectedApp(
                api_url=f"{self.url}/api/v3",
                app_id=app.id,
                slug=app.slug,
                owner=app.owner.login,
                private_key=app.private_key,
                webhook_secret=app.hook.secret,
            )
            for app in apps
        ]
        boto3.client("secretsmanager").put_secret_value(
            SecretId="apps", SecretString=text_of(connected)
        )

    def lose(self, login: str, number: int = 1) -> None:
        world = self.github.world
        repository = world.find(f"{login}/web") or world.add_repository(f"{login}/web")
        with self.github.courier.troubled(Trouble.REFUSED):
            for _ in range(number):
                changes.create_alert(world, repository)

    def state(self, login: str) -> dict[str, Any]:
        host = self.url.removeprefix("http://")
        item = boto3.client("dynamodb").get_item(
            TableName="connections",
            Key={"connection": {"S": f"{host}/{login}"}, "task": {"S": "redelivery"}},
        )["Item"]
        found: dict[str, Any] = json.loads(item["state"]["S"])
        return found

    def requests(self) -> list[str]:
        """Return the requests since the last call."""
        found = [request.replace("/api/v3", "") for request in self.github.requests]
        self.github.requests.clear()
        return found


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "GITHUB_APPS_SECRET_ID": "apps",
        "CONNECTIONS_TABLE": "connections",
    }.items():
        monkeypatch.setenv(name, value)

    def send(*_: object, delivery: str, **__: object) -> httpx2.Response:
        found.received.append(delivery)
        return httpx2.Response(202)

    def clock() -> datetime:
        return found.now

    def wait(seconds: float) -> None:
        found.now += timedelta(seconds=seconds)

    found = World(GitHub(clock=clock, send=send))
    connection = partial(Connection, clock=clock, wait=wait)
    monkeypatch.setattr("reconcile.workflow.connected_apps.Connection", connection)
    with (
        mock_aws(config={"core": {"passthrough": {"urls": ["127.0.0.1"]}}}),
        serving(found.github) as url,
    ):
        found.url = url
        boto3.client("secretsmanager").create_secret(Name="apps", SecretString="[]")
        make_table(boto3.client("dynamodb"), "connections", "connection", "task", indexes={})
        yield found
    redelivery_handler._states.cache_clear()


def run(left_s: int = 600) -> dict[str, int]:
    return redelivery_handler.handler({}, cast("LambdaContext", Context(left_s)))


def test_without_an_app_nothing_is_asked_and_the_log_says_so(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        assert run() == {"apps": 0}
    assert world.requests() == []
    assert "no App is connected" in caplog.messages


def test_lost_deliveries_are_delivered_and_the_run_is_recorded(world: World) -> None:
    world.connect("acme")
    world.lose("acme", 3)
    assert run() == {"apps": 1}
    assert len(set(world.received)) == len(world.received) == 3
    assert world.state("acme") == {
        "since": "2026-11-23T08:50:00.000Z",
        "lastRun": {
            "startedAt": "2026-11-23T09:00:00.000Z",
            "finishedAt": "2026-11-23T09:00:02.000Z",
            "events": 3,
            "lost": 3,
            "requested": 3,
            "expired": 0,
            "left": 0,
        },
    }


def test_hour_without_deliveries_costs_one_request(world: World) -> None:
    world.connect("acme")
    world.lose("acme", 150)
    run()
    assert world.requests().count("GET /app/hook/deliveries") == 2
    world.now += timedelta(hours=1)
    run()
    world.requests()
    world.now += timedelta(hours=1)
    run()
    assert world.requests() == ["GET /app/hook/deliveries"]


def test_run_without_enough_time_goes_on_in_the_next_hour(world: World) -> None:
    world.connect("acme")
    world.lose("acme", 30)
    run(left_s=90 + 20)
    assert len(world.received) == 21
    assert world.state("acme")["lastRun"]["left"] == 9
    assert world.state("acme")["since"] == "2026-11-20T09:00:00.000Z"
    world.now += timedelta(hours=1)
    run()
    assert len(set(world.received)) == len(world.received) == 30


def test_failure_of_one_app_is_raised_after_the_others_and_reads_the_period_again(
    world: World,
) -> None:
    first, second = world.connect("acme", "globex")
    world.lose("acme")
    world.lose("globex")
    del world.github.registry.apps[first.id]
    with pytest.raises(RefusedError, match="unauthorized"):
        run()
    assert len(world.received) == 1
    world.github.registry.apps[first.id] = first
    world.now += timedelta(hours=1)
    run()
    assert len(world.received) == 2
    assert second.id != first.id
