"""Damages to the rows and the ledger, which a check finds and a repair removes."""

from collections.abc import Callable
from dataclasses import replace

from ingest.terms import Action, ClosedAs
from rollup.metrics.counts import Counts
from rollup.queues import forwarding
from rollup.rows import ledger, overview_row, parts
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey
from rollup.stores.row_reader import entry_of
from tests.integration.operations.overviews.audits import catch_up
from tests.support.rollup_stack import Stack
from tests.unit.rollup.builders import alert, entry, event
from tests.unit.rollup.test_parts import dense

JANUARY = "MONTH#2026-01"
CAT = RowKey("octo/cat", JANUARY)
OCTO = RowKey("octo", JANUARY)


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
