"""`gcsmttr replay` over moto's EventBridge: the period, the waiting, and how it ends."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations import deployment as deployments
from operations.cli.exit_status import ExitStatus
from operations.replay.archive import Archive
from operations.replay.run import Period, Replay
from tests.integration.operations.cli.conftest import Terminal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose stack has a bus with an archive."""
    events = terminal.deployment.aws.events
    bus = events.create_event_bus(Name="Bus")["EventBusArn"]
    pattern = json.dumps({"source": ["gcsmttr.ingest"]})
    events.create_archive(
        ArchiveName="Mine-events", EventSourceArn=bus, EventPattern=pattern, RetentionDays=90
    )
    events.put_events(
        Entries=[
            {"Source": "gcsmttr.ingest", "DetailType": "t", "Detail": "{}", "EventBusName": "Bus"}
        ]
    )
    outputs = {**terminal.deployment.outputs, "EventArchiveName": "Mine-events", "EventBusArn": bus}
    mine = replace(terminal.deployment, outputs=outputs)
    monkeypatch.setattr(deployments, "in_account", lambda _: mine)
    monkeypatch.setattr("operations.replay.run.PAUSE_S", 0.0)
    return Terminal(mine)


def replays(terminal: Terminal) -> list[Any]:
    return list(terminal.deployment.aws.events.list_replays()["Replays"])


def test_period_is_replayed_to_the_bus_of_the_archive(terminal: Terminal) -> None:
    done = terminal.mine("replay", "--from", "2026-11-22T09:00:00Z", "--to", "2026-11-22T11:00:00Z")
    assert done.exit_code == ExitStatus.OK, done.stderr
    assert done.stdout == (
        "Replayed the events from 2026-11-22 09:00:00 UTC to 2026-11-22 11:00:00 UTC."
        " The rows follow within seconds.\n"
    )
    (made,) = replays(terminal)
    assert made["ReplayName"] in done.stderr
    found = terminal.deployment.aws.events.describe_replay(ReplayName=made["ReplayName"])
    assert found["Destination"]["Arn"] == terminal.deployment.output("EventBusArn")
    assert found["EventSourceArn"].endswith(":archive/Mine-events")
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (found["EventStartTime"], found["EventEndTime"]) == (start, start + 2 * HOUR)


def test_period_includes_the_second_in_which_it_starts(terminal: Terminal) -> None:
    terminal.mine("replay", "--from", "2026-11-22T09:00:00.900Z", "--to", "2026-11-22T11:00:00Z")
    (made,) = replays(terminal)
    assert made["EventStartTime"] == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_json_has_the_period_and_the_name_of_the_replay(terminal: Terminal) -> None:
    document = terminal.document("replay", "--from", "2026-11-22", "--to", "2026-11-23")
    (made,) = replays(terminal)
    assert document.pop("oldestArchived").endswith("Z")
    assert document == {
        "from": "2026-11-22T00:00:00.000Z",
        "to": "2026-11-23T00:00:00.000Z",
        "dryRun": False,
        "archivedEvents": 1,
        "replay": made["ReplayName"],
    }


def test_dry_run_describes_the_archive_only(terminal: Terminal) -> None:
    done = terminal.mine("replay", "--from", "6h", "--to", "now", "--dry-run")
    assert done.exit_code == ExitStatus.OK
    assert "Would replay the events from " in done.stdout
    assert "The archive has about 1 events in all." in done.stdout
    assert terminal.document("replay", "--from", "6h", "--to", "now", "--dry-run")["dryRun"]
    assert replays(terminal) == []


def test_period_that_the_archive_does_not_cover_is_noted(terminal: Terminal) -> None:
    done = terminal.mine("replay", "--from", "6h", "--to", "now", "--dry-run")
    assert "The archive has no events from before " in done.stderr
    assert "Events can reach the archive 10 minutes late." in done.stderr
    early = terminal.mine("replay", "--from", "6h", "--to", "5h", "--dry-run")
    assert "minutes late" not in early.stderr


@pytest.mark.parametrize(
    "period",
    [
        ("--from", "1h", "--to", "2h"),
        ("--from", "2999-01-01", "--to", "2999-01-02"),
        ("--to", "1h"),
    ],
)
def test_wrong_period_is_a_usage_error(terminal: Terminal, period: tuple[str, ...]) -> None:
    assert terminal.mine("replay", *period).exit_code == ExitStatus.USAGE
    assert replays(terminal) == []


def states(*found: dict[str, object]) -> Callable[..., Any]:
    following = iter(found)
    return lambda **_: next(following)


def test_replay_that_eventbridge_gives_up_is_an_error(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = states({"State": "RUNNING"}, {"State": "FAILED", "StateReason": "No permission"})
    monkeypatch.setattr(terminal.deployment.aws.events, "describe_replay", failed)
    done = terminal.mine("replay", "--from", "2h", "--to", "1h")
    assert (done.exit_code, done.stdout) == (ExitStatus.FAILED, "")
    assert " ended as FAILED. No permission" in done.stderr


def test_replay_is_followed_by_the_time_of_its_last_event(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = terminal.deployment.aws.events
    period = Period(start=NOW - HOUR, end=NOW)
    made = Replay(
        events,
        archive_arn=events.describe_archive(ArchiveName="Mine-events")["ArchiveArn"],
        bus_arn=terminal.deployment.output("EventBusArn"),
        period=period,
        now=NOW,
    )
    half = NOW - HOUR / 2
    found = states(
        {"State": "STARTING"},
        {"State": "RUNNING", "EventLastReplayedTime": half},
        {"State": "COMPLETED"},
    )
    monkeypatch.setattr(events, "describe_replay", found)
    waits: list[float] = []
    times = list(made.follow(waits.append))
    assert [period.minutes_until(at) for at in times] == [0, 30, 60]
    assert len(waits) == 2


def test_archive_starts_with_its_creation_or_its_retention() -> None:
    archive = Archive(arn="a", created_at=NOW - 10 * HOUR, kept_for=timedelta(days=1), events=0)
    assert archive.oldest_at(NOW) == NOW - 10 * HOUR
    assert archive.oldest_at(NOW + 20 * HOUR) == NOW - 4 * HOUR
    assert replace(archive, kept_for=None).oldest_at(NOW + 20 * HOUR) == NOW - 10 * HOUR
