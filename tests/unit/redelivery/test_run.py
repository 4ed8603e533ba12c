"""Runs against the fake GitHub: what is lost is delivered again, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from github_rest.deliveries import APP_HOOK, Delivery
from github_rest.http.client import Client
from github_rest.http.credentials import App
from infra.local.github.apps.hooks import Trouble
from infra.local.github.apps.registry import App as RegisteredApp
from infra.local.github.github import GitHub
from infra.local.github.world import changes
from redelivery.attempts import lost_of
from redelivery.run import PAUSE_S, Summary, redeliver_lost
from tests.unit.github_rest.conftest import Clock, Receiver

MANIFEST = {
    "name": "Our metrics",
    "url": "https://example.test",
    "hook_attributes": {"url": "https://receiver.test/webhook"},
    "default_events": ["code_scanning_alert", "repository"],
}
START = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def app(github: GitHub) -> RegisteredApp:
    made = github.registry.register(MANIFEST, github.world.account("acme"))
    github.registry.install(made, made.owner)
    return made


@pytest.fixture
def client(app: RegisteredApp, connect: Callable[..., Client]) -> Client:
    return connect(App(app.id, app.private_key))


def lose(github: GitHub, *troubles: Trouble) -> None:
    repository = github.world.find("acme/web") or github.world.add_repository("acme/web")
    for trouble in troubles:
        with github.courier.troubled(trouble):
            changes.create_alert(github.world, repository)


def attempt(number: int, guid: str, *, is_ok: bool) -> Delivery:
    return Delivery(
        id=number, guid=guid, delivered_at=START + timedelta(minutes=number // 2),
        redelivery=False, status="OK" if is_ok else "timed out", status_code=200 if is_ok else 504,
        event="ping", action=None, installation_id=None, repository_id=None,
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans())), st.randoms())
def test_lost_events_have_no_successful_attempt_in_any_order(
    history: list[tuple[str, bool]],
    random: object,
) -> None:
    attempts = [attempt(n, guid, is_ok=is_ok) for n, (guid, is_ok) in enumerate(history)]
    expected = {
        guid: max(one.id for one in attempts if one.guid == guid)
        for guid, _ in history
        if not any(is_ok for other, is_ok in history if other == guid)
    }
    random.shuffle(attempts)  # type: ignore[attr-defined]
    lost = lost_of(attempts)
    assert {one.guid: one.id for one in lost} == expected
    assert [one.id for one in lost] == sorted(expected.values())


def test_refused_and_late_deliveries_are_redelivered_one_a_second(
    github: GitHub,
    client: Client,
    receiver: Receiver,
    clock: Clock,
) -> None:
    changes.create_alert(github.world, github.world.add_repository("acme/web"))
    lose(github, Trouble.REFUSED, Trouble.TIMED_OUT, Trouble.REFUSED)
    receiver.received.clear()
    clock.waits.clear()
    found = redeliver_lost(client, APP_HOOK, since=START)
    assert found == Summary(events=4, lost=3, requested=3, expired=0)
    assert len({guid for _, guid in receiver.received}) == len(receiver.received) == 3
    assert clock.waits == [PAUSE_S, PAUSE_S]
    again = redeliver_lost(client, APP_HOOK, since=START)
    assert again == Summary(events=4, lost=0, requested=0, expired=0)


def test_event_is_requested_until_it_is_delivered(
    github: GitHub,
    client: Client,
    receiver: Receiver,
) -> None:
    lose(github, Trouble.REFUSED)
    receiver.status = 503
    for _ in range(3):
        found = redeliver_lost(client, APP_HOOK, since=START)
        assert (found.events, found.lost, found.requested) == (1, 1, 1)
    receiver.status = 202
    assert redeliver_lost(client, APP_HOOK, since=START).lost == 1
    assert redeliver_lost(client, APP_HOOK, since=START).lost == 0
    assert len({guid for _, guid in receiver.received}) == 1


def test_dry_run_requests_nothing(
    github: GitHub,
    client: Client,
    receiver: Receiver,
) -> None:
    lose(github, Trouble.REFUSED, Trouble.REFUSED)
    found = redeliver_lost(client, APP_HOOK, since=START, is_dry_run=True)
    assert found == Summary(events=2, lost=2, requested=0, expired=0)
    assert receiver.received == []


def test_only_attempts_since_the_start_are_read(
    github: GitHub,
    client: Client,
    receiver: Receiver,
    clock: Clock,
) -> None:
    lose(github, Trouble.REFUSED)
    clock.now += timedelta(hours=2)
    lose(github, Trouble.REFUSED)
    found = redeliver_lost(client, APP_HOOK, since=clock.now - timedelta(hours=1))
    assert found == Summary(events=1, lost=1, requested=1, expired=0)
    assert len(receiver.received) == 1


def test_event_that_github_does_not_have_any_more_does_not_stop_the_run(
    github: GitHub,
    client: Client,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose(github, Trouble.REFUSED)
    clock.now += timedelta(days=3)
    lose(github, Trouble.REFUSED)
    # The older delivery expires between the list and the request.
    wait, post = timedelta(seconds=1), Client.post

    def late(self: Client, path: str) -> object:
        clock.now += wait
        return post(self, path)

    monkeypatch.setattr(Client, "post", late)
    found = redeliver_lost(client, APP_HOOK, since=START)
    assert found == Summary(events=2, lost=2, requested=1, expired=1)
