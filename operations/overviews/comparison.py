"""What a row should be: the sum of what the ledger says its sources add to it.

Owns the comparisons that `audit` makes: of ledger entries with their sources, and of rows with
their sums. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rollup.metrics.counts import Counts
from rollup.metrics.tool_limit import bounded
from rollup.rollup_step import Exchange
from rollup.rows.contribution import Share
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import Level, OverviewRow, main_item
from rollup.rows.parts import Item
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling

_NOT_COMPARED = frozenset({"cells", "parts", "revision"})


@dataclass(frozen=True, slots=True)
class Sum:
    """All that the sources of a row add to it."""

    counts: Counts = field(default_factory=Counts)
    spelling: Spelling = UNKNOWN
    last_event_ms: int = 0


class Sums:
    """The sums of all rows that some sources add to."""

    def __init__(self) -> None:
        self._sums: dict[RowKey, Sum] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Count these entries too."""
        shares: dict[RowKey, list[Share]] = {}
        for entry in entries:
            for row, share in entry.contribution.shares().items():
                shares.setdefault(row, []).append(share)
        for row, added in shares.items():
            known = self[row]
            self._sums[row] = Sum(
                Counts.total((known.counts, *(share.counts for share in added))),
                max((known.spelling, *(share.spelling for share in added))),
                max((known.last_event_ms, *(share.last_event_ms for share in added))),
            )

    def correct(self, exchanges: Iterable[Exchange]) -> None:
        """Count what each source really adds, and no longer what the ledger says."""
        for before, after in exchanges:
            if after is not None:
                self.add([after])
            for row, share in before.contribution.shares().items() if before else ():
                self._sums[row] = replace(self[row], counts=self[row].counts - share.counts)

    def rows(self, name: str) -> set[RowKey]:
        """The rows of one name for which anything was added."""
        return {row for row in self._sums if row.name == name}

    def __getitem__(self, row: RowKey) -> Sum:
        """The sum for a row, zero where nothing was added."""
        return self._sums.get(row, Sum())


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it is stored. Where parts are lost, it is not whole and its counts are unknown."""

    row: OverviewRow
    item: Item
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what it should be: what to put, and what differs."""

    level: Level
    row: OverviewRow
    attributes: Mapping[str, tuple[str, str]]
    """By name, as expected and as found."""

    @property
    def is_torn(self) -> bool:
        """Whether parts of the row are lost."""
        return "parts" in self.attributes

    def __str__(self) -> str:
        """One line: level, name, period, and what differs."""
        kind = self.level.name_attribute.removesuffix("Name")
        said = (
            f"{name} expected {expected}, found {found}"
            for name, (expected, found) in self.attributes.items()
        )
        return f"{kind} {self.row.key.name} {self.row.key.period}: {'; '.join(said)}"


def exchanges(seen: Mapping[SourceKey, Entry], right: Mapping[SourceKey, Entry]) -> list[Exchange]:
    """What the ledger, read first, would have to exchange to agree with the sources, read second.

    Some of it is only on its way (see `is_behind`).
    """
    return [
        Exchange(seen.get(key), right.get(key))
        for key in {**right, **seen}
        if seen.get(key) != right.get(key)
    ]


def is_behind(exchange: Exchange) -> bool:
    """Whether the ledger just has not heard of a newer revision: its message is lost, or late."""
    before, after = exchange
    return after is not None and (before is None or before.revision < after.revision)


def is_overdue(now: Exchange, earlier: Mapping[SourceKey, Exchange]) -> bool:
    """Whether the ledger still lacks the revision that the source had at an earlier look."""
    known = earlier.get(now.key)
    if known is None or known.after is None:
        return False
    return now.before is None or now.before.revision < known.after.revision


def describe(exchange: Exchange) -> str:
    """One line about a ledger entry that is not as its source."""
    before, after = exchange
    place = f"ledger {exchange.key.source} {exchange.key.part}"
    if after is None:
        return f"{place}: its source does not exist"
    if before is None:
        return f"{place}: revision {after.revision} was never counted"
    if before.revision == after.revision:
        return f"{place}: something else than revision {after.revision} was counted"
    return f"{place}: revision {after.revision} is not counted, {before.revision} is"


def expected_row(key: RowKey, found: Found | None, total: Sum) -> OverviewRow:
    """The row that should be in the place of the one found, at the revision after it.

    Its spelling and its last event are at least as new as those of its sources, since it keeps what
    was newest at any time. Its limit of tools is at least as strict as the one found.
    """
    row = found.row if found else OverviewRow(key)
    counts, tool_limit = bounded(total.counts, row.tool_limit)
    return replace(
        row,
        revision=row.revision + 1,
        counts=counts,
        spelling=max(row.spelling, total.spelling),
        last_event_ms=max(row.last_event_ms, total.last_event_ms),
        tool_limit=tool_limit,
    )


def difference(level: Level, expected: OverviewRow, found: Found | None) -> Difference | None:
    """How a row differs from what is expected, None if it does not."""
    if found is None and expected.counts == Counts():
        return None
    wanted, there = main_item(level, expected), found.item if found else {}
    attributes = {
        name: (_text(wanted, name), _text(there, name))
        for name in {**wanted, **there}
        if name not in _NOT_COMPARED and _text(wanted, name) != _text(there, name)
    }
    if found is None:
        attributes = {"row": ("one", "none"), **_numbers(attributes)}
    elif not found.is_whole:
        attributes["parts"] = ("all", "some")
    elif found.row.counts != expected.counts:
        attributes["cells"] = (f"{len(expected.counts)} cells", f"{len(found.row.counts)} cells")
    return Difference(level, expected, attributes) if attributes else None


def differences(
    level: Level, name: str, found: Mapping[RowKey, Found], sums: Sums
) -> Sequence[Difference]:
    """Every row of a name that is not as its sum, found or not."""
    keys = sorted(found.keys() | sums.rows(name))
    compared = (
        difference(level, expected_row(key, found.get(key), sums[key]), found.get(key))
        for key in keys
    )
    return [one for one in compared if one is not None]


def _numbers(attributes: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {n: pair for n, pair in attributes.items() if pair[0].isdecimal() and pair[0] != "0"}


def _text(item: Item, name: str) -> str:
    return str(next(iter(item[name].values()))) if name in item else "none"
