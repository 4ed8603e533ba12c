"""One step of a rollup: entries told by messages, held against the ledger, become new rows.

Owns the arithmetic of "exactly once": what changes is the difference between a source's newest
contribution and the one last applied. Every row whose sum any single source takes part in changing
gets a new revision, also where several changes cancel out; so a row at the revision that it was
read at still is the sum of the same shares. Pure; `rollup_store` reads and writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from rollup.metrics.counts import Counts
from rollup.metrics.tool_limit import Bounded, bounded
from rollup.rows.contribution import AlertContribution, Share
from rollup.rows.ledger import Entry, SourceKey
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey


class Exchange(NamedTuple):
    """What the ledger has of a source, and what it is to have; None is no entry."""

    before: Entry | None
    after: Entry | None

    @property
    def key(self) -> SourceKey:
        """The source."""
        entry = self.after or self.before
        if entry is None:
            raise ValueError("an exchange of nothing for nothing")
        return entry.key


@dataclass(frozen=True, slots=True)
class Write:
    """What one transaction writes: rows, and ledger entries at the state they were read in.

    `known` and `kept` are the rows that it was made from (see `correction`).
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
        """What these exchanges change."""
        return cls(_changed_rows(exchanges, known, kept=kept), exchanges, known, kept)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.exchanges)

    @property
    def first_step(self) -> "Write | None":
        """A smaller write to do before this one, None where there is not any.

        It retracts the earlier changes of an alert, of which all can be new to the ledger. An alert
        adds to up to 77 rows, so both what it added and what it adds can exceed a transaction.
        """
        before = self.exchanges[0].before
        if before is None or not isinstance(before.contribution, AlertContribution):
            return None
        less = replace(before, contribution=before.contribution.without_earlier)
        if less == before:
            return None
        return Write.of([Exchange(before, less)], self.known, self.kept)


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """The newest revision of every source."""
    found: dict[SourceKey, Entry] = {}
    for entry in entries:
        known = found.get(entry.key)
        if known is None or known.revision < entry.revision:
            found[entry.key] = entry
    return list(found.values())


def rows_of_entry(entry: Entry | None) -> AbstractSet[RowKey]:
    """Every row that an entry adds to."""
    return entry.contribution.shares().keys() if entry else frozenset()


def rows_of_exchange(exchange: Exchange) -> AbstractSet[RowKey]:
    """Every row that an entry adds to, or the one before it did."""
    return rows_of_entry(exchange.before) | rows_of_entry(exchange.after)


def touched_rows(entries: Iterable[Entry]) -> set[RowKey]:
    """Every row that these entries add to."""
    return {row for entry in entries for row in rows_of_entry(entry)}


def step(
    told: Sequence[Entry],
    *,
    ledger: Mapping[SourceKey, Entry],
    rows: Mapping[RowKey, OverviewRow],
) -> Write:
    """What to write for the entries that the ledger does not know yet; revisions already raised.

    What is told of the ledger's own revision is what the source is: where the ledger has something
    else, it was damaged or written by older code, and is put right. `rows` holds every row that the
    told or the known contributions touch, where it exists.
    """
    exchanges = [
        Exchange(known, entry)
        for entry in told
        if (known := ledger.get(entry.key)) is None or _is_news(entry, known)
    ]
    return Write.of(exchanges, rows)


def correction(
    wanted: Sequence[Exchange],
    *,
    ledger: Mapping[SourceKey, Entry],
    rows: Mapping[RowKey, OverviewRow],
    kept: AbstractSet[RowKey],
) -> Write:
    """What to write for exchanges of which the ledger still has what they replace, or less.

    Rows in `kept` get a new revision and keep their counts: they are about to be put right whole.
    """
    exchanges = [
        Exchange(known, one.after)
        for one in wanted
        if (known := ledger.get(one.key)) != one.after
        and (known == one.before or _is_older(known, one.after))
    ]
    return Write.of(exchanges, rows, kept)


def _is_older(known: Entry | None, after: Entry | None) -> bool:
    return known is not None and after is not None and known.revision < after.revision


def _is_news(entry: Entry, known: Entry) -> bool:
    return entry.revision > known.revision or (
        entry.revision == known.revision and entry.contribution != known.contribution
    )


def _changed_rows(
    exchanges: Iterable[Exchange], rows: Mapping[RowKey, OverviewRow], *, kept: AbstractSet[RowKey]
) -> list[OverviewRow]:
    deltas: dict[RowKey, list[Counts]] = {}
    added: dict[RowKey, list[Share]] = {}
    for before, after in exchanges:
        old = before.contribution.shares() if before else {}
        new = after.contribution.shares() if after else {}
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
        )
        for row in {**added, **deltas}
    )
    return [row for row in changed if row is not None]


def _changed(
    before: OverviewRow, deltas: Sequence[Counts] | None, added: Sequence[Share], *, is_kept: bool
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
    )
    if deltas is None and row == before:
        return None
    return replace(row, revision=before.revision + 1)
