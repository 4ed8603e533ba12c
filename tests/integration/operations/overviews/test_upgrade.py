"""Rows and ledger entries that older code wrote are brought up to date while events arrive."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.alerts.alert_row import from_item
from ingest.terms import Action, ClosedAs, Ref
from operations.overviews.reader import AuditReader
from rollup.metrics.counts import COHORT_OUTCOMES, Counts, Outcome
from rollup.queues import forwarding
from rollup.rows import parts
from rollup.rows.contribution import AlertContribution
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.rows.row_key import RowKey
from tests.integration.operations.overviews.audits import (
    REPOSITORIES,
    catch_up,
    is_clean,
    runner_of,
    summary,
)
from tests.support import layout_2
from tests.support.rollup_stack import Stack, assert_exact
from tests.unit.rollup.builders import event

TABLES = ("repository", "organisation", "ledger")


@pytest.fixture
def filled(stack: Stack) -> Stack:
    """The stack with closed and reopened alerts, and all tables as older code wrote them."""
    for repository in REPOSITORIES:
        for number in range(10, 22):
            created = number % 7
            stack.recorder.record(event(repository, number, Action.CREATED, created=created))
            kind = tuple(ClosedAs)[number % len(ClosedAs)]
            action = Action.FIXED if kind is ClosedAs.FIXED else Action.CLOSED_BY_USER
            if number % 4:
                closing = event(
                    repository, number, action, created=created, at=number + 5, closed_as=kind
                )
                stack.recorder.record(closing)
        reopening = event(
            repository, 11, Action.REOPENED, created=4, at=30, ref=Ref.DEFAULT, delivery="r"
        )
        stack.recorder.record(reopening)
    catch_up(stack)
    become_old(stack)
    return stack


def become_old(stack: Stack) -> None:
    """Write all rows and ledger entries as older code wrote them."""
    states = {
        (f"alerts#{row.repository}", str(row.number)): AlertContribution.of(
            row.repository, row.alert
        )
        for item in stack.items("events")
        if (row := from_item(item)).alert
    }
    for table in TABLES:
        for item in stack.items(table):
            if "cells" in item:
                old = layout_2.old_item(item, parts.counts_of(item, ()))
            else:
                state = states[item["source"]["S"], item["part"]["S"]]
                old = {**item, "contribution": {"S": layout_2.old_contribution(state)}}
            stack.client.put_item(TableName=stack.names[table], Item=old)


def layouts(stack: Stack) -> set[int]:
    items = [item for table in TABLES for item in stack.items(table) if "cells" in item]
    return {item["cells"]["B"][0] for item in items}


def lacking(counts: Counts) -> int:
    """Return how many closings the row of a creation lacks."""
    opened, still_open = counts.count({Outcome.OPENED}), counts.count({Outcome.OPEN})
    return opened - still_open - counts.count(COHORT_OUTCOMES)


def assert_complete(stack: Stack) -> None:
    assert_exact(stack, stack.finals())
    for level, name in ((REPOSITORY, "repository"), (ORGANISATION, "organisation")):
        for key, counts in stack.counts(level, name).items():
            assert key.period == "ALL" or not lacking(counts)


def test_check_finds_what_older_code_counted_and_repair_completes_it(filled: Stack) -> None:
    assert layouts(filled) == {2}
    runner = runner_of(filled)
    found = summary(runner.check(runner.of_deployment()))
    closed = [alert for alert in filled.finals().values() if alert.closing]
    assert len(found.entries) == len(closed)
    assert all("differ from the source" in line for line in found.entries)
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_complete(filled)
    assert is_clean(runner.check(runner.of_deployment()))
    catch_up(filled)
    assert_complete(filled)


def test_events_complete_only_the_alerts_that_they_change(filled: Stack) -> None:
    january = RowKey("octo/cat", "MONTH#2026-01")
    before = lacking(filled.counts(REPOSITORY, "repository")[january])
    reopening = event("octo/cat", 13, Action.REOPENED, created=6, at=33, ref=Ref.DEFAULT)
    closing = event(
        "octo/cat", 12, Action.FIXED, created=5, at=34, closed_as=ClosedAs.FIXED, ref=Ref.DEFAULT
    )
    for change in (reopening, closing):
        filled.recorder.record(change)
    changed = [item for item in filled.items("events") if item["alertID"]["N"] in {"12", "13"}]
    images = [{"dynamodb": {"NewImage": item}} for item in changed]
    filled.apply_alerts(forwarding.alert_messages(images))
    after = lacking(filled.counts(REPOSITORY, "repository")[january])
    assert after == before - 1  # Alert 13 is open now; alert 12 was open and is counted.
    runner = runner_of(filled)
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_complete(filled)


@pytest.mark.parametrize("seed", range(3))
def test_repair_is_exact_while_events_arrive(
    filled: Stack, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, dice, moments = AuditReader._pages, random.Random(seed), 0  # noqa: S311

    def read(self: AuditReader, *args: Any) -> Iterator[Any]:
        nonlocal moments
        moments += 1
        if moments < 25:
            happen(moments)
        yield from pages(self, *args)

    def happen(moment: int) -> None:
        repository, number = dice.choice(REPOSITORIES), dice.randrange(8, 24)
        kind = dice.choice([Action.CREATED, Action.FIXED, Action.REOPENED])
        filled.recorder.record(
            event(
                repository,
                number,
                kind,
                created=number % 7,
                at=number % 7 if kind is Action.CREATED else 40 + moment,
                closed_as=ClosedAs.FIXED if kind is Action.FIXED else None,
                ref=Ref.DEFAULT,
                delivery=f"d{moment}",
            )
        )
        items = filled.items("events")
        some = dice.sample(items, dice.randrange(len(items)))
        images = [{"dynamodb": {"NewImage": item}} for item in some]
        filled.apply_alerts(forwarding.alert_messages(images))
        if dice.random() < 0.5:
            filled.apply_rows()

    monkeypatch.setattr(AuditReader, "_pages", read)
    runner = runner_of(filled)
    assert not summary(runner.repair(runner.of_deployment())).busy
    monkeypatch.undo()
    catch_up(filled)
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_complete(filled)
    assert is_clean(runner.check(runner.of_deployment()))
