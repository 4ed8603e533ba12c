"""The overview rows that one request needs, page by page, in the fewest reads.

Owns how stretches of periods become reads: a query for each range, over the table for one name,
over an index for all repositories of an organisation; for chosen repositories whichever needs the
fewest reads. Does not interpret the counts of a row.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from graphql_api.reading import overview_lists
from graphql_api.reading.item import Item, spelling
from graphql_api.reading.reader import KEYS_PER_READ, Reader
from graphql_api.reading.tables import IN_EVERY_WHOLE, Tables
from graphql_api.vocabulary.errors import BusyError
from ingest.names import owner_of
from rollup.metrics.period import ALL
from rollup.metrics.window import key_ranges
from rollup.rows import overview_row
from rollup.rows.counts_codec import EMPTY
from rollup.rows.overview_row import REPOSITORY, Level
from rollup.rows.parts import TornRowError
from rollup.rows.row_key import RowKey

KEPT_BYTES = 8_000_000
"""Of packed counts that a request keeps for its other fields. What is larger is read again."""

ADDING, ADDING_A_ROW = 2, 60
"""Adding up packed counts takes longer than reading them: each of their bytes is charged so many
times more, and each row so many bytes. Headlines are charged so only where they are added again,
which is about half of reading them."""

MANY_READS = 20
"""From here on it is worth a read to learn how many repositories an organisation has."""

_ATTEMPTS = 4
_PAGE_BYTES = 1_048_576
_ROW_BYTES = 500
"""Of a stored row, roughly, by which reads are estimated."""


class PackedRow(NamedTuple):
    """A row, or a part of one, with its packed cells or its headline."""

    name: str
    period: str
    packed: bytes


Pages = Iterator[Sequence[PackedRow]]
Read = Callable[[Iterable[str]], Pages]
"""Reads the rows that a question is about, by the keys of their periods."""


class Overviews:
    """What was read so far. Made for each request: two fields of one document share their reads."""

    def __init__(self, reader: Reader, tables: Tables) -> None:
        self.reader = reader
        self.tables = tables
        self._kept: dict[tuple[str, ...], list[PackedRow]] = {}
        self._kept_bytes = 0
        self._wholes: dict[str, Item] = {}
        self._spellings: dict[str, str] = {}
        self._repositories: dict[str, int] = {}

    def whole(self, level: Level, name: str) -> Item | None:
        """Return the ALL row of a name, or None while it counts nothing."""
        for _ in self.of_name(level, name, [ALL]):
            pass
        return self._wholes.get(name)

    def spelled(self, name: str) -> str:
        """Return the newest spelling of a name whose ALL row was read, or else its key."""
        return self._spellings.get(name, name)

    def of_name(self, level: Level, name: str, keys: Iterable[str]) -> Pages:
        """Yield the periods of one repository or organisation."""
        for first, last in key_ranges(keys):
            yield from self._of_name(level, name, first, last)

    def _of_name(self, level: Level, name: str, first: str, last: str) -> Pages:
        listing = overview_lists.of_name(self.tables, level, name, first, last)
        read = partial(self._rows, level, self.reader.pages(listing))
        return self._shared((name, first, last), read)

    def of_organisation(self, organisation: str, keys: Iterable[str]) -> Pages:
        """Yield the periods of every repository of an organisation."""
        for first, last in key_ranges(keys):
            listing = overview_lists.of_repositories(self.tables, organisation, first, last)
            read = partial(self._rows, REPOSITORY, self.reader.pages(listing))
            shared = self._shared(("cells", organisation, first, last), read)
            yield from self._counted(organisation, shared) if first == ALL else shared

    def headlines(self, organisation: str, keys: Iterable[str]) -> Pages:
        """Yield the headlines of every repository of an organisation."""
        for first, last in key_ranges(keys):
            read = partial(self._headlines, organisation, first, last)
            shared = self._shared(
                ("headlines", organisation, first, last), read, are_headlines=True
            )
            yield from self._counted(organisation, shared) if first == ALL else shared

    def _counted(self, organisation: str, pages: Pages) -> Pages:
        """Yield an organisation's ALL rows, and remember how many there are."""
        number = 0
        for rows in pages:
            number += len(rows)
            yield rows
        self._repositories[organisation] = number

    def of_repositories(
        self, organisation: str, names: Sequence[str], keys: Iterable[str]
    ) -> Pages:
        """Yield the periods of some repositories, as far as they are the organisation's.

        Raises:
            TooManyReadsError: more reads are needed than are left, before the first is made.
        """
        names = [name for name in names if owner_of(name) == organisation]
        wanted = sorted(set(keys))
        # A query reads a whole range of one name, a batch a hundred keys of any.
        long = [pair for pair in key_ranges(wanted) if _among(wanted, *pair) >= KEYS_PER_READ]
        single = [key for key in wanted if not any(first <= key <= last for first, last in long)]
        by_name = len(names) * len(long) + -(-len(names) * len(single) // KEYS_PER_READ)
        if by_name > MANY_READS and organisation not in self._repositories:
            for _ in self.headlines(organisation, [ALL]):
                pass
        if self._reads_of_all(organisation, wanted) < by_name:
            chosen = frozenset(names)
            for rows in self.of_organisation(organisation, wanted):
                yield [row for row in rows if row.name in chosen]
            return
        self.reader.budget.expect_reads(by_name)
        for first, last in long:
            for name in names:
                yield from self._of_name(REPOSITORY, name, first, last)
        known_as = ("batch", *names, "")
        yield from self._shared((*known_as, *single), partial(self._by_key, names, single))
        if ALL in single and (kept := self._kept.get((*known_as, *single))) is not None:
            # Other fields, and warnings, ask for these alone.
            self._kept[*known_as, ALL] = [row for row in kept if row.period == ALL]

    def _reads_of_all(self, organisation: str, keys: Sequence[str]) -> int:
        """How many reads the rows of all repositories take at most, where their number is known."""
        number = self._repositories.get(organisation)
        if number is None:
            return 1_000_000
        ranges = len(key_ranges(keys))
        return ranges + number * len(keys) * _ROW_BYTES // _PAGE_BYTES

    def _shared(
        self, known_as: tuple[str, ...], read: Callable[[], Pages], *, are_headlines: bool = False
    ) -> Pages:
        """Yield what is kept of these rows, or else read them, and keep them if they are few."""
        budget = self.reader.budget
        if (known := self._kept.get(known_as)) is not None:
            weight = 1 if are_headlines else ADDING
            packed = sum([len(row.packed) for row in known])
            budget.take_bytes(weight * packed + ADDING_A_ROW * len(known))
            yield known
            return
        found: list[PackedRow] | None = []
        size = 0
        for rows in read():
            packed = sum([len(row.packed) for row in rows])
            if not are_headlines:
                budget.take_bytes(ADDING * packed + ADDING_A_ROW * len(rows))
            yield rows
            size += packed
            if found is not None and self._kept_bytes + size <= KEPT_BYTES:
                found += rows
            else:
                found = None
        if found is not None:
            self._kept[known_as] = found
            self._kept_bytes += size

    def _headlines(self, organisation: str, first: str, last: str) -> Pages:
        listing = overview_lists.headlines(self.tables, organisation, first, last)
        for items in self.reader.pages(listing):
            if first == ALL:
                for item in items:
                    self._spellings[item["repositoryName"]["S"]] = spelling(REPOSITORY, item)
            yield [
                PackedRow(item["repositoryName"]["S"], item["period"]["S"], item["headline"]["B"])
                for item in items
            ]

    def _by_key(self, names: Iterable[str], periods: Sequence[str]) -> Pages:
        keys = [
            overview_row.key(REPOSITORY, RowKey(name, period))
            for name in names
            for period in periods
        ]
        table, shown = self.tables.repository_overview, overview_lists.attributes(REPOSITORY)
        yield from self._rows(REPOSITORY, self.reader.batch(table, keys, shown))

    def _rows(self, level: Level, pages: Iterable[Sequence[Item]]) -> Pages:
        name_attribute = level.name_attribute
        for items in pages:
            rows = []
            for item in items:
                name, period = item[name_attribute]["S"], item["period"]["S"]
                if period == ALL:
                    self._spellings[name] = spelling(level, item)
                    if IN_EVERY_WHOLE[level] in item:
                        self._wholes[name] = item
                if "parts" in item:
                    rows += self._with_parts(level, RowKey(name, period), item)
                elif (cells := item["cells"]["B"]) != EMPTY:
                    rows.append(PackedRow(name, period, cells))
            yield rows

    def _with_parts(self, level: Level, key: RowKey, item: Item) -> list[PackedRow]:
        for _ in range(_ATTEMPTS):
            part_keys = overview_row.part_keys(level, item)
            pages = self.reader.batch(self.tables.overview(level), part_keys)
            parts = [part for page in pages for part in page]
            try:
                return [PackedRow(*key, cells) for cells in overview_row.packed_of(item, parts)]
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


def _among(keys: Sequence[str], first: str, last: str) -> int:
    """How many of these keys, which ascend, lie in a range."""
    return bisect_right(keys, last) - bisect_left(keys, first)
