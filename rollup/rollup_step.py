"""One step of a rollup: reported entries, compared with the ledger, become new rows.

Owns the arithmetic of "exactly once". A row changes by the difference between a source's newest
contribution and the one that was applied last. Each row whose sum changes for any single source
gets a new revision, even if the changes cancel out. So a row that is still at the revision at which
it was read is still the sum of the same shares. Pure; `stores.rollup_store` reads and writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from ingest.origin import MOST_ORIGINS, Origins, merged
from rollup.metrics.counts import Counts
from rollup.metrics.period import ALL
from rollup.metrics.tool_limit import Bounded, bounded
from rollup.rows.contribution import AlertContribution, Share
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey


class Exchange(NamedTuple):
    """A source's entry in the ledger before and after a write; None if there is not any."""

    before: Entry | None
    after: Entry | None

    @property
    def key(self) -> SourceKey:
        """Return the key of the source."""
        entry = self.after or self.before
        if entry is None:
            raise ValueError("an exchange needs an entry before or after it")
        return entry.key


@dataclass(frozen=True, slots=True)
class Write:
    """What one transaction writes: rows, and the ledger entries that change with them.

    `known` contains the rows as they were read, and `kept` the keys of rows whose counts stay (see
    `correction`).
    """

    rows: Sequence[OverviewRow]
    exchanges: Sequence[Exchange]
    known: Mapping[RowKey, OverviewRow]
    kept: AbstractSet[RowKey]

    @classmethod
    def of(
        cls,
        exchanges: Sequence[Exchange],
        known: Mapping[RowKey, OverviewRow],
        kept: AbstractSet[RowKey] = frozenset(),
    ) -> Self:
        """Return the write that makes these exchanges."""
        return cls(_changed_rows(exchanges, known, kept=kept), exchanges, known, kept)

    def __bool__(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.exchanges)

    @property
    def first_step(self) -> "Write | None":
        """Return a smaller write to make before this one; None if there is not any.

        An alert adds to up to 77 rows. If all of its earlier changes are new to the ledger, the
        rows that it leaves and the rows that it adds to can exceed a transaction together. The
        first step retracts the earlier changes.
        """
        before = self.exchanges[0].before
        if before is None or not isinstance(before.contribution, AlertContribution):
            return None
        less = replace(before, contribution=before.contribution.without_earlier)
        if less == before:
            return None
        return Write.of([Exchange(before, less)], self.known, self.kept)


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Return the newest revision of each source, with the origins of all of its revisions."""
    found: dict[SourceKey, Entry] = {}
    for entry in entries:
        known = found.get(entry.key, entry)
        later = entry if known.revision < entry.revision else known
        found[entry.key] = replace(later, origins=merged((known.origins, entry.origins)))
    return list(found.values())


def rows_of_entry(entry: Entry | None) -> AbstractSet[RowKey]:
    """Return the keys of the rows that an entry adds to."""
    return entry.shares().keys() if entry else frozenset()


def rows_of_exchange(exchange: Exchange) -> AbstractSet[RowKey]:
    """Return the keys of the rows that either entry of an exchange adds to."""
    return rows_of_entry(exchange.before) | rows_of_entry(exchange.after)


def touched_rows(entries: Iterable[Entry]) -> set[RowKey]:
    """Return the keys of the rows that these entries add to."""
    return {row for entry in entries for row in rows_of_entry(entry)}


def step(
    reported: Sequence[Entry],
    *,
    ledger: Mapping[SourceKey, Entry],
    rows: Mapping[RowKey, OverviewRow],
) -> Write:
    """Return what to write for the reported entries that are new to the ledger.

    For equal revisions, the reported entry wins: the ledger was damaged or written by older code,
    and is corrected.

    Args:
        reported: The entries, each source once.
        ledger: The ledger's entries of these sources.
        rows: The stored rows that the entries of either side add to.

    Returns:
        Rows and ledger entries; the rows have their new revisions.
    """
    exchanges = [
        Exchange(known, entry)
        for entry in reported
        if (known := ledger.get(entry.key)) is None or _replaces(entry, known)
    ]
    return Write.of(exchanges, rows)


def correction(
    exchanges: Sequence[Exchange],
    *,
    ledger: Mapping[SourceKey, Entry],
    rows: Mapping[RowKey, OverviewRow],
    kept: AbstractSet[RowKey],
) -> Write:
    """Return what to write for the exchanges that are still valid.

    An exchange is valid if the ledger still contains the entry that it replaces, or an older one.
    Rows in `kept` get a new revision but keep their counts, since a repair replaces them whole.
    """
    valid = [
        Exchange(known, one.after)
        for one in exchanges
        if (known := ledger.get(one.key)) != one.after
        and (known == one.before or _is_older(known, one.after))
    ]
    return Write.of(valid, rows, kept)


def _is_older(known: Entry | None, after: Entry | None) -> bool:
    return known is not None and after is not None and known.revision < after.revision


def _replaces(entry: Entry, known: Entry) -> bool:
    return entry.revision > known.revision or (
        entry.revision == known.revision and entry.contribution != known.contribution
    )


def _changed_rows(
    exchanges: Iterable[Exchange], rows: Mapping[RowKey, OverviewRow], *, kept: AbstractSet[RowKey]
) -> list[OverviewRow]:
    deltas: dict[RowKey, list[Counts]] = {}
    added: dict[RowKey, list[Share]] = {}
    origins: dict[RowKey, list[Origins]] = {}
    for before, after in exchanges:
        old = before.shares() if before else {}
        new = after.shares() if after else {}
        if after and after.origins:
            for row in old.keys() | new.keys():
                origins.setdefault(row, []).append(after.origins)
        for row, share in new.items():
            added.setdefault(row, []).append(share)
            if row not in old:
                deltas.setdefault(row, []).append(share.counts)
            elif share.counts != old[row].counts:
                deltas.setdefault(row, []).extend((share.counts, -old[row].counts))
        for row, share in old.items():
            if row not in new:
                deltas.setdefault(row, []).append(-share.counts)
    changed = (
        _changed(
            rows.get(row) or OverviewRow(row),
            deltas.get(row),
            added.get(row, ()),
            is_kept=row in kept,
            origins=origins.get(row, ()) if row.period == ALL else (),
        )
        for row in {**added, **deltas}
    )
    return [row for row in changed if row is not None]


def _changed(
    before: OverviewRow,
    deltas: Sequence[Counts] | None,
    added: Sequence[Share],
    *,
    is_kept: bool,
    origins: Sequence[Origins],
) -> OverviewRow | None:
    after = Bounded(before.counts, before.tool_limit)
    if deltas and not is_kept:
        after = bounded(Counts.total((before.counts, *deltas)), before.tool_limit)
    row = replace(
        before,
        counts=after.counts,
        tool_limit=after.limit,
        last_event_ms=max((before.last_event_ms, *(share.last_event_ms for share in added))),
        spelling=max((before.spelling, *(share.spelling for share in added))),
        origins=merged(origins, most=MOST_ORIGINS),
    )
    if deltas is None and row == before:
        return None
    return replace(row, revision=before.revision + 1)
