"""What the bar of a backfill shows: counts, and the rate limit."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from github_rest.http.responses import RateLimit
from ingest.rest.drift import Drift
from operations.cli.backfill.display import BackfillDisplay, state_of
from operations.cli.output import Output
from reconcile.progress import Counts, Progress
from reconcile.step import Step

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
COUNTS = Counts().with_page(alerts=1200, drifts={Drift.MISSING: 35}, unreadable=())


def step(**given: Any) -> Step:
    progress = Progress(started_at="start", counts=COUNTS)
    return Step(**{"progress": progress, "lists": 1, "lists_read": 0, **given})


def test_state_has_counts_and_the_rate_limit() -> None:
    rate = RateLimit(limit=5000, remaining=4812, reset_at=NOON)
    assert state_of(step(newest=NOON, rate=rate)) == (
        "1,200 alerts, 35 differences, 4,812 of 5,000 requests left, created up to 2026-11-23"
    )


def test_state_of_several_repositories_has_no_day() -> None:
    assert state_of(step(newest=NOON, lists=2)) == "1,200 alerts, 35 differences"


def test_bar_has_a_total_only_for_several_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    display = BackfillDisplay(Output())
    (task,) = display.bar.tasks
    totals = []
    for shown in (step(), step(lists=200, lists_read=50)):
        display.show(shown)
        totals.append((task.total, task.completed))
    assert totals == [(None, 0), (200, 50)]


def test_wait_shows_until_when(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    display = BackfillDisplay(Output())
    (task,) = display.bar.tasks
    monkeypatch.setattr(
        "operations.cli.backfill.display.time.sleep",
        lambda _seconds: shown.append(task.fields["state"]),
    )
    display.show(step())
    display.wait(600)
    display.wait(1)
    waits = [one.partition("; ") for one in shown]
    assert [state for _, _, state in waits] == [state_of(step())] * 2
    assert [re.sub("[0-9]", "0", wait) for wait, _, _ in waits] == [
        "waits until 00:00",
        "waits until 00:00:00",
    ]
    assert task.fields["state"] == state_of(step())
    assert len(capsys.readouterr().err.splitlines()) == 1
