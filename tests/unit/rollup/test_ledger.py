"""Ledger entries: read as they were written, and replaced only if unchanged since the read."""

from dataclasses import replace

from rollup.metrics.counts import Counts
from rollup.rows import ledger
from rollup.rows.contribution import RowContribution
from rollup.rows.ledger import Entry, row_source
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling
from tests.unit.rollup.builders import alert
from tests.unit.rollup.builders import entry as stored_entry
from tests.unit.rollup.test_message import entry


def test_ledger_entries_round_trip() -> None:
    key = RowKey("o/r", "ALL")
    spelled = RowContribution(key, Counts(), Spelling(1_767_225_600_000, "O/r"), 1_767_225_600_000)
    unknown = RowContribution(key, Counts(), UNKNOWN, 0)
    rows = [Entry(row_source(*key), 3, contribution) for contribution in (spelled, unknown)]
    for one in (entry(1), *rows):
        (item,) = ledger.to_items(one)
        assert ledger.from_items(item) == one


def test_entry_without_writes_is_replaced_only_if_still_without_writes() -> None:
    known = stored_entry("octo/cat", 1, 3, alert())
    condition = ledger.unchanged(known)["ConditionExpression"]
    assert condition == "revision = :revision AND attribute_not_exists(writes)"
    assert ":writes" in ledger.unchanged(replace(known, writes=2))["ExpressionAttributeValues"]
