"""Check and repair over moto: any damage is found and repaired, while events arrive."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from ingest.terms import Action, ClosedAs, Ref
from operations.overviews.reader import AuditReader
from operations.overviews.runner import AuditRunner, Result
from operations.overviews.subjects import RepositoriesOfOrganisation
from operations.overviews.verification import Summary
from rollup.metrics import tool_limit
from rollup.metrics.counts import Counts
from rollup.metrics.tool_limit import OTHER
from rollup.queues import forwarding
from rollup.rows import ledger, overview_row, parts
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey
from rollup.stores import item_reader
from rollup.stores.row_reader import entry_of
from tests.support.rollup_stack import Stack, assert_exact, table_names
from tests.unit.rollup.builders import alert, entry, event
from tests.unit.rollup.test_parts import dense

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

REPOSITORIES = ("octo/cat", "octo/dog", "acme/app")
JANUARY = "MONTH#2026-01"


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_reader, "pause", lambda _backoff, _attempt: None)
    monkeypatch.setattr("operations.overviews.reader.pause", lambda _backoff, _attempt: None)


@pytest.fixture
def stack(client: "DynamoDBClient") -> Stack:
    """Three repositories of two organisations, everything counted."""
    stack = Stack(client)
    for repository in REPOSITORIES:
        for number in range(1, 5):
            stack.recorder.record(event(repository, number, Action.CREATED, created=number))
        fixed = event(
            repository, 2, Action.FIXED, created=2, at=40, closed_as=ClosedAs.FIXED, ref=Ref.DEFAULT
        )
        stack.recorder.record(fixed)
    catch_up(stack)
    assert_exact(stack, stack.finals())
    return stack


def catch_up(stack: Stack) -> None:
    """Deliver the newest image of everything."""
    images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
    stack.apply_alerts(forwarding.alert_messages(images))
    stack.apply_rows()


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


def runner_of(stack: Stack, wait: Callable[[float], None] = lambda _: None) -> AuditRunner:
    return AuditRunner(stack.client, tables=table_names(stack), wait=wait)


def summary(results: Iterable[Result]) -> Summary:
    summary = Summary()
    for result in results:
        summary.add(result)
    return summary


def is_clean(results: Iterable[Result]) -> bool:
    """Return whether nothing was wrong, repaired or too busy."""
    found = summary(results)
    return not found.found and not found.busy


def delete_row(stack: Stack, level: Level, name: str, row: RowKey) -> None:
    stack.client.delete_item(TableName=stack.names[name], Key=overview_row.key(level, row))


def put_row(stack: Stack, level: Level, name: str, row: RowKey, counts: Counts) -> None:
    """Put counts that are not the sum."""
    known = stack.rows(level, name)[row]
    store = stack.store(level, name)
    assert store.put(replace(known, revision=known.revision + 1, counts=counts))


def put_entry(stack: Stack, wrong: Entry) -> None:
    (item,) = ledger.to_items(wrong)
    stack.client.put_item(TableName=stack.names["ledger"], Item=item)


CAT = RowKey("octo/cat", JANUARY)
OCTO = RowKey("octo", JANUARY)


def a_wrong_repository_row(stack: Stack) -> None:
    put_row(stack, REPOSITORY, "repository", CAT, dense(["CodeQL"]))


def a_wrong_headline(stack: Stack) -> None:
    stack.client.update_item(
        TableName=stack.names["repository"],
        Key=overview_row.key(REPOSITORY, CAT),
        UpdateExpression="SET openAlerts = :n REMOVE monthlyPeriod",
        ExpressionAttributeValues={":n": {"N": "77"}},
    )


def a_missing_repository_row(stack: Stack) -> None:
    delete_row(stack, REPOSITORY, "repository", CAT)


def a_missing_repository_row_that_was_begun_again(stack: Stack) -> None:
    stack.recorder.record(event("octo/cat", 9, Action.CREATED, created=9))
    delete_row(stack, REPOSITORY, "repository", CAT)
    catch_up(stack)


def a_lost_message(stack: Stack) -> None:
    stack.recorder.record(
        event("octo/cat", 1, Action.FIXED, created=1, at=3, closed_as=ClosedAs.FIXED)
    )
    stack.recorder.record(event("octo/cat", 9, Action.CREATED, created=9))


def a_wrong_ledger(stack: Stack) -> None:
    put_entry(stack, replace(entry("octo/cat", 1, 1, alert(closed=2)), writes=7))


def a_ledger_of_older_code(stack: Stack) -> None:
    stack.repositories.apply([entry("octo/cat", 1, 1, alert(created=1, tool="Old"))])
    stack.apply_rows()


def an_empty_ledger(stack: Stack) -> None:
    for item in stack.items("ledger"):
        key = {name: item[name] for name in ledger.KEYS}
        stack.client.delete_item(TableName=stack.names["ledger"], Key=key)


def an_orphan(stack: Stack) -> None:
    stack.client.delete_item(
        TableName=stack.names["events"],
        Key={"repositoryName": {"S": "octo/cat"}, "alertID": {"N": "2"}},
    )


def a_ledger_ahead(stack: Stack) -> None:
    stack.repositories.apply([entry("octo/cat", 1, 8, alert(created=1, closed=2))])
    stack.apply_rows()


def a_repository_that_is_gone(stack: Stack) -> None:
    for name, sort in (("events", "alertID"), ("repository", "period")):
        for item in stack.items(name):
            if item["repositoryName"]["S"] == "octo/cat":
                key = {one: item[one] for one in ("repositoryName", sort)}
                stack.client.delete_item(TableName=stack.names[name], Key=key)


def a_wrong_organisation_row(stack: Stack) -> None:
    put_row(stack, ORGANISATION, "organisation", OCTO, Counts())


def a_missing_organisation_row(stack: Stack) -> None:
    delete_row(stack, ORGANISATION, "organisation", RowKey("octo", "ALL"))


def a_lost_message_of_a_row(stack: Stack) -> None:
    a_lost_message(stack)
    images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
    stack.apply_alerts(forwarding.alert_messages(images))


def a_wrong_ledger_above(stack: Stack) -> None:
    known = stack.rows(REPOSITORY, "repository")[CAT]
    wrong = replace(known, counts=dense(["x"]))
    put_entry(stack, replace(entry_of(wrong), writes=7))


def a_row_of_which_parts_are_lost(stack: Stack) -> None:
    put_row(stack, REPOSITORY, "repository", CAT, dense([f"t{n:02}" for n in range(12)]))
    for item in stack.items("repository"):
        if parts.is_part(item["period"]["S"]):
            key = {one: item[one] for one in ("repositoryName", "period")}
            stack.client.delete_item(TableName=stack.names["repository"], Key=key)


DAMAGES: list[Callable[[Stack], None]] = [
    a_wrong_repository_row,
    a_wrong_headline,
    a_missing_repository_row,
    a_missing_repository_row_that_was_begun_again,
    a_lost_message,
    a_wrong_ledger,
    a_ledger_of_older_code,
    an_empty_ledger,
    an_orphan,
    a_ledger_ahead,
    a_repository_that_is_gone,
    a_wrong_organisation_row,
    a_missing_organisation_row,
    a_lost_message_of_a_row,
    a_wrong_ledger_above,
    a_row_of_which_parts_are_lost,
]


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
