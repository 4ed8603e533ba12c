"""Rows larger than one item stay exact at both levels, over real table calls (moto)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from rollup.metrics.counts import Counts, Outcome
from rollup.metrics.tool_limit import MAX_TOOLS, OTHER
from rollup.queues import forwarding
from rollup.queues.message import unpack_rows
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, OverviewRow, key, part_keys
from rollup.rows.parts import is_part
from rollup.rows.row_key import RowKey, RowRevision
from rollup.stores import item_reader
from rollup.stores.item_reader import ContentionError, ItemReader
from tests.support.rollup_stack import Stack, recomputed
from tests.unit.rollup.builders import alert, entry
from tests.unit.rollup.test_parts import dense

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MONTH = RowKey("octo/cat", "MONTH#2026-01")
ABOVE = RowKey("octo", "MONTH#2026-01")
TOOLS = [f"tool {number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


def put(stack: Stack, counts: Counts) -> None:
    """Replace the counts of the month's row, and apply the row to the organisation."""
    before = stack.rows(REPOSITORY, "repository").get(MONTH)
    revision, parts = (before.revision, before.parts) if before else (0, 0)
    row = OverviewRow(MONTH, revision + 1, counts, parts=parts)
    assert stack.repositories.put(row)
    stack.apply_rows()


def parts_of(stack: Stack, name: str, sort: str) -> list[str]:
    return sorted(i[sort]["S"] for i in stack.items(name) if is_part(i[sort]["S"]))


def test_row_of_twelve_dense_tools_is_exact_at_both_levels(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    large = dense(TOOLS, 60_000)
    put(stack, large)
    finals = {("octo/cat", n): alert(created=n, closed=40 + n, tool=TOOLS[n]) for n in range(12)}
    stack.repositories.apply([entry(*where, 1, state) for where, state in finals.items()])
    stack.apply_rows()
    expected = large + recomputed(finals, lambda name, _: name)[MONTH]
    assert stack.counts(REPOSITORY, "repository")[MONTH] == expected
    assert stack.counts(ORGANISATION, "organisation")[ABOVE] == expected
    names = [f"PART#MONTH#2026-01#{number:02}" for number in range(1, 6)]
    assert parts_of(stack, "repository", "period") == names
    assert parts_of(stack, "organisation", "period") == names
    assert parts_of(stack, "ledger", "part") == names


def test_row_that_shrinks_deletes_its_parts(client: "DynamoDBClient") -> None:
    stack = Stack(client)
    for number in (12, 8, 2):
        put(stack, dense(TOOLS[:number], 60_000))
        assert stack.counts(ORGANISATION, "organisation")[ABOVE] == dense(TOOLS[:number], 60_000)
        for name, sort in (
            ("repository", "period"),
            ("organisation", "period"),
            ("ledger", "part"),
        ):
            assert len(parts_of(stack, name, sort)) == {12: 5, 8: 3, 2: 0}[number]


def test_parts_are_not_indexed_and_not_forwarded(client: "DynamoDBClient") -> None:
    stack = Stack(client)
    put(stack, dense(TOOLS, 60_000))
    images = [item for item in stack.items("repository") if is_part(item["period"]["S"])]
    assert images
    assert all(
        item.keys() == {"repositoryName", "period", "revision", "cells", "cohorts"}
        for item in images
    )
    assert list(forwarding.row_messages([{"dynamodb": {"NewImage": i}} for i in images])) == []


def test_row_written_between_reads_of_its_items_is_read_again(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(client)
    put(stack, dense(TOOLS, 60_000))
    items, reads = ItemReader._items, 0

    def interrupted(self: ItemReader, item_keys: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads == 2:
            monkeypatch.setattr(ItemReader, "_items", items)
            put(stack, dense(TOOLS, 60_001))
        return items(self, item_keys)

    monkeypatch.setattr(ItemReader, "_items", interrupted)
    (found,) = stack.reader.entries([RowRevision(MONTH, 1)])
    assert reads == 2
    assert found.revision == 2
    assert found.shares()[ABOVE].counts == dense(TOOLS, 60_001)


def test_row_with_missing_parts_raises_contention(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_reader, "pause", lambda _backoff, _attempt: None)
    stack = Stack(client)
    put(stack, dense(TOOLS, 60_000))
    table = stack.names["repository"]
    main = client.get_item(TableName=table, Key=key(REPOSITORY, MONTH))["Item"]
    client.delete_item(TableName=table, Key=part_keys(REPOSITORY, main)[0])
    with pytest.raises(ContentionError):
        stack.repositories.apply([entry("octo/cat", 1, 1, alert())])


def test_row_with_every_cell_and_bin_fits_at_both_levels(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    tools = [f"tool {number:02}" for number in range(MAX_TOOLS)]
    large = dense([*tools, "", OTHER], 15)
    put(stack, large)
    assert stack.counts(ORGANISATION, "organisation")[ABOVE] == large


def test_thousand_tools_cost_no_more_than_fifty(client: "DynamoDBClient") -> None:
    (few, small), (many, large) = (costs_of_tools(client, n) for n in (MAX_TOOLS, 1_000))
    assert many <= few
    assert large <= small * 1.1


def costs_of_tools(client: "DynamoDBClient", number: int) -> tuple[int, int]:
    """Return the requests and the largest row's bytes for 1,000 alerts of some tools."""
    stack, requests = Stack(client), list[str]()

    def note(model: Any, **_: object) -> None:
        requests.append(model.name)

    finals = {
        ("octo/cat", n): alert(created=n // 200, closed=9, tool=f"tool {n % number:03}")
        for n in range(1_000)
    }
    entries = [entry(*where, 1, state) for where, state in finals.items()]
    client.meta.events.register("before-call.dynamodb", note)
    for start in range(0, len(entries), 200):
        stack.repositories.apply(entries[start : start + 200])
        stack.apply_rows()
    client.meta.events.unregister("before-call.dynamodb", note)
    for level, name in ((REPOSITORY, "repository"), (ORGANISATION, "organisation")):
        for row in stack.rows(level, name).values():
            assert len({key.tool for key, _ in row.counts} - {OTHER}) == MAX_TOOLS
            assert row.counts.count({Outcome.OPENED}) in {0, 200, 1_000}
    return len(requests), max(len(item["cells"]["B"]) for item in stack.items("repository"))


def test_large_rows_in_one_message_are_applied_in_several_transactions(
    client: "DynamoDBClient",
) -> None:
    stack = Stack(client)
    counts = dense(TOOLS[:3], 60_000)
    keys = [RowKey("octo/cat", f"DAY#2026-01-{day:02}") for day in range(1, 16)]
    for row in keys:
        assert stack.repositories.put(OverviewRow(row, 1, counts))
    (message,) = forwarding.row_messages(
        {"dynamodb": {"NewImage": item}} for item in stack.items("repository")
    )
    assert len(stack.organisations.apply(stack.reader.entries(unpack_rows(message.body)))) == 15
    assert set(stack.counts(ORGANISATION, "organisation")) == {
        RowKey("octo", k.period) for k in keys
    }
