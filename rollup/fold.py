"""One step of a rollup: entries told by messages, held against the ledger, become new rows.

Owns the arithmetic of "exactly once": what changes is the difference between a source's newest
contribution and the one last applied. Pure; `rollup_store` reads and writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rollup.contribution import RowKey, Share
from rollup.counts import Counts
from rollup.ledger import Entry, SourceKey
from rollup.overview_row import OverviewRow

MAX_ITEMS = 100
"""What DynamoDB writes in one transaction."""


@dataclass(frozen=True, slots=True)
class Write:
    """What one transaction writes: rows and ledger entries at the revisions they were read at."""

    rows: Sequence[OverviewRow]
    entries: Sequence[Entry]

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.entries)


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """The newest revision of every source."""
    found: dict[SourceKey, Entry] = {}
    for entry in entries:
        known = found.get(entry.key)
        if known is None or known.revision < entry.revision:
            found[entry.key] = entry
    return list(found.values())


def chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries in such portions that each, with all rows it adds to, fits into one transaction.

    What it retracts from other rows can still make a portion too large: the store halves it then.
    """
    chunk: list[Entry] = []
    rows: set[RowKey] = set()
    for entry in entries:
        touched = rows | entry.contribution.shares().keys()
        if chunk and len(chunk) + 1 + len(touched) > MAX_ITEMS:
            yield chunk
            chunk, touched = [], set(entry.contribution.shares())
        chunk.append(entry)
        rows = touched
    if chunk:
        yield chunk


def touched_rows(entries: Iterable[Entry]) -> set[RowKey]:
    """Every row that these entries add to."""
    return {row for entry in entries for row in entry.contribution.shares()}


def step(
    told: Sequence[Entry],
    *,
    ledger: Mapping[SourceKey, Entry],
    rows: Mapping[RowKey, OverviewRow],
) -> Write:
    """What to write for the entries that the ledger does not know yet; revisions already raised.

    `rows` holds every row that the told or the known contributions touch, where it exists.
    """
    fresh = [
        entry
        for entry in told
        if (known := ledger.get(entry.key)) is None or known.revision < entry.revision
    ]
    added: dict[RowKey, list[Share]] = {}
    deltas: dict[RowKey, list[Counts]] = {}
    for entry in fresh:
        known = ledger.get(entry.key)
        if known is not None:
            for row, share in known.contribution.shares().items():
                deltas.setdefault(row, []).append(-share.counts)
        for row, share in entry.contribution.shares().items():
            deltas.setdefault(row, []).append(share.counts)
            added.setdefault(row, []).append(share)
    changed = (_changed(row, deltas[row], added.get(row, ()), rows.get(row)) for row in deltas)
    return Write([row for row in changed if row is not None], fresh)


def _changed(
    key: RowKey, deltas: Sequence[Counts], added: Sequence[Share], known: OverviewRow | None
) -> OverviewRow | None:
    before = known or OverviewRow(key, "", 0, Counts(), 0)
    after = replace(
        before,
        counts=Counts.total((before.counts, *deltas)),
        last_event_ms=max((before.last_event_ms, *(share.last_event_ms for share in added))),
        organisation=added[-1].organisation if added else before.organisation,
    )
    return None if after == before else replace(after, revision=before.revision + 1)
