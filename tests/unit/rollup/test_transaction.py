"""Chunks of entries that fit into one transaction."""

from rollup.rollup_step import rows_of_entry
from rollup.stores.transaction import chunks
from tests.unit.rollup.test_message import entry


def test_chunks_contain_every_entry_in_order() -> None:
    entries = [entry(number) for number in range(300)]
    assert [e for chunk in chunks(entries, rows_of_entry) for e in chunk] == entries
    assert list(chunks([], rows_of_entry)) == []
