"""The overview rows that one request needs, page by page, with the fewest reads.

Owns the choice of the reads for some periods: a query for each range of periods of one name, a
query of an index for all repositories of an organisation, and the cheaper of batches and queries
for some repositories. Does not interpret the counts of a row.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from graphql_api.reading import overview_lists
from graphql_api.reading.attribute_values import Item, spelling
from graphql_api.reading.reader import Reader
from graphql_api.reading.row_cache import PackedRow, Pages, RowCache
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.reading.tables import IN_EVERY_TOTAL, Listing, Tables
from graphql_api.vocabulary.errors import BusyError
from ingest.names import owner_of
from rollup.metrics.period import ALL
from rollup.metrics.window import key_ranges
from rollup.rows import overview_row
from rollup.rows.attributes import CELLS, COHORTS, HEADLINE, PARTS, PERIOD, REPOSITORY_NAME
from rollup.rows.counts_codec import is_empty
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.parts import TornRowError
from rollup.rows.row_key import RowKey

MANY_READS = 20
"""From this number of reads, another read to count an organisation's repositories is worth it."""

_WITH_COHORTS = "cohorts"
"""The start of the cache keys of rows that were read with their cohorts."""

_ATTEMPTS = 4
_PAGE_BYTES = 1_048_576
_ROW_BYTES = 500
"""The approximate size of a stored row, for the estimate of reads."""

Read = Callable[[Iterable[str]], Pages]
"""Reads the rows of a query, by the keys of their periods."""


class Overviews:
    """The overview rows of one request. Two fields of its document share their reads."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self.reader = reader
        self.tables = tables
        self._cache = RowCache(reader.budget)
        self._totals: dict[str, Item] = {}
        self._spellings: dict[str, str] = {}
        self._repositories: dict[str, int] = {}

    def total_row(self, level: Level, name: str) -> Item | None:
        """Return the ALL row of a name, or None if it does not count anything."""
        for _ in self.of_name(level, name, [ALL]):
            pass
        return self._totals.get(name)

    def spelling_of(self, name: str) -> str:
        """Return the newest spelling of a name whose ALL row was read; else the name itself."""
        return self._spellings.get(name, name)

    def of_name(
        self, level: Level, name: str, keys: Iterable[str], *, cohorts: bool = False
    ) -> Pages:
        """Yield the rows of some periods of one repository or organisation."""
        for first, last in key_ranges(keys):
            yield from self._range_of_name(level, name, (first, last), cohorts=cohorts)

    def _range_of_name(
        self, level: Level, name: str, periods: tuple[str, str], *, cohorts: bool
    ) -> Pages:
        listing = overview_lists.of_name(self.tables, level, name, *periods)
        return self._rows(level, listing, (name, *periods), cohorts=cohorts)

    def _rows(
        self, level: Level, listing: Listing, key: tuple[str, ...], *, cohorts: bool
    ) -> Pages:
        """Yield the rows of a list. `key` ends with its first and last period."""
        if cohorts and key[-1] != ALL:  # The ALL row has no cohorts, and other fields read it too.
            listing = listing._replace(request=overview_lists.with_cohorts(listing.request))
            key = (_WITH_COHORTS, *key)
        read = partial(self._packed_rows, level, self.reader.pages(listing))
        return self._cache.rows(key, read)

    def of_organisation(
        self, organisation: str, keys: Iterable[str], *, cohorts: bool = False
    ) -> Pages:
        """Yield the rows of some periods of every repository of an organisation."""
        for first, last in key_ranges(keys):
            listing = overview_lists.of_repositories(self.tables, organisation, first, last)
            key = ("cells", organisation, first, last)
            pages = self._rows(REPOSITORY, listing, key, cohorts=cohorts)
            yield from self._counted(organisation, pages) if first == ALL else pages

    def headlines(self, organisation: str, keys: Iterable[str]) -> Pages:
        """Yield the headlines of some periods of every repository of an organisation."""
        for first, last in key_ranges(keys):
            read = partial(self._packed_headlines, organisation, first, last)
            key = ("headlines", organisation, first, last)
            pages = self._cache.rows(key, read, are_headlines=True)
            yield from self._counted(organisation, pages) if first == ALL else pages

    def _counted(self, organisation: str, pages: Pages) -> Pages:
        """Yield the ALL rows of an organisation's repositories, and store their number."""
        number = 0
        for rows in pages:
            number += len(rows)
            yield rows
        self._repositories[organisation] = number

    def of_repositories(
        self,
        organisation: str,
        names: Sequence[str],
        keys: Iterable[str],
        *,
        cohorts: bool = False,
    ) -> Pages:
        """Yield the rows of some periods of those repositories that belong to an organisation.

        Raises:
            TooManyReadsError: The rows need more reads than are left. It is raised before the first
                read.
        """
        names = [name for name in names if owner_of(name) == organisation]
        periods = sorted(set(keys))
        # A query reads a whole range of one name. A batch reads a hundred keys of any names.
        long = [pair for pair in key_ranges(periods) if _count(periods, *pair) >= KEYS_PER_READ]
        single = [key for key in periods if not any(first <= key <= last for first, last in long)]
        reads = len(names) * len(long) + -(-len(names) * len(single) // KEYS_PER_READ)
        if reads > MANY_READS and organisation not in self._repositories:
            for _ in self.headlines(organisation, [ALL]):
                pass
        if self._reads_of_all(organisation, periods) < reads:
            chosen = frozenset(names)
            for rows in self.of_organisation(organisation, periods, cohorts=cohorts):
                yield [row for row in rows if row.name in chosen]
            return
        self.reader.budget.expect_reads(reads)
        for first, last in long:
            for name in names:
                yield from self._range_of_name(REPOSITORY, name, (first, last), cohorts=cohorts)
        yield from self._single_periods(names, single, cohorts=cohorts)

    def _single_periods(
        self, names: Sequence[str], periods: Sequence[str], *, cohorts: bool
    ) -> Pages:
        prefix = ("batch", *names, "")
        key = (_WITH_COHORTS, *prefix, *periods) if cohorts else (*prefix, *periods)
        read = partial(self._by_key, names, periods, cohorts=cohorts)
        yield from self._cache.rows(key, read)
        if ALL in periods and (kept := self._cache.get(key)) is not None:
            # Other fields, and warnings, read only these.
            totals = [row for row in kept if row.period == ALL]
            self._cache.add_alias((*prefix, ALL), totals)

    def _reads_of_all(self, organisation: str, keys: Sequence[str]) -> int:
        """Return the most reads for the rows of all repositories; huge if unknown."""
        number = self._repositories.get(organisation)
        if number is None:
            return 1_000_000
        ranges = len(key_ranges(keys))
        return ranges + number * len(keys) * _ROW_BYTES // _PAGE_BYTES

    def _packed_headlines(self, organisation: str, first: str, last: str) -> Pages:
        listing = overview_lists.headlines(self.tables, organisation, first, last)
        for items in self.reader.pages(listing):
            if first == ALL:
                for item in items:
                    self._spellings[item[REPOSITORY_NAME]["S"]] = spelling(REPOSITORY, item)
            yield [
                PackedRow(item[REPOSITORY_NAME]["S"], item[PERIOD]["S"], item[HEADLINE]["B"])
                for item in items
            ]

    def _by_key(self, names: Iterable[str], periods: Sequence[str], *, cohorts: bool) -> Pages:
        keys = [
            overview_row.key(REPOSITORY, RowKey(name, period))
            for name in names
            for period in periods
        ]
        table, shown = self.tables.repository_overview, overview_lists.attributes(REPOSITORY)
        if cohorts:
            shown = overview_lists.with_cohorts(shown)
        yield from self._packed_rows(REPOSITORY, self.reader.batch(table, keys, shown))

    def _packed_rows(self, level: Level, pages: Iterable[Sequence[Item]]) -> Pages:
        name_attribute = level.name_attribute
        for items in pages:
            rows = []
            for item in items:
                name, period = item[name_attribute]["S"], item[PERIOD]["S"]
                if period == ALL:
                    self._spellings[name] = spelling(level, item)
                    if IN_EVERY_TOTAL[level] in item:
                        self._totals[name] = item
                if PARTS in item:
                    rows += self._with_parts(level, RowKey(name, period), item)
                elif not is_empty(cells := item[CELLS]["B"]):
                    rows.append(PackedRow(name, period, cells))
                    if COHORTS in item:
                        rows.append(PackedRow(name, period, item[COHORTS]["B"]))
            yield rows

    def _with_parts(self, level: Level, key: RowKey, item: Item) -> list[PackedRow]:
        for _ in range(_ATTEMPTS):
            part_keys = overview_row.part_keys(level, item)
            shown = overview_lists.part_attributes(level)
            if COHORTS in item:
                shown = overview_lists.with_cohorts(shown)
            pages = self.reader.batch(self.tables.overview(level), part_keys, shown)
            parts = [part for page in pages for part in page]
            try:
                return [PackedRow(*key, cells) for cells in overview_row.packed_of(item, parts)]
            except TornRowError:
                item = self._read_again(level, key, item)
        raise BusyError("A row kept changing while it was read: try again in a moment.")

    def _read_again(self, level: Level, key: RowKey, item: Item) -> Item:
        request: dict[str, Any] = {
            "TableName": self.tables.overview(level),
            "Key": overview_row.key(level, key),
            "ConsistentRead": True,
        }
        return self.reader.one(request) or item


def _count(keys: Sequence[str], first: str, last: str) -> int:
    """Return how many of these ascending keys are in a range."""
    return bisect_right(keys, last) - bisect_left(keys, first)
