"""Checks and repairs are exact while events arrive."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.terms import Action, Ref
from operations.overviews.reader import AuditReader
from rollup.metrics.counts import Counts
from rollup.queues import forwarding
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.row_key import RowKey
from tests.integration.operations.overviews.audits import (
    REPOSITORIES,
    catch_up,
    is_clean,
    runner_of,
    summary,
)
from tests.integration.operations.overviews.damages import (
    a_lost_message,
    a_missing_repository_row,
    a_wrong_ledger,
    a_wrong_organisation_row,
    a_wrong_repository_row,
    an_empty_ledger,
    an_orphan,
    put_row,
)
from tests.support.rollup_stack import Stack, assert_exact
from tests.unit.rollup.builders import alert, entry, event


def flowing(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record an event around each of the first queries, and count it now or later."""
    pages, moments = AuditReader._pages, 0

    def read(self: AuditReader, *args: Any) -> Iterator[Any]:
        nonlocal moments
        moments += 1
        if moments < 20:
            happen(moments)
        yield from pages(self, *args)

    def happen(moment: int) -> None:
        repository = REPOSITORIES[moment % 3]
        number = 100 + moment // 6
        if moment % 2:
            stack.recorder.record(event(repository, number, Action.CREATED, created=moment % 7))
        else:
            stack.recorder.record(
                event(repository, 3, Action.REOPENED, created=3, at=moment, ref=Ref.DEFAULT)
            )
        if moment % 3 == 0:
            images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
            stack.apply_alerts(forwarding.alert_messages(images))
            if moment % 6 == 0:
                stack.apply_rows()

    monkeypatch.setattr(AuditReader, "_pages", read)


@pytest.mark.parametrize(
    "damage",
    [
        a_wrong_repository_row,
        a_missing_repository_row,
        a_lost_message,
        a_wrong_ledger,
        an_empty_ledger,
        an_orphan,
        a_wrong_organisation_row,
    ],
)
def test_repair_is_exact_while_events_arrive(
    stack: Stack, damage: Callable[[Stack], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    flowing(stack, monkeypatch)
    damage(stack)
    runner = runner_of(stack)
    assert not summary(runner.repair(runner.of_deployment())).busy
    monkeypatch.undo()
    catch_up(stack)
    assert_exact(stack, stack.finals())
    assert is_clean(runner.check(runner.of_deployment()))


def test_messages_in_queues_are_not_differences(stack: Stack) -> None:
    a_lost_message(stack)
    runner = runner_of(stack, wait=lambda _: catch_up(stack))
    assert is_clean(runner.check(runner.of_deployment()))


def test_events_during_the_check_are_not_differences(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, moments = AuditReader._pages, 0

    def read(self: AuditReader, *args: Any) -> Iterator[Any]:
        nonlocal moments
        moments += 1
        stack.recorder.record(event("octo/cat", 100 + moments, Action.CREATED, created=3))
        yield from pages(self, *args)

    monkeypatch.setattr(AuditReader, "_pages", read)
    runner = runner_of(stack, wait=lambda _: catch_up(stack))
    assert is_clean(runner.check(runner.of_repository("octo/cat")))


def test_rows_that_change_all_the_time_are_reported(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_row(stack, REPOSITORY, "repository", RowKey("octo/cat", "ALL"), Counts())
    rows, number = AuditReader.rows, 100

    def busy(self: AuditReader, level: Level, name: str) -> Any:
        nonlocal number
        found = rows(self, level, name)
        number += 1
        stack.repositories.apply([entry("octo/cat", number, 1, alert())])
        stack.recorder.record(event("octo/cat", number, Action.CREATED))
        return found

    monkeypatch.setattr(AuditReader, "rows", busy)
    runner = runner_of(stack)
    scope = runner.of_repository("octo/cat")[0]
    (row, *_) = summary(runner.check([scope])).busy
    assert row.startswith("repository octo/cat ALL: ")
    assert summary(runner.repair([scope])).busy
    monkeypatch.undo()
    assert not summary(runner.repair(runner.of_repository("octo/cat"))).busy
