"""What the fake GitHub sends is valid by GitHub's own schemas."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from jsonschema import ValidationError

from github_rest.http.credentials import App
from infra.local.github.apps.registry import App as RegisteredApp
from infra.local.github.github import GitHub
from infra.local.github.server import transport
from infra.local.github.world import changes
from infra.local.github.world.records import Repository, Rule, Scanning
from tests.support.github_schemas.extract import CALLS
from tests.support.github_schemas.schemas import (
    validate_error,
    validate_response,
    validate_webhook,
)

Payload = dict[str, Any]
MANIFEST = {
    "name": "Our metrics",
    "url": "https://example.test",
    "hook_attributes": {"url": "https://receiver.test/webhook"},
    "redirect_url": "http://127.0.0.1:9/back",
    "default_permissions": {"security_events": "read", "metadata": "read"},
    "default_events": ["code_scanning_alert", "repository"],
}


class World:
    """A fake GitHub with objects of every kind, and the payloads of its webhooks."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Payload]] = []
        self.github = GitHub(send=self._receive)
        world = self.github.world
        self.organisation = world.account("acme", enterprise="mega")
        self.app: RegisteredApp = self.github.registry.register(MANIFEST, self.organisation)
        self.installation = self.github.registry.install(self.app, self.organisation)
        self.hook = self.github.add_hook(self.organisation, "https://receiver.test/", "secret")
        self.repository: Repository = world.add_repository("acme/web", visibility="internal")
        self.repository.topics = ("pci",)
        self.repository.properties = {"team": "blue", "areas": ["eu", "us"]}
        self.github.add_hook(self.repository, "https://receiver.test/", "secret")
        world.account("octocat", is_organisation=False)
        world.add_repository("octocat/open", visibility="public")
        for _ in range(5):
            changes.create_alert(world, self.repository)
        bare = Rule("style", severity=None, security_severity=None, tags=(), tool="Trivy")
        changes.create_alert(world, self.repository, rule=bare, ref="refs/pull/7/merge")
        self.client = httpx2.Client(transport=transport(self.github), base_url="http://github.test")

    def _receive(self, _url: str, *, payload: bytes, event: str, **_: str) -> httpx2.Response:
        self.sent.append((event, json.loads(payload)))
        return httpx2.Response(202)

    def headers(self, kind: str) -> dict[str, str]:
        """The authorization of a user, the App or the installation."""
        registry = self.github.registry
        if kind == "app":
            return App(self.app.id, self.app.private_key).headers(datetime.now(UTC))
        if kind == "installation":
            token, _ = registry.installation_token(self.installation)
        else:
            token = registry.user_token(self.github.world.account("octocat"))
        return {"authorization": f"Bearer {token}"}

    def call(self, call: str) -> httpx2.Response:
        """Send a call of the description, with what exists here in its path."""
        method, _, path = call.partition(" ")
        delivery = self.app.hook.deliveries[-1].id if self.app.hook.deliveries else 0
        values = {
            "org": "acme",
            "enterprise": "mega",
            "owner": "acme",
            "repo": "web",
            "alert_number": "1",
            "username": "octocat",
            "hook_id": str(self.hook.id),
            "delivery_id": str(delivery),
            "installation_id": str(self.installation.id),
            "code": self.github.registry.code_of(self.app),
        }
        kind = "user"
        if path.startswith("/app") or path.endswith("/installation"):
            kind = "app"
        if path.startswith("/installation/"):
            kind = "installation"
        return self.client.request(method, path.format(**values), headers=self.headers(kind))


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    with made.client:
        yield made


@pytest.mark.parametrize("call", CALLS)
def test_responses_are_valid(world: World, call: str) -> None:
    response = world.call(call)
    assert response.status_code == int(CALLS[call]), response.text
    data = response.json()
    assert data != []
    validate_response(call, data)


@pytest.mark.parametrize("prefix", ["", "/api/v3"])
def test_addresses_in_responses_are_those_of_the_api(world: World, prefix: str) -> None:
    headers = world.headers("user")
    (first, *_) = world.client.get(
        f"{prefix}/orgs/acme/code-scanning/alerts", headers=headers
    ).json()
    for url in (first["url"], first["repository"]["url"]):
        assert url.startswith(f"http://github.test{prefix}/repos/acme/web")
        assert world.client.get(url, headers=headers).status_code == 200


def test_all_states_of_alerts_are_valid(world: World) -> None:
    github, repository = world.github.world, world.repository
    alerts = repository.alerts
    changes.fix(github, repository, alerts[1])
    changes.dismiss(github, repository, alerts[2], reason="mitigated")
    changes.dismiss(github, repository, alerts[3], reason=None)
    alerts[1].unreported = frozenset({"fixed_at", "updated_at"})
    for scope in ("GET /orgs/{org}", "GET /repos/{owner}/{repo}"):
        call = f"{scope}/code-scanning/alerts"
        data = world.call(call).json()
        assert {alert["state"] for alert in data} == {"open", "fixed", "dismissed"}
        validate_response(call, data)


def test_webhooks_are_valid(world: World) -> None:
    github, repository = world.github.world, world.repository
    first, second, third, *_ = repository.alerts.values()
    hidden = repository.alerts[6]
    user = github.account("octocat")
    world.sent.clear()
    changes.create_alert(github, repository)
    changes.create_alert(github, repository, ref="refs/pull/8/merge")
    changes.appear_in_branch(github, repository, hidden)
    changes.fix(github, repository, first)
    changes.reopen(github, repository, first)
    changes.dismiss(github, repository, second, by=user)
    changes.reopen(github, repository, second, by=user)
    changes.dismiss(github, repository, third, reason=None)
    changes.rename(github, repository, "site")
    changes.transfer(github, repository, github.account("mega"))
    changes.transfer(github, repository, user)
    changes.transfer(github, repository, world.organisation)
    changes.archive(github, repository)
    changes.unarchive(github, repository)
    changes.publicize(github, repository)
    changes.privatize(github, repository)
    changes.change_default_branch(github, repository, "trunk")
    changes.change_topics(github, repository, "pci", "web")
    changes.delete(github, repository)
    actions = {(event, payload["action"]) for event, payload in world.sent}
    assert len(actions) == 6 + 8
    assert len(world.sent) > 2 * 17, "the App, the organisation and the repository have a hook each"
    for event, payload in world.sent:
        validate_webhook(event, payload)
    installed = [payload["installation"] for _, payload in world.sent if "installation" in payload]
    assert {tuple(one) for one in installed} == {("id", "node_id")}


def test_installation_is_valid(world: World) -> None:
    world.sent.clear()
    world.github.announce_installation(world.installation, world.organisation)
    ((event, payload),) = world.sent
    assert (event, payload["action"]) == ("installation", "created")
    assert [one["full_name"] for one in payload["repositories"]] == ["acme/web"]
    validate_webhook(event, payload)


def test_pings_are_valid(world: World) -> None:
    world.sent.clear()
    world.github.ping(world.app.hook, world.app)
    world.github.ping(world.hook)
    assert [event for event, _ in world.sent] == ["ping", "ping"]
    for event, payload in world.sent:
        validate_webhook(event, payload)


@pytest.mark.parametrize("scanning", [one for one in Scanning if one is not Scanning.ENABLED])
def test_errors_are_valid(world: World, scanning: Scanning) -> None:
    world.repository.scanning = scanning
    response = world.call("GET /repos/{owner}/{repo}/code-scanning/alerts")
    assert response.status_code in {403, 404, 451}
    validate_error(response.json())


def test_an_invalid_response_is_found(world: World) -> None:
    call = "GET /repos/{owner}/{repo}"
    data = world.call(call).json()
    for change in ({"archived": "no"}, {"created_at": "yesterday"}, {"owner": None}):
        with pytest.raises(ValidationError):
            validate_response(call, data | change)
    del data["id"]
    with pytest.raises(ValidationError):
        validate_response(call, data)
