"""The overview rows that one request needs, each read once, in the fewest reads.

Owns how stretches of periods become reads: one query a range, over the table for one name, over the
index for all repositories of an organisation; for chosen repositories whichever is fewer, queries
or batches of keys. Knows nothing of what the counts amount to.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graphql_api import tables
from graphql_api.errors import BusyError
from graphql_api.item import Item, spelling
from graphql_api.reader import KEYS_PER_READ, Reader
from graphql_api.tables import IN_EVERY_WHOLE, Listing, Tables
from ingest.names import owner_of
from rollup import overview_row
from rollup.overview_row import REPOSITORY, Level
from rollup.parts import TornRowError
from rollup.period import ALL
from rollup.row_key import RowKey
from rollup.tally import PeriodCounts
from rollup.window import key_ranges

Read = Callable[[Iterable[str]], list[PeriodCounts]]
"""Reads the rows that a question is about, by the keys of their periods."""

_ATTEMPTS = 4


class Overviews:
    """What was read so far. Made for each request: two fields of one document share their reads."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self.reader = reader
        self.tables = tables
        self._known: dict[tuple[str, ...], Sequence[Item]] = {}
        self._spellings: dict[str, str] = {}

    def whole(self, level: Level, name: str) -> Item | None:
        """Return the ALL row of a name, or None while it counts nothing."""
        for item in self._ranges(level, name, [ALL]):
            return item if IN_EVERY_WHOLE[level] in item else None
        return None

    def spelled(self, name: str) -> str:
        """Return the newest spelling of a name whose ALL row was counted, or else its key."""
        return self._spellings.get(name, name)

    def of_name(self, level: Level, name: str, keys: Iterable[str]) -> list[PeriodCounts]:
        """Return the periods of one repository or organisation."""
        return self._counted(level, self._ranges(level, name, keys))

    def of_organisation(self, organisation: str, keys: Iterable[str]) -> list[PeriodCounts]:
        """Return the periods of every repository of an organisation."""
        items: list[Item] = []
        for first, last in key_ranges(keys):
            listing = tables.periods_of_repositories(self.tables, organisation, first, last)
            items += self._all(("organisation", organisation, first, last), listing)
        return self._counted(REPOSITORY, items)

    def of_repositories(
        self, organisation: str, names: Sequence[str], keys: Iterable[str]
    ) -> list[PeriodCounts]:
        """Return the periods of some repositories, as far as they are the organisation's."""
        names = [name for name in names if owner_of(name) == organisation]
        wanted = sorted(set(keys))
        by_query = len(names) * len(key_ranges(wanted))
        by_key = -(-len(names) * len(wanted) // KEYS_PER_READ)
        if by_query < by_key:
            items = [item for name in names for item in self._ranges(REPOSITORY, name, wanted)]
        else:
            items = list(self._batch(names, wanted))
        return self._counted(REPOSITORY, items)

    def _ranges(self, level: Level, name: str, keys: Iterable[str]) -> list[Item]:
        items: list[Item] = []
        for first, last in key_ranges(keys):
            listing = tables.periods_of_name(self.tables, level, name, first, last)
            items += self._all((level.name_attribute, name, first, last), listing)
        return items

    def _all(self, known_as: tuple[str, ...], listing: Listing) -> Sequence[Item]:
        if known_as not in self._known:
            self._known[known_as] = self.reader.all(listing)
        return self._known[known_as]

    def _batch(self, names: Sequence[str], periods: Sequence[str]) -> Sequence[Item]:
        known_as = ("batch", *names, *periods)
        if known_as not in self._known:
            keys = [
                overview_row.key(REPOSITORY, RowKey(name, period))
                for name in names
                for period in periods
            ]
            self._known[known_as] = self.reader.batch(self.tables.repository_overview, keys)
        return self._known[known_as]

    def _counted(self, level: Level, items: Iterable[Item]) -> list[PeriodCounts]:
        """Unpack rows; those whose counts returned to zero are left out."""
        return [row for row in (self._row(level, item) for item in items) if row.counts]

    def _row(self, level: Level, item: Item) -> PeriodCounts:
        key = overview_row.key_of_item(level, item)
        for _ in range(_ATTEMPTS):
            parts: list[Item] = []
            if part_keys := overview_row.part_keys(level, item):
                parts = self.reader.batch(self.tables.overview(level), part_keys)
            if key.period == ALL:
                self._spellings[key.name] = spelling(level, item)
            try:
                return PeriodCounts(*key, overview_row.counts_of(item, parts))
            except TornRowError:
                item = self._again(level, key, item)
        raise BusyError("A row kept changing while it was read: try again in a moment.")

    def _again(self, level: Level, key: RowKey, item: Item) -> Item:
        request: dict[str, Any] = {
            "TableName": self.tables.overview(level),
            "Key": overview_row.key(level, key),
            "ConsistentRead": True,
        }
        return self.reader.one(request) or item
