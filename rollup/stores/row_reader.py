"""Repository Overview as the organisation queue handler reads it.

Owns the reads of the rows that messages name. A message does not contain a row, which can be larger
than a message.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.origin import Origins, merged
from rollup.rows import ledger, overview_row
from rollup.rows.contribution import RowContribution
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import REPOSITORY, OverviewRow
from rollup.rows.row_key import RowKey, RowRevision
from rollup.stores.item_reader import ItemReader

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class RowReader:
    """A reader of repository rows as sources of organisation rows."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._table = table
        self._reader = ItemReader(client, {table: REPOSITORY.keys})

    def entries(self, rows: Iterable[RowRevision]) -> list[Entry]:
        """Return entries for the current rows, at the named revisions or later ones.

        A row that does not exist any more is left out; the ledger keeps its last entry. An entry
        has the origins of the named revisions and of the current one. Raises ContentionError if
        rows stay busy.
        """
        keys: dict[RowKey, list[Origins]] = {}
        for row in rows:
            keys.setdefault(row.key, []).append(row.origins)
        items = self._reader.read(
            [(self._table, overview_row.key(REPOSITORY, key)) for key in keys]
        )
        found = [overview_row.from_items(REPOSITORY, *item) for item in items.get(self._table, ())]
        return [
            replace(entry_of(row), origins=merged((*keys[row.key], row.origins))) for row in found
        ]


def entry_of(row: OverviewRow) -> Entry:
    """Return the ledger entry for a repository's row, which adds to its organisation's row."""
    return Entry(
        ledger.row_source(*row.key),
        row.revision,
        RowContribution(row.key, row.counts, row.spelling, row.last_event_ms),
    )
