"""Tokens, Apps and installations: who may ask, when a token is renewed, that it stays secret."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import httpx2
import pytest

from github_rest import alerts, apps, repositories
from github_rest.errors import GitHubError, RefusedError
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App, IssuedToken, Token
from infra.local.github.apps.registry import App as RegisteredApp
from infra.local.github.github import GitHub
from tests.unit.github_rest.conftest import SERVER, Clock

MANIFEST: dict[str, object] = {
    "name": "Our metrics",
    "url": "https://example.test",
    "hook_attributes": {"url": "https://receiver.test/webhook"},
    "default_permissions": {"security_events": "read", "metadata": "read"},
    "default_events": ["code_scanning_alert", "repository"],
}


@pytest.fixture
def app(github: GitHub) -> RegisteredApp:
    return github.registry.register(MANIFEST, github.world.account("acme"))


@pytest.fixture
def app_client(app: RegisteredApp, connect: Callable[..., Client]) -> Client:
    return connect(App(app.id, app.private_key))


def test_app_signs_in_with_its_id_or_client_id(
    app: RegisteredApp, connect: Callable[..., Client]
) -> None:
    for name in (app.id, app.client_id):
        found = apps.get(connect(App(name, app.private_key)))
        assert (found.id, found.slug, found.owner) == (app.id, "our-metrics", "acme")


def test_app_with_another_key_is_unauthorized(
    github: GitHub, app: RegisteredApp, connect: Callable[..., Client]
) -> None:
    other = github.registry.register({**MANIFEST, "name": "Other"}, github.world.account("acme"))
    with pytest.raises(RefusedError) as caught:
        apps.get(connect(App(app.id, other.private_key)))
    assert caught.value.reason == "unauthorized"


def test_installation_sees_its_account_only(
    github: GitHub, app: RegisteredApp, app_client: Client
) -> None:
    github.world.add_repository("acme/web")
    github.world.add_repository("other/web")
    installed = github.registry.install(app, app.owner)
    client = app_client.installation(installed.id)
    (page,) = repositories.of_installation(client)
    assert [one.full_name for one in page.items] == ["acme/web"]
    with pytest.raises(GitHubError, match="repository_gone"):
        repositories.get(client, "other/web")


def test_enterprise_is_not_open_to_an_installation(
    github: GitHub, app: RegisteredApp, app_client: Client
) -> None:
    installed = github.registry.install(app, app.owner)
    with pytest.raises(RefusedError) as caught:
        next(alerts.of_enterprise(app_client.installation(installed.id), "mega"))
    assert caught.value.reason == "forbidden"


def test_installation_token_is_used_until_five_minutes_before_its_end(
    github: GitHub, app: RegisteredApp, app_client: Client, clock: Clock
) -> None:
    github.world.add_repository("acme/web")
    client = app_client.installation(github.registry.install(app, app.owner).id)

    def issued() -> int:
        repositories.get(client, "acme/web")
        return sum("access_tokens" in one for one in github.requests)

    assert issued() == 1
    clock.now += timedelta(minutes=55)
    assert issued() == 1
    clock.now += timedelta(seconds=1)
    assert issued() == 2
    assert client.requests == 5, "requests for tokens are counted, too"


def test_revoked_installation_token_is_renewed_once(
    github: GitHub, app: RegisteredApp, app_client: Client
) -> None:
    github.world.add_repository("acme/web")
    client = app_client.installation(github.registry.install(app, app.owner).id)
    repositories.get(client, "acme/web")
    github.registry.revoke_tokens()
    assert repositories.get(client, "acme/web").full_name == "acme/web"


def test_suspended_installation_gets_no_token(
    github: GitHub, app: RegisteredApp, app_client: Client, clock: Clock
) -> None:
    installed = github.registry.install(app, app.owner)
    installed.suspended_at = clock.now
    with pytest.raises(RefusedError, match="suspended"):
        repositories.get(app_client.installation(installed.id), "acme/web")


def test_wrong_token_is_unauthorized_and_not_repeated(connect: Callable[..., Client]) -> None:
    client = connect(Token("ghp_wrong"))
    with pytest.raises(RefusedError) as caught:
        repositories.get(client, "acme/web")
    assert caught.value.reason == "unauthorized"
    assert client.requests == 1


def test_invalid_private_key_is_refused_at_once_and_not_shown() -> None:
    with pytest.raises(ValueError, match="RSA key in PEM form") as caught:
        App(7, "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----")
    assert "c2VjcmV0" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_one_request_at_a_time(clock: Clock) -> None:
    """Two clients of one connection wait for each other: a nested request would never end."""
    connection = Connection(SERVER, clock=clock)
    assert Client(Token("a"), connection).connection is connection
    under_way = 0

    def respond(_request: httpx2.Request) -> httpx2.Response:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        pause.wait(0.01)
        under_way -= 1
        return httpx2.Response(200, json={"id": 1, "full_name": "a/b", "owner": {"login": "a"}})

    pause = Event()
    shared = Connection(SERVER, transport=httpx2.MockTransport(respond), clock=clock)
    clients = [Client(Token(str(number)), shared) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda client: repositories.get(client, "a/b").full_name, clients))
    assert names == ["a/b"] * 4
    assert shared.requests == 4


def test_no_secret_is_in_a_representation(app: RegisteredApp, clock: Clock) -> None:
    shown = [
        repr(Token("ghp_secret")),
        repr(IssuedToken("ghs_secret", clock.now)),
        repr(App(app.id, app.private_key)),
        repr(vars(Connection(SERVER))),
        repr(app),
    ]
    for one in shown:
        assert "secret" not in one
        assert "PRIVATE" not in one
        assert app.hook.secret not in one


def test_no_secret_is_in_logs_or_errors(  # noqa: PLR0917
    github: GitHub,
    app: RegisteredApp,
    app_client: Client,
    connect: Callable[..., Client],
    caplog: pytest.LogCaptureFixture,
    clock: Clock,
) -> None:
    caplog.set_level(logging.DEBUG)
    made = apps.convert_manifest(connect(None), code := github.registry.code_of(app))
    client = app_client.installation(github.registry.install(app, app.owner).id)
    errors: list[GitHubError] = []
    for call in (
        lambda: repositories.get(client, "acme/none"),
        lambda: apps.convert_manifest(connect(None), code),
        lambda: repositories.get(connect(Token("ghp_secret")), "acme/none"),
    ):
        with pytest.raises(GitHubError) as caught:
            call()
        errors.append(caught.value)

    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    connection = Connection(
        SERVER, transport=httpx2.MockTransport(fail), clock=clock, wait=clock.wait
    )
    with pytest.raises(GitHubError) as caught:
        repositories.get(Client(Token("ghp_secret"), connection), "acme/web")
    errors.append(caught.value)
    assert made.webhook_secret
    tokens = github.registry._tokens
    secrets = [code, made.webhook_secret, made.private_key, "ghp_secret", *tokens]
    shown = caplog.text + "".join(f"{one!r} {one} {one.__dict__}" for one in errors) + repr(made)
    assert "HTTP Request: GET" in shown
    for secret in secrets:
        assert secret not in shown
    for error in errors:
        assert error.__cause__ is None or isinstance(error.__cause__, GitHubError)
