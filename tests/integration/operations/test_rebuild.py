"""The rebuild command over moto: whatever was damaged is found and mended, while events flow."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from ingest.terms import Action, ClosedAs, Ref
from operations.errors import NoStackError
from operations.overviews import __main__ as rebuild_command
from operations.overviews import audit
from operations.overviews.reader import AuditReader
from operations.overviews.runner import BUSY, DIFFERENT, AuditRunner
from operations.overviews.subjects import RepositoriesOfOrganisation
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
            stack.alerts.record(event(repository, number, Action.CREATED, created=number))
        fixed = event(
            repository, 2, Action.FIXED, created=2, at=40, closed_as=ClosedAs.FIXED, ref=Ref.DEFAULT
        )
        stack.alerts.record(fixed)
    catch_up(stack)
    assert_exact(stack, stack.finals())
    return stack


def catch_up(stack: Stack) -> None:
    """Deliver the newest image of everything."""
    images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
    stack.apply_alerts(forwarding.alert_messages(images))
    stack.apply_rows()


def test_changes_of_alerts_that_were_never_created_are_in_no_sum(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    for repository in ("octo/cat", "never/seen"):
        closing = event(repository, 99, Action.FIXED, at=3, closed_as=ClosedAs.FIXED)
        stack.alerts.record(closing)
    catch_up(stack)
    assert_exact(stack, stack.finals())
    rebuild = rebuilt(stack)
    assert rebuild.check(rebuild.of_deployment()) == 0
    assert rebuild.repair(rebuild.of_deployment()) == 0
    assert capsys.readouterr().out == "repaired 0 rows and 0 ledger entries\n"
    assert "never/seen" not in AuditReader(stack.client, tables=table_names(stack)).repositories()


def test_gone_alert_leaves_all_sums_and_returns(stack: Stack) -> None:
    for number, repository in product((1, 2), ("octo/cat", "acme/app")):
        stack.alerts.record(event(repository, number, Action.GONE, created=number, at=50))
    stack.alerts.record(event("octo/cat", 98, Action.CREATED, created=3))
    stack.alerts.record(event("octo/cat", 98, Action.GONE, created=3, at=50))
    behind = rebuilt(stack)
    assert behind.check(behind.of_deployment()) == 1
    catch_up(stack)
    assert ("octo/cat", 1) not in stack.finals()
    assert_exact(stack, stack.finals())
    assert behind.check(behind.of_deployment()) == 0
    assert behind.repair(behind.of_deployment()) == 0
    for item in stack.items("ledger"):
        stack.client.delete_item(
            TableName=stack.names["ledger"], Key={key: item[key] for key in ("source", "part")}
        )
    assert behind.repair(behind.of_deployment()) == 0
    assert_exact(stack, stack.finals())
    stack.alerts.record(event("octo/cat", 1, Action.RECONCILED, created=1, at=1, received=51))
    catch_up(stack)
    assert ("octo/cat", 1) in stack.finals()
    assert_exact(stack, stack.finals())
    assert behind.check(behind.of_deployment()) == 0


def test_repair_retracts_gone_alert_whose_message_is_lost(stack: Stack) -> None:
    stack.alerts.record(event("octo/cat", 1, Action.GONE, created=1, at=50))
    rebuild = rebuilt(stack)
    assert rebuild.repair(rebuild.of_deployment()) == 0
    assert_exact(stack, stack.finals())
    assert rebuild.check(rebuild.of_deployment()) == 0


def rebuilt(stack: Stack, wait: Callable[[float], None] = lambda _: None) -> AuditRunner:
    return AuditRunner(stack.client, tables=table_names(stack), wait=wait)


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
    stack.alerts.record(event("octo/cat", 9, Action.CREATED, created=9))
    delete_row(stack, REPOSITORY, "repository", CAT)
    catch_up(stack)


def a_lost_message(stack: Stack) -> None:
    stack.alerts.record(
        event("octo/cat", 1, Action.FIXED, created=1, at=3, closed_as=ClosedAs.FIXED)
    )
    stack.alerts.record(event("octo/cat", 9, Action.CREATED, created=9))


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
def test_damage_is_found_and_mended(
    stack: Stack, damage: Callable[[Stack], None], capsys: pytest.CaptureFixture[str]
) -> None:
    rebuild = rebuilt(stack)
    damage(stack)
    before = {name: stack.items(name) for name in stack.names}
    assert rebuild.check(rebuild.of_deployment()) == DIFFERENT
    assert {name: stack.items(name) for name in stack.names} == before
    assert capsys.readouterr().out
    assert rebuild.repair(rebuild.of_deployment()) == 0
    assert "repaired 0 rows and 0 ledger entries" not in capsys.readouterr().out
    assert_exact(stack, stack.finals())
    assert rebuild.check(rebuild.of_deployment()) == 0
    assert capsys.readouterr().out == ""
    catch_up(stack)
    assert_exact(stack, stack.finals())


def test_rows_that_pool_tools_are_right_and_are_repaired_with_the_same_names(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_limit, "MAX_TOOLS", 3)
    for number, tool in enumerate(["zap", "yap", "CodeQL", "cap", "bap"], start=10):
        stack.alerts.record(event("octo/cat", number, Action.CREATED, created=3, tool=tool))
        catch_up(stack)
    late = event("octo/cat", 10, Action.REOPENED, created=3, at=4, tool="ape", delivery="late")
    stack.alerts.record(late)
    catch_up(stack)
    rebuild = rebuilt(stack)
    assert rebuild.check(rebuild.of_deployment()) == 0
    for level, name, key in ((REPOSITORY, "repository", CAT), (ORGANISATION, "organisation", OCTO)):
        before = stack.rows(level, name)[key]
        assert {cell.tool for cell, _ in before.counts} == {"CodeQL", "ape", "bap", OTHER}
        put_row(stack, level, name, key, Counts())
        assert rebuild.check(rebuild.of_deployment()) == DIFFERENT
        assert rebuild.repair(rebuild.of_deployment()) == 0
        assert rebuild.check(rebuild.of_deployment()) == 0
        after = stack.rows(level, name)[key]
        assert (after.counts, after.tool_limit) == (before.counts, before.tool_limit)


def test_what_is_right_is_left_alone(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    rebuild = rebuilt(stack)
    before = {name: stack.items(name) for name in stack.names}
    for scopes in (rebuild.of_deployment, lambda: rebuild.of_repository("octo/cat")):
        assert rebuild.check(scopes()) == 0
        assert rebuild.repair(scopes()) == 0
    assert {name: stack.items(name) for name in stack.names} == before
    assert capsys.readouterr().out == "repaired 0 rows and 0 ledger entries\n" * 2


@pytest.mark.parametrize("damage", [a_wrong_ledger, an_empty_ledger, a_wrong_ledger_above])
def test_totals_that_were_right_are_right_at_every_moment_of_the_repair(
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
        rebuild = rebuilt(stack)
        assert rebuild.repair(rebuild.of_deployment()) == 0
    finally:
        stack.client.meta.events.unregister("after-call.dynamodb.TransactWriteItems", look, "look")
    assert moments
    assert rebuild.check(rebuild.of_deployment()) == 0


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
def test_repair_is_exact_while_events_flow(
    stack: Stack, damage: Callable[[Stack], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    flowing(stack, monkeypatch)
    damage(stack)
    rebuild = rebuilt(stack)
    assert rebuild.repair(rebuild.of_deployment()) == 0
    monkeypatch.undo()
    catch_up(stack)
    assert_exact(stack, stack.finals())
    assert rebuild.check(rebuild.of_deployment()) == 0


def flowing(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen around each of the first queries: recorded, counted now or later."""
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
            stack.alerts.record(event(repository, number, Action.CREATED, created=moment % 7))
        else:
            stack.alerts.record(
                event(repository, 3, Action.REOPENED, created=3, at=moment, ref=Ref.DEFAULT)
            )
        if moment % 3 == 0:
            images = [{"dynamodb": {"NewImage": item}} for item in stack.items("events")]
            stack.apply_alerts(forwarding.alert_messages(images))
            if moment % 6 == 0:
                stack.apply_rows()

    monkeypatch.setattr(AuditReader, "_pages", read)


def test_messages_on_their_way_are_no_difference(stack: Stack) -> None:
    a_lost_message(stack)
    rebuild = rebuilt(stack, wait=lambda _: catch_up(stack))
    assert rebuild.check(rebuild.of_deployment()) == 0


def test_what_happens_only_while_checking_is_no_difference(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, moments = AuditReader._pages, 0

    def read(self: AuditReader, *args: Any) -> Iterator[Any]:
        nonlocal moments
        moments += 1
        stack.alerts.record(event("octo/cat", 100 + moments, Action.CREATED, created=3))
        yield from pages(self, *args)

    monkeypatch.setattr(AuditReader, "_pages", read)
    rebuild = rebuilt(stack, wait=lambda _: catch_up(stack))
    assert rebuild.check(rebuild.of_repository("octo/cat")) == 0


def test_rows_that_change_all_the_time_are_said(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_row(stack, REPOSITORY, "repository", RowKey("octo/cat", "ALL"), Counts())
    rows, number = AuditReader.rows, 100

    def busy(self: AuditReader, level: Level, name: str) -> Any:
        nonlocal number
        found = rows(self, level, name)
        number += 1
        stack.repositories.apply([entry("octo/cat", number, 1, alert())])
        stack.alerts.record(event("octo/cat", number, Action.CREATED))
        return found

    monkeypatch.setattr(AuditReader, "rows", busy)
    rebuild = rebuilt(stack)
    scope = next(rebuild.of_repository("octo/cat"))
    assert rebuild.check([scope]) == BUSY
    assert "too busy: repository octo/cat ALL" in capsys.readouterr().out
    assert rebuild.repair([scope]) == BUSY
    monkeypatch.undo()
    assert rebuild.repair(rebuild.of_repository("octo/cat")) == 0


def test_a_ledger_entry_of_which_parts_are_lost_is_said(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    put_row(stack, REPOSITORY, "repository", CAT, dense([f"t{n:02}" for n in range(12)]))
    stack.apply_rows()
    for item in stack.items("ledger"):
        if parts.is_part(item["part"]["S"]):
            key = {name: item[name] for name in ledger.KEYS}
            stack.client.delete_item(TableName=stack.names["ledger"], Key=key)
    rebuild = rebuilt(stack)
    assert rebuild.check(rebuild.of_organisation("octo")) == DIFFERENT
    assert "too busy: octo (contention)" in capsys.readouterr().out


def test_a_source_that_no_index_finds_is_found_before_a_sum_is_put(stack: Stack) -> None:
    """Everything but the ledger has lost a repository."""
    a_repository_that_is_gone(stack)
    reader = AuditReader(stack.client, tables=table_names(stack))
    scope = RepositoriesOfOrganisation(reader, "octo")
    assert "octo/cat" not in scope.sources(thorough=False)
    assert scope.sources(thorough=True) == ["octo/cat", "octo/dog"]
    rebuild = rebuilt(stack)
    before = stack.counts(ORGANISATION, "organisation")
    assert rebuild.check([scope]) in (0, DIFFERENT)
    assert stack.counts(ORGANISATION, "organisation") == before
    assert rebuild.repair(rebuild.of_deployment()) == 0
    assert_exact(stack, stack.finals())


def test_the_command_reads_the_stack_s_outputs(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "_LATE_S", 0)
    outputs = {
        "AllEventsTable": stack.names["events"],
        "RepositoryOverviewTable": stack.names["repository"],
        "OrganisationOverviewTable": stack.names["organisation"],
        "LedgerTable": stack.names["ledger"],
    }
    monkeypatch.setattr(rebuild_command, "outputs_of", lambda _, name: {"Gcsmttr": outputs}[name])
    monkeypatch.setattr(boto3, "client", {"dynamodb": stack.client}.get)
    a_wrong_headline(stack)
    given = ["--stack", "Gcsmttr", "--repository", "octo/cat"]
    assert rebuild_command.main([*given, "--check"]) == DIFFERENT
    said = capsys.readouterr().out
    assert said == (
        f"repository octo/cat {JANUARY}: monthlyPeriod expected 2026-01, found none; "
        "openAlerts expected 3, found 77\n"
    )
    assert rebuild_command.main(given) == 0
    assert rebuild_command.main(["--stack", "Gcsmttr", "--organisation", "octo", "--check"]) == 0
    assert rebuild_command.main(["--stack", "Gcsmttr", "--all", "--check"]) == 0


def test_the_command_has_its_own_status_for_a_stack_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def outputs_of(_: object, stack: str) -> Any:
        raise NoStackError(stack, "eu-west-1")

    monkeypatch.setattr(rebuild_command, "outputs_of", outputs_of)
    monkeypatch.setattr(boto3, "client", lambda _: None)
    status = rebuild_command.main(["--stack", "Mine", "--all"])
    assert status not in {0, DIFFERENT, BUSY}
    assert "no GCSMTTR stack with the name Mine" in capsys.readouterr().err
