"""Comparison of ledger entries with their sources, and of rows with the sums of their entries.

Owns what a correct row contains: the sum of the ledger entries that add to it. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rollup.metrics.counts import Counts
from rollup.metrics.tool_limit import bounded
from rollup.rollup_step import Exchange
from rollup.rows.attributes import CELLS, COHORTS, PARTS, REVISION
from rollup.rows.contribution import Share
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import Level, OverviewRow, main_item
from rollup.rows.parts import Item
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling

_NOT_COMPARED = frozenset({CELLS, COHORTS, PARTS, REVISION})


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of all that the sources of a row add to it."""

    counts: Counts = field(default_factory=Counts)
    spelling: Spelling = UNKNOWN
    last_event_ms: int = 0


class Sums:
    """The sums for all rows that a set of sources adds to."""

    def __init__(self) -> None:
        self._sums: dict[RowKey, Sum] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add ledger entries to the sums."""
        shares: dict[RowKey, list[Share]] = {}
        for entry in entries:
            for row, share in entry.shares().items():
                shares.setdefault(row, []).append(share)
        for row, added in shares.items():
            total = self[row]
            self._sums[row] = Sum(
                Counts.total((total.counts, *(share.counts for share in added))),
                max((total.spelling, *(share.spelling for share in added))),
                max((total.last_event_ms, *(share.last_event_ms for share in added))),
            )

    def correct(self, exchanges: Iterable[Exchange]) -> None:
        """Replace what the ledger contains for some sources by what these sources add."""
        for before, after in exchanges:
            if after is not None:
                self.add([after])
            for row, share in before.shares().items() if before else ():
                self._sums[row] = replace(self[row], counts=self[row].counts - share.counts)

    def rows(self, name: str) -> set[RowKey]:
        """Return the rows of one name that have a sum."""
        return {row for row in self._sums if row.name == name}

    def __getitem__(self, row: RowKey) -> Sum:
        """Return the sum for a row, which is zero if nothing was added."""
        return self._sums.get(row, Sum())


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it is stored. If parts of it are missing, it is not complete and has no counts."""

    row: OverviewRow
    item: Item
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not correct: the correct row, and the attributes that differ."""

    level: Level
    row: OverviewRow
    attributes: Mapping[str, tuple[str, str]]
    """By name: the expected and the stored value."""

    @property
    def has_missing_parts(self) -> bool:
        """Whether parts of the stored row are missing."""
        return PARTS in self.attributes

    def __str__(self) -> str:
        """Return one line with the level, the name, the period and the differences."""
        kind = self.level.name_attribute.removesuffix("Name")
        details = (
            f"{name} expected {expected}, found {found}"
            for name, (expected, found) in self.attributes.items()
        )
        return f"{kind} {self.row.key.name} {self.row.key.period}: {'; '.join(details)}"


def exchanges(
    counted: Mapping[SourceKey, Entry], actual: Mapping[SourceKey, Entry]
) -> list[Exchange]:
    """Return the exchanges of ledger entries after which the ledger agrees with the sources.

    Some of them can be the result of a message that is still in a queue, see `is_behind`.

    Args:
        counted: The entries of the ledger, which are read first.
        actual: The entries of the sources, which are read second.
    """
    return [
        Exchange(counted.get(key), actual.get(key))
        for key in {**actual, **counted}
        if counted.get(key) != actual.get(key)
    ]


def is_behind(exchange: Exchange) -> bool:
    """Return whether the ledger only lacks a newer revision, whose message is lost or late."""
    before, after = exchange
    return after is not None and (before is None or before.revision < after.revision)


def is_overdue(now: Exchange, earlier: Mapping[SourceKey, Exchange]) -> bool:
    """Return whether the ledger still lacks the revision that the source had in an earlier read."""
    first = earlier.get(now.key)
    if first is None or first.after is None:
        return False
    return now.before is None or now.before.revision < first.after.revision


def describe(exchange: Exchange) -> str:
    """Return one line about a ledger entry that differs from its source."""
    before, after = exchange
    entry = f"ledger {exchange.key.source} {exchange.key.part}"
    if after is None:
        return f"{entry}: the source does not exist"
    if before is None:
        return f"{entry}: expected revision {after.revision}, found none"
    if before.revision == after.revision:
        return f"{entry}: the values of revision {after.revision} differ from the source"
    return f"{entry}: expected revision {after.revision}, found {before.revision}"


def expected_row(key: RowKey, stored: StoredRow | None, total: Sum) -> OverviewRow:
    """Return the correct row that replaces the stored one, with the next revision.

    A row keeps the newest spelling and the newest event that it ever had. Its limit of tools is at
    least as strict as the stored one.
    """
    row = stored.row if stored else OverviewRow(key)
    counts, tool_limit = bounded(total.counts, row.tool_limit)
    return replace(
        row,
        revision=row.revision + 1,
        counts=counts,
        spelling=max(row.spelling, total.spelling),
        last_event_ms=max(row.last_event_ms, total.last_event_ms),
        tool_limit=tool_limit,
    )


def difference(level: Level, expected: OverviewRow, stored: StoredRow | None) -> Difference | None:
    """Return how a stored row differs from the expected one, or None if it does not."""
    if stored is None and expected.counts == Counts():
        return None
    correct, found = main_item(level, expected), stored.item if stored else {}
    attributes = {
        name: (_text(correct, name), _text(found, name))
        for name in {**correct, **found}
        if name not in _NOT_COMPARED and _text(correct, name) != _text(found, name)
    }
    if stored is None:
        attributes = {"row": ("one", "none"), **_numbers(attributes)}
    elif not stored.is_complete:
        attributes[PARTS] = ("all", "some")
    elif stored.row.counts != expected.counts:
        attributes[CELLS] = (f"{len(expected.counts)} cells", f"{len(stored.row.counts)} cells")
    return Difference(level, expected, attributes) if attributes else None


def differences(
    level: Level, name: str, stored: Mapping[RowKey, StoredRow], sums: Sums
) -> Sequence[Difference]:
    """Return the differences of all rows of one name, including rows that are not stored."""
    keys = sorted(stored.keys() | sums.rows(name))
    compared = (
        difference(level, expected_row(key, stored.get(key), sums[key]), stored.get(key))
        for key in keys
    )
    return [one for one in compared if one is not None]


def _numbers(attributes: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {n: pair for n, pair in attributes.items() if pair[0].isdecimal() and pair[0] != "0"}


def _text(item: Item, name: str) -> str:
    return str(next(iter(item[name].values()))) if name in item else "none"
