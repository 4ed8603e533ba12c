"""Any damage is found by a check and removed by a repair, which writes only wrong rows."""

from collections.abc import Callable

import pytest

from ingest.terms import Action
from operations.overviews.reader import AuditReader
from operations.overviews.subjects import RepositoriesOfOrganisation
from rollup.metrics import tool_limit
from rollup.metrics.counts import Counts
from rollup.metrics.tool_limit import OTHER
from rollup.rows import ledger, parts
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from tests.integration.operations.overviews.audits import catch_up, is_clean, runner_of, summary
from tests.integration.operations.overviews.damages import (
    CAT,
    DAMAGES,
    OCTO,
    a_repository_that_is_gone,
    a_wrong_ledger,
    a_wrong_ledger_above,
    an_empty_ledger,
    put_row,
)
from tests.support.rollup_stack import Stack, assert_exact, table_names
from tests.unit.rollup.builders import event
from tests.unit.rollup.test_parts import dense


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_found_and_repaired(stack: Stack, damage: Callable[[Stack], None]) -> None:
    runner = runner_of(stack)
    damage(stack)
    before = {name: stack.items(name) for name in stack.names}
    assert summary(runner.check(runner.of_deployment())).found
    assert {name: stack.items(name) for name in stack.names} == before
    repaired = summary(runner.repair(runner.of_deployment()))
    assert repaired.found
    assert not repaired.busy
    assert_exact(stack, stack.finals())
    assert is_clean(runner.check(runner.of_deployment()))
    catch_up(stack)
    assert_exact(stack, stack.finals())


def test_rows_that_pool_tools_are_right_and_are_repaired_with_the_same_names(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_limit, "MAX_TOOLS", 3)
    for number, tool in enumerate(["zap", "yap", "CodeQL", "cap", "bap"], start=10):
        stack.recorder.record(event("octo/cat", number, Action.CREATED, created=3, tool=tool))
        catch_up(stack)
    late = event("octo/cat", 10, Action.REOPENED, created=3, at=4, tool="ape", delivery="late")
    stack.recorder.record(late)
    catch_up(stack)
    runner = runner_of(stack)
    assert is_clean(runner.check(runner.of_deployment()))
    for level, name, key in ((REPOSITORY, "repository", CAT), (ORGANISATION, "organisation", OCTO)):
        before = stack.rows(level, name)[key]
        assert {cell.tool for cell, _ in before.counts} == {"CodeQL", "ape", "bap", OTHER}
        put_row(stack, level, name, key, Counts())
        assert summary(runner.check(runner.of_deployment())).found
        assert not summary(runner.repair(runner.of_deployment())).busy
        assert is_clean(runner.check(runner.of_deployment()))
        after = stack.rows(level, name)[key]
        assert (after.counts, after.tool_limit) == (before.counts, before.tool_limit)


def test_correct_rows_are_not_written(stack: Stack) -> None:
    runner = runner_of(stack)
    before = {name: stack.items(name) for name in stack.names}
    for scopes in (runner.of_deployment, lambda: runner.of_repository("octo/cat")):
        assert is_clean(runner.check(scopes()))
        assert is_clean(runner.repair(scopes()))
    assert {name: stack.items(name) for name in stack.names} == before


@pytest.mark.parametrize("damage", [a_wrong_ledger, an_empty_ledger, a_wrong_ledger_above])
def test_correct_totals_stay_correct_during_the_repair(
    stack: Stack, damage: Callable[[Stack], None]
) -> None:
    damage(stack)
    finals, moments = stack.finals(), 0

    def look(**_: object) -> None:
        nonlocal moments
        moments += 1
        assert_exact(stack, finals)

    stack.client.meta.events.register("after-call.dynamodb.TransactWriteItems", look, "look")
    try:
        runner = runner_of(stack)
        assert not summary(runner.repair(runner.of_deployment())).busy
    finally:
        stack.client.meta.events.unregister("after-call.dynamodb.TransactWriteItems", look, "look")
    assert moments
    assert is_clean(runner.check(runner.of_deployment()))


def test_ledger_entry_with_missing_parts_is_reported(
    stack: Stack,
) -> None:
    put_row(stack, REPOSITORY, "repository", CAT, dense([f"t{n:02}" for n in range(12)]))
    stack.apply_rows()
    for item in stack.items("ledger"):
        if parts.is_part(item["part"]["S"]):
            key = {name: item[name] for name in ledger.KEYS}
            stack.client.delete_item(TableName=stack.names["ledger"], Key=key)
    runner = runner_of(stack)
    checked = summary(runner.check(runner.of_organisation("octo")))
    assert checked.found
    assert checked.busy == ["octo (contention)"]


def test_source_missing_in_indexes_is_found_before_a_row_is_replaced(stack: Stack) -> None:
    """Everything but the ledger has lost a repository."""
    a_repository_that_is_gone(stack)
    reader = AuditReader(stack.client, tables=table_names(stack))
    scope = RepositoriesOfOrganisation(reader, "octo")
    assert "octo/cat" not in scope.sources(thorough=False)
    assert scope.sources(thorough=True) == ["octo/cat", "octo/dog"]
    runner = runner_of(stack)
    before = stack.counts(ORGANISATION, "organisation")
    assert not summary(runner.check([scope])).busy
    assert stack.counts(ORGANISATION, "organisation") == before
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_exact(stack, stack.finals())
