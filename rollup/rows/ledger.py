"""The ledger: the revision and the contribution of each source that were applied last.

Owns the keys of the ledger table (`source` + `part`) and the form of its items. The ledger makes a
rollup exactly-once: rows change by the difference between a message and the ledger. Entries of rows
with very many cells have parts (see `parts`). Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from ingest.origin import Origins
from rollup.rows import attributes as names
from rollup.rows import parts as stored
from rollup.rows.contribution import AlertContribution, RowContribution, Share
from rollup.rows.parts import Keys
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

Item = Mapping[str, Any]

KEYS = Keys(names.SOURCE, names.PART)
"""The attributes of the table's primary key."""

_ALERTS = "alerts#"
_ROWS = "rows#"

_STATE_VALUES = 10
"""The number of values of the state of an alert, see `AlertContribution.to_list`."""


class SourceKey(NamedTuple):
    """A source: `alerts#owner/name` + number, or `rows#owner/name` + period; names are folded."""

    source: str
    part: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A source at one of its revisions: as a message reports it, or as the ledger stores it.

    An alert that is gone has no contribution, which retracts the one of its earlier revision.
    `writes` and `parts` belong to a stored entry: how often it was written, which is in the
    condition of its next write, and how many part items it has. `origins` belongs to a reported
    entry: the events that led to it.
    """

    key: SourceKey
    revision: int
    contribution: AlertContribution | RowContribution | None
    writes: int = field(default=0, compare=False)
    parts: int = field(default=0, compare=False)
    origins: Origins = field(default=(), compare=False)

    def shares(self) -> Mapping[RowKey, Share]:
        """Return what the source adds, by the row that it adds to."""
        return {} if self.contribution is None else self.contribution.shares()


def alert_source(repository: str, number: int) -> SourceKey:
    """Return the source key of an alert."""
    return SourceKey(_ALERTS + repository, str(number))


def row_source(repository: str, period: str) -> SourceKey:
    """Return the source key of a repository's overview row."""
    return SourceKey(_ROWS + repository, period)


def row_source_prefix(organisation: str) -> str:
    """Return the prefix of the source keys of the rows of an organisation's repositories."""
    return f"{_ROWS}{organisation}/"


def repository_of(source: str) -> str:
    """Return the repository that a source key names."""
    return source.partition("#")[2]


def key(source: SourceKey) -> dict[str, Any]:
    """Return the primary key of an entry."""
    return {names.SOURCE: {"S": source.source}, names.PART: {"S": source.part}}


def to_items(entry: Entry) -> list[dict[str, Any]]:
    """Return the items of an entry: its main item, then its parts if there are any."""
    item: dict[str, Any] = {
        **key(entry.key),
        names.REVISION: {"N": str(entry.revision)},
        names.WRITES: {"N": str(entry.writes)},
    }
    match entry.contribution:
        case None:
            return [item]
        case AlertContribution() as alert:
            item[names.CONTRIBUTION] = {"S": _packed(alert)}
            return [item]
        case RowContribution() as row:
            item |= row.spelling.to_attributes(names.REPOSITORY_SPELLING)
            if row.last_event_ms:
                item[names.LAST_EVENT_AT] = {"S": to_text(row.last_event_ms)}
            return stored.items_of(item, row.counts, keys=KEYS)


def from_items(item: Item, parts: Sequence[Item] = ()) -> Entry:
    """Return the entry that `to_items` wrote. Raises TornRowError if the parts do not match."""
    source = SourceKey(item[names.SOURCE]["S"], item[names.PART]["S"])
    contribution: AlertContribution | RowContribution | None
    if source.source.startswith(_ALERTS):
        repository = repository_of(source.source)
        contribution = None
        if names.CONTRIBUTION in item:
            contribution = _unpacked(repository, item[names.CONTRIBUTION]["S"])
    else:
        last_event_at = item.get(names.LAST_EVENT_AT)
        contribution = RowContribution(
            row=RowKey(repository_of(source.source), source.part),
            counts=stored.counts_of(item, parts),
            spelling=Spelling.from_item(item, names.REPOSITORY_SPELLING),
            last_event_ms=from_text(last_event_at["S"]) if last_event_at else 0,
        )
    writes = int(item[names.WRITES]["N"]) if names.WRITES in item else 0
    return Entry(source, int(item[names.REVISION]["N"]), contribution, writes, len(parts))


def _packed(alert: AlertContribution) -> str:
    """Return the JSON of a contribution, and whether its closing is in the row of its creation."""
    packed = [*alert.to_list(), int(alert.has_cohort)]
    return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)


def _unpacked(repository: str, packed: str) -> AlertContribution:
    """Return the contribution. Code that did not know cohorts wrote it without the last value.

    What such code counted lacks the closing by creation. An open alert lacks nothing.
    """
    *state, last = json.loads(packed)
    if len(state) == _STATE_VALUES:
        contribution = AlertContribution.from_list(repository, state)
        return replace(contribution, has_cohort=bool(last))
    contribution = AlertContribution.from_list(repository, [*state, last])
    return replace(contribution, has_cohort=contribution.closed_as is None)


def unchanged(entry: Entry | None) -> dict[str, Any]:
    """Return the condition that an entry is still as it was read; for None, that it does not exist.

    The revision alone is not enough, since a correction can keep the revision.
    """
    if entry is None:
        return {"ConditionExpression": f"attribute_not_exists({names.REVISION})"}
    values = {":revision": {"N": str(entry.revision)}}
    if not entry.writes:
        condition = f"{names.REVISION} = :revision AND attribute_not_exists({names.WRITES})"
    else:
        condition = f"{names.REVISION} = :revision AND {names.WRITES} = :writes"
        values[":writes"] = {"N": str(entry.writes)}
    return {"ConditionExpression": condition, "ExpressionAttributeValues": values}
