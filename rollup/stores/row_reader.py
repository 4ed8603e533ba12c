"""The RepositoryOverview table as the organisations' applier sees it.

Owns the reading of what messages only name: a row can be larger than a message.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rollup.rows import ledger, overview_row
from rollup.rows.contribution import RowContribution
from rollup.rows.ledger import Entry
from rollup.rows.overview_row import REPOSITORY, OverviewRow
from rollup.rows.row_key import RowRevision
from rollup.stores.item_reader import ItemReader

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class RowReader:
    """The rows of repositories, as sources of what is above them."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._table = table
        self._reader = ItemReader(client, {table: REPOSITORY.keys})

    def entries(self, rows: Iterable[RowRevision]) -> list[Entry]:
        """The rows as they are now, at least at the revisions named, as entries for the ledger.

        One that is gone is left out: the ledger keeps what it was. Raises ContentionError.
        """
        named = dict.fromkeys(row.key for row in rows)
        wholes = self._reader.read(
            [(self._table, overview_row.key(REPOSITORY, key)) for key in named]
        )
        return [
            entry_of(overview_row.from_items(REPOSITORY, *whole))
            for whole in wholes.get(self._table, ())
        ]


def entry_of(row: OverviewRow) -> Entry:
    """What a repository's row adds to its organisation's."""
    return Entry(
        ledger.row_source(*row.key),
        row.revision,
        RowContribution(row.key, row.counts, row.spelling, row.last_event_ms),
    )
