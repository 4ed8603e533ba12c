"""The fake GitHub over HTTP on loopback: for the local stack, commands and a browser."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from github_rest import alerts, apps, deliveries, repositories
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App, Token
from github_rest.servers import Server, server_of
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from infra.local.github.server import serving, transport
from infra.local.github.world import changes, history
from infra.local.github.world.history import Past
from tests.unit.github_rest.test_apps import MANIFEST


@pytest.fixture
def github() -> GitHub:
    return GitHub(send=lambda *_, **__: httpx2.Response(202))


@pytest.fixture
def url(github: GitHub) -> Iterator[str]:
    with serving(github) as address:
        yield address


def user_client(github: GitHub, server: Server) -> Client:
    token = github.registry.user_token(github.world.account("octocat", is_organisation=False))
    return Client(Token(token), Connection(server))


def test_both_forms_of_the_address_of_the_api_work(github: GitHub, url: str) -> None:
    github.world.add_repository("acme/web")
    for api_url in (url, f"{url}/api/v3"):
        client = user_client(github, Server(web_url=url, api_url=api_url))
        assert repositories.get(client, "acme/web").full_name == "acme/web"
    assert server_of(url).api_url == f"{url}/api/v3"


def test_hook_ranges_are_those_of_loopback_without_signing_in(github: GitHub, url: str) -> None:
    for path in ("/meta", "/api/v3/meta"):
        assert httpx2.get(url + path).json()["hooks"] == ["127.0.0.1/32", "::1/128"]
    github.hook_ranges = ("192.0.2.0/24",)
    assert httpx2.get(f"{url}/meta").json()["hooks"] == ["192.0.2.0/24"]


def test_unchanged_list_does_not_use_the_rate_limit(github: GitHub, url: str) -> None:
    repository = github.world.add_repository("acme/web")
    changes.create_alert(github.world, repository)
    headers = Token(github.registry.user_token(github.world.account("acme"))).headers(
        datetime.now(UTC)
    )
    path = f"{url}/orgs/acme/code-scanning/alerts"
    first = httpx2.get(path, headers=headers)
    again = httpx2.get(path, headers={**headers, "if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    changes.create_alert(github.world, repository)
    changed = httpx2.get(path, headers={**headers, "if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


def test_stale_pages_show_an_earlier_state(github: GitHub, url: str) -> None:
    repository = github.world.add_repository("acme/web")
    alert = changes.create_alert(github.world, repository)
    github.remember()
    changes.fix(github.world, repository, alert)
    github.faults.stale_pages = 1
    client = user_client(github, server_of(url))
    states = [next(alerts.of_organisation(client, "acme")).items[0]["state"] for _ in range(2)]
    assert states == ["open", "fixed"]


def test_an_app_is_registered_in_a_browser_and_delivers(url: str) -> None:
    with httpx2.Client(follow_redirects=False) as browser:
        form = {"manifest": json.dumps(MANIFEST)}
        page = browser.post(f"{url}/organizations/acme/settings/apps/new?state=s", data=form)
        assert page.status_code == 200
        back = browser.post(f"{url}/organizations/acme/settings/apps?state=s", data=form)
    code = httpx2.URL(back.headers["location"]).params["code"]
    connection = Connection(server_of(url))
    made = apps.convert_manifest(Client(None, connection), code)
    client = Client(App(made.details.id, made.private_key), connection)
    assert made.details.html_url == f"{url}/apps/our-metrics"
    (pings,) = deliveries.of_hook(client, deliveries.APP_HOOK)
    assert [one.event for one in pings.items] == ["ping"]


def test_request_is_repeated_after_a_lost_connection_over_http(github: GitHub, url: str) -> None:
    github.world.add_repository("acme/web")
    client = user_client(github, server_of(url))
    client.connection._wait = lambda _: None
    github.faults.add(Fault(0))
    assert repositories.get(client, "acme/web").full_name == "acme/web"
    assert client.requests == 2


def test_faults_happen_to_their_path_only(github: GitHub) -> None:
    github.world.add_repository("acme/web")
    github.faults.add(Fault(502, path="/orgs/.*"))
    server = Server("https://github.test", "https://github.test")
    token = github.registry.user_token(github.world.account("octocat", is_organisation=False))
    connection = Connection(server, transport=transport(github), wait=lambda _: None)
    client = Client(Token(token), connection)
    repositories.get(client, "acme/web")
    assert client.requests == 1
    next(repositories.of_organisation(client, "acme"))
    assert client.requests == 3


def test_a_large_history_is_made_and_read_in_seconds(github: GitHub, url: str) -> None:
    started = datetime.now(UTC)
    made = history.fill(github.world, "acme", Past(repositories=200, alerts=100))
    client = user_client(github, server_of(url))
    states: dict[str, int] = {}
    for page in alerts.of_organisation(client, "acme"):
        for alert in page.items:
            states[str(alert["state"])] = states.get(str(alert["state"]), 0) + 1
    listed = [one for repository in made for one in repository.alerts.values() if one.ref is None]
    assert sum(states.values()) == len(listed)
    assert states == {
        state: sum(one.state == state for one in listed) for state in ("open", "fixed", "dismissed")
    }
    assert min(states.values()) > 1000
    assert client.requests == -(-len(listed) // 100)
    assert (datetime.now(UTC) - started).total_seconds() < 60


def test_the_same_seed_makes_the_same_history() -> None:
    def alerts_of(seed: int) -> list[object]:
        github = GitHub(clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
        past = Past(repositories=2, alerts=20, seed=seed)
        made = history.fill(github.world, "acme", past)
        return [(one.number, one.state, one.updated_at) for r in made for one in r.alerts.values()]

    assert alerts_of(1) == alerts_of(1)
    assert alerts_of(1) != alerts_of(2)


def test_the_past_sends_no_webhooks_and_the_present_does(github: GitHub) -> None:
    hook = github.add_hook(github.world.account("acme"), "https://receiver.test/", "secret")
    made = history.fill(github.world, "acme", Past(repositories=2, alerts=5))
    assert [one.event for one in hook.deliveries] == ["ping"]
    history.go_on(github.world, made, seed=1, steps=30)
    assert len(hook.deliveries) == 31
    actions = {one.payload["action"] for one in hook.deliveries[1:]}
    assert {"created", "fixed"} < actions
