"""Ledger entries: read as they were written, and replaced only if nobody wrote in between."""

from dataclasses import replace

from rollup.metrics.counts import Counts
from rollup.rows import ledger
from rollup.rows.contribution import RowContribution
from rollup.rows.ledger import Entry, row_source
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling
from tests.integration.rollup_stack import alert
from tests.integration.rollup_stack import entry as stored_entry
from tests.unit.rollup.test_message import entry


def test_ledger_entries_are_read_as_they_were_written() -> None:
    key = RowKey("o/r", "ALL")
    spelled = RowContribution(key, Counts(), Spelling(1_767_225_600_000, "O/r"), 1_767_225_600_000)
    unknown = RowContribution(key, Counts(), UNKNOWN, 0)
    rows = [Entry(row_source(*key), 3, contribution) for contribution in (spelled, unknown)]
    for one in (entry(1), *rows):
        (item,) = ledger.to_items(one)
        assert ledger.from_items(item) == one


def test_the_condition_of_an_entry_of_older_code_is_that_nobody_wrote_it_since() -> None:
    known = stored_entry("octo/cat", 1, 3, alert())
    condition = ledger.unchanged(known)["ConditionExpression"]
    assert condition == "revision = :revision AND attribute_not_exists(writes)"
    assert ":writes" in ledger.unchanged(replace(known, writes=2))["ExpressionAttributeValues"]
