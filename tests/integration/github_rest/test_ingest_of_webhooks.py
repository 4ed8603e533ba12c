"""The webhooks of the fake GitHub are those that `ingest` understands."""

import json
from datetime import UTC, datetime, timedelta

import httpx2

from infra.local.github.github import GitHub
from infra.local.github.world import changes, history
from infra.local.github.world.history import Past
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs, Ref, Severity
from ingest.webhooks.payload import action_of, event_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Receiver:
    """Parses each delivery as the receiver of the stack does."""

    def __init__(self) -> None:
        self.events: list[AlertEvent] = []

    def __call__(
        self, _url: str, *, payload: bytes, event: str, delivery: str, **_: str
    ) -> httpx2.Response:
        data = json.loads(payload)
        if event == "code_scanning_alert":
            action = action_of(data)
            assert action is not None
            self.events.append(
                event_of(
                    data, action=action, delivery_id=delivery, body_digest="0" * 64,
                    now=NOW + timedelta(days=1),
                )
            )  # fmt: skip
        return httpx2.Response(202)


def test_each_webhook_about_an_alert_is_parsed() -> None:
    receiver, now = Receiver(), [NOW]
    github = GitHub(clock=lambda: now[0], send=receiver)
    world = github.world
    repository = world.add_repository("Acme/Web")
    github.add_hook(repository.owner, "https://receiver.test/", "secret")
    user = world.account("octocat", is_organisation=False)
    alert = changes.create_alert(world, repository, ref="refs/pull/7/merge")
    for change in (
        changes.appear_in_branch, changes.fix, changes.reopen, changes.dismiss,
    ):  # fmt: skip
        now[0] += timedelta(hours=1)
        change(world, repository, alert)
    now[0] += timedelta(hours=1)
    changes.reopen(world, repository, alert, by=user)
    assert [one.action for one in receiver.events] == [
        Action.CREATED, Action.APPEARED_IN_BRANCH, Action.FIXED, Action.REOPENED,
        Action.CLOSED_BY_USER, Action.REOPENED_BY_USER,
    ]  # fmt: skip
    times = [one.happened_at for one in receiver.events]
    assert times == [NOW + timedelta(hours=hour) for hour in range(6)]
    created, appeared, fixed, _, dismissed, _ = receiver.events
    assert (created.ref, created.on_default_branch) == (Ref.OTHER, False)
    assert (appeared.ref, appeared.on_default_branch) == (Ref.DEFAULT, True)
    assert (fixed.closed_as, dismissed.closed_as) == (ClosedAs.FIXED, ClosedAs.FALSE_POSITIVE)
    assert {one.severity for one in receiver.events} == {Severity.HIGH}
    assert {one.repository for one in receiver.events} == {"Acme/Web"}


def test_each_webhook_of_a_random_history_is_parsed() -> None:
    receiver, now = Receiver(), [NOW]

    def tick() -> datetime:
        now[0] += timedelta(seconds=1)
        return now[0]

    github = GitHub(clock=tick, send=receiver)
    github.add_hook(github.world.account("acme"), "https://receiver.test/", "secret")
    made = history.fill(github.world, "acme", Past(repositories=3, alerts=10))
    history.go_on(github.world, made, seed=2, steps=300)
    assert len(receiver.events) == 300
    assert {one.action for one in receiver.events} >= {
        Action.CREATED, Action.FIXED, Action.REOPENED, Action.CLOSED_BY_USER,
        Action.REOPENED_BY_USER,
    }  # fmt: skip
    assert None not in {one.happened_at for one in receiver.events}
