"""`gcsmttr redeliver` against the imitated GitHub: lost events arrive, and the counts are right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from infra.local.github.apps.hooks import Hook, Trouble
from infra.local.github.apps.registry import App
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import changes
from ingest.webhooks.connected_apps import ConnectedApp, text_of
from operations.cli.exit_status import ExitStatus
from tests.integration.operations.cli.conftest import REGION, Terminal
from tests.unit.github_rest.conftest import Receiver

URL = "https://receiver.test/webhook"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redelivery.run.PAUSE_S", 0.0)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def github(receiver: Receiver) -> Iterator[GitHub]:
    """A GitHub with a repository, which is served on loopback."""
    github = GitHub(send=receiver)
    github.world.add_repository("acme/web")
    with serving(github):
        yield github


def app_of(github: GitHub, name: str) -> App:
    """Register an App and install it on acme."""
    manifest = {
        "name": name,
        "url": "https://example.test",
        "hook_attributes": {"url": URL},
        "default_events": ["code_scanning_alert"],
    }
    made = github.registry.register(manifest, github.world.account("acme"))
    github.registry.install(made, made.owner)
    return made


def connect(github: GitHub, *apps: App) -> None:
    """Store Apps as connected."""
    connected = [
        ConnectedApp(
            api_url=github.addresses.api,
            app_id=app.id,
            owner=app.owner.login,
            slug=app.slug,
            private_key=app.private_key,
            webhook_secret=app.hook.secret,
        )
        for app in apps
    ]
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(
        SecretId="GitHubApps", SecretString=text_of(connected)
    )


def lose(github: GitHub, events: int) -> None:
    repository = github.world.find("acme/web")
    assert repository is not None
    with github.courier.troubled(Trouble.REFUSED):
        for _ in range(events):
            changes.create_alert(github.world, repository)


@pytest.fixture
def app(github: GitHub, terminal: Terminal) -> App:
    """A connected App."""
    assert terminal
    made = app_of(github, "Our metrics")
    connect(github, made)
    return made


@pytest.fixture
def hook(github: GitHub, monkeypatch: pytest.MonkeyPatch) -> Hook:
    """A webhook made by hand, and a token in the environment."""
    monkeypatch.setenv("GITHUB_TOKEN", github.registry.user_token(github.world.account("acme")))
    return github.add_hook(github.world.account("acme"), URL, "secret")


@pytest.mark.usefixtures("app")
def test_lost_events_of_the_app_are_delivered_once(
    terminal: Terminal, github: GitHub, receiver: Receiver
) -> None:
    lose(github, 2)
    done = terminal.mine("redeliver", "--since", "2d")
    assert done.exit_code == ExitStatus.OK, done.stderr
    assert done.stdout == (
        "App our-metrics: 2 deliveries of 2 events, 2 lost. Redeliveries requested: 2.\n"
    )
    assert len({guid for _, guid in receiver.received}) == len(receiver.received) == 2
    again = terminal.mine("redeliver")
    assert again.exit_code == ExitStatus.OK
    assert "4 deliveries of 2 events, 0 lost. Redeliveries requested: 0." in again.stdout


@pytest.mark.usefixtures("app")
def test_dry_run_finds_lost_events_and_asks_for_nothing(
    terminal: Terminal, github: GitHub, receiver: Receiver
) -> None:
    lose(github, 1)
    done = terminal.mine("redeliver", "--dry-run", "--json")
    assert done.exit_code == ExitStatus.FOUND
    assert '"lost": 1' in done.stdout
    assert receiver.received == []
    text = terminal.mine("redeliver", "--dry-run")
    assert text.stdout == "App our-metrics: 1 delivery of 1 event, 1 lost.\n"
    assert "Next: run the command without --dry-run." in text.stderr


@pytest.mark.usefixtures("app")
def test_json_has_one_object_for_each_webhook(terminal: Terminal, github: GitHub) -> None:
    lose(github, 1)
    document = terminal.document("redeliver", "--since", "2026-01-01T00:00:00Z")
    assert document == {
        "since": "2026-01-01T00:00:00.000Z",
        "dryRun": False,
        "webhooks": [
            {
                "webhook": "App our-metrics", "deliveries": 1, "events": 1, "lost": 1,
                "requested": 1, "expired": 0, "error": None,
            }
        ],
    }  # fmt: skip


@pytest.mark.usefixtures("app")
def test_period_beyond_what_github_keeps_is_noted(terminal: Terminal) -> None:
    assert (
        "GitHub keeps deliveries for 7 days only."
        in terminal.mine("redeliver", "--since", "8d").stderr
    )
    assert "days only" not in terminal.mine("redeliver", "--since", "7d").stderr


def test_refused_app_does_not_stop_the_others(
    terminal: Terminal, github: GitHub, receiver: Receiver
) -> None:
    first, second = app_of(github, "First"), app_of(github, "Second")
    connect(github, first, second)
    lose(github, 1)
    del github.registry.apps[first.id]
    done = terminal.mine("redeliver")
    assert done.exit_code == ExitStatus.FAILED
    assert "Error: GitHub: unauthorized" in done.stderr
    assert "Next: Check that the token is valid, or that the App still exists." in done.stderr
    assert "App second: 1 delivery of 1 event, 1 lost. Redeliveries requested: 1." in done.stdout
    assert len(receiver.received) == 1


def test_event_that_github_no_longer_has_is_a_finding(
    terminal: Terminal, github: GitHub, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(github, 1)
    kept = github.courier.kept
    lists = iter([kept(app.hook), []])
    monkeypatch.setattr(github.courier, "kept", lambda _: next(lists))
    done = terminal.mine("redeliver")
    assert done.exit_code == ExitStatus.FOUND
    assert "GitHub no longer has 1 lost event." in done.stderr
    assert "Next: read the alerts themselves with gcsmttr backfill." in done.stderr


@pytest.mark.parametrize("choice", [("--hook", "{id}"), ()], ids=["by id", "by its address"])
def test_webhook_made_by_hand_is_read_with_the_token(
    choice: tuple[str, ...], terminal: Terminal, github: GitHub, hook: Hook, receiver: Receiver
) -> None:
    github.add_hook(github.world.account("acme"), "https://elsewhere.test", "secret")
    receiver.received.clear()
    lose(github, 2)
    options = [one.format(id=hook.id) for one in choice]
    done = terminal.mine(
        "redeliver", "--organisation", "acme", "--api-url", github.addresses.api, *options
    )
    assert done.exit_code == ExitStatus.OK, done.stderr
    assert f"webhook {hook.id} of acme: 3 deliveries of 3 events, 2 lost." in done.stdout
    assert len(receiver.received) == 2


def test_webhook_of_a_repository_is_read_with_the_token(
    terminal: Terminal, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", github.registry.user_token(github.world.account("acme")))
    repository = github.world.find("acme/web")
    assert repository is not None
    hook = github.add_hook(repository, URL, "secret")
    lose(github, 1)
    for choice in ((), ("--hook", str(hook.id))):
        done = terminal.mine(
            "redeliver", "--repository", "acme/web", "--api-url", github.addresses.api, *choice
        )
        assert done.exit_code == ExitStatus.OK, done.stderr
        assert f"webhook {hook.id} of acme/web: " in done.stdout


def test_without_an_app_the_next_step_is_named(terminal: Terminal) -> None:
    done = terminal.mine("redeliver")
    assert (done.exit_code, done.stdout) == (ExitStatus.FAILED, "")
    assert "Error: No GitHub App is connected to this deployment." in done.stderr
    assert "Next: Connect one with gcsmttr connect, or select a webhook" in done.stderr


@pytest.mark.usefixtures("hook")
def test_owner_whose_webhooks_deliver_elsewhere_is_an_error(
    terminal: Terminal, github: GitHub
) -> None:
    github.hooks.clear()
    done = terminal.mine("redeliver", "--organisation", "acme", "--api-url", github.addresses.api)
    assert done.exit_code == ExitStatus.FAILED
    assert f"No webhook of acme delivers to {URL}." in done.stderr


def test_webhook_made_by_hand_needs_a_token(terminal: Terminal) -> None:
    done = terminal.mine("redeliver", "--organisation", "acme")
    assert done.exit_code == ExitStatus.FAILED
    assert "GITHUB_TOKEN is empty" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--organisation", "acme", "--repository", "acme/web"),
        ("--hook", "1"),
        ("--organisation", "acme", "--api-url", "http://example.test"),
        ("--since", "yesterday"),
        ("--since", "99999w"),
    ],
)
def test_wrong_options_are_a_usage_error(terminal: Terminal, options: tuple[str, ...]) -> None:
    assert terminal.mine("redeliver", *options).exit_code == ExitStatus.USAGE


@pytest.mark.parametrize("age", ["1m", "24h", "1d", "1w"])
@pytest.mark.usefixtures("app")
def test_ages_are_counted_back_from_now(terminal: Terminal, age: str) -> None:
    expected = {"1m": 1 / 1440, "24h": 1, "1d": 1, "1w": 7}[age]
    since = datetime.fromisoformat(terminal.document("redeliver", "--since", age)["since"])
    difference = datetime.now(UTC) - since - timedelta(days=expected)
    assert abs(difference) < timedelta(seconds=30)
