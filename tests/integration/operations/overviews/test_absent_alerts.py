"""Alerts that were never created, or are gone, are in no sum and are not differences."""

from itertools import product

from ingest.terms import Action, ClosedAs
from operations.overviews.reader import AuditReader
from tests.integration.operations.overviews.audits import catch_up, is_clean, runner_of, summary
from tests.support.rollup_stack import Stack, assert_exact, table_names
from tests.unit.rollup.builders import event


def test_changes_of_alerts_that_were_never_created_are_in_no_sum(
    stack: Stack,
) -> None:
    for repository in ("octo/cat", "never/seen"):
        closing = event(repository, 99, Action.FIXED, at=3, closed_as=ClosedAs.FIXED)
        stack.recorder.record(closing)
    catch_up(stack)
    assert_exact(stack, stack.finals())
    runner = runner_of(stack)
    assert is_clean(runner.check(runner.of_deployment()))
    assert is_clean(runner.repair(runner.of_deployment()))
    assert "never/seen" not in AuditReader(stack.client, tables=table_names(stack)).repositories()


def test_gone_alert_leaves_all_sums_and_returns(stack: Stack) -> None:
    for number, repository in product((1, 2), ("octo/cat", "acme/app")):
        stack.recorder.record(event(repository, number, Action.GONE, created=number, at=50))
    stack.recorder.record(event("octo/cat", 98, Action.CREATED, created=3))
    stack.recorder.record(event("octo/cat", 98, Action.GONE, created=3, at=50))
    runner = runner_of(stack)
    assert summary(runner.check(runner.of_deployment())).found
    catch_up(stack)
    assert ("octo/cat", 1) not in stack.finals()
    assert_exact(stack, stack.finals())
    assert is_clean(runner.check(runner.of_deployment()))
    assert not summary(runner.repair(runner.of_deployment())).busy
    for item in stack.items("ledger"):
        stack.client.delete_item(
            TableName=stack.names["ledger"], Key={key: item[key] for key in ("source", "part")}
        )
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_exact(stack, stack.finals())
    stack.recorder.record(event("octo/cat", 1, Action.RECONCILED, created=1, at=1, received=51))
    catch_up(stack)
    assert ("octo/cat", 1) in stack.finals()
    assert_exact(stack, stack.finals())
    assert is_clean(runner.check(runner.of_deployment()))


def test_repair_retracts_gone_alert_whose_message_is_lost(stack: Stack) -> None:
    stack.recorder.record(event("octo/cat", 1, Action.GONE, created=1, at=50))
    runner = runner_of(stack)
    assert not summary(runner.repair(runner.of_deployment())).busy
    assert_exact(stack, stack.finals())
    assert is_clean(runner.check(runner.of_deployment()))
