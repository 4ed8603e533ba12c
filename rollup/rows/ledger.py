"""The ledger: for every source, the revision and contribution that were last applied.

Owns the ledger table's keys (`source` + `part`) and attributes. It is what makes a rollup exactly
once: whatever a message says, the difference to the ledger is what changes. Entries of rows with
very many cells have parts (see `parts`). Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from rollup.rows import parts as stored
from rollup.rows.contribution import AlertContribution, RowContribution
from rollup.rows.parts import Keys
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

Item = Mapping[str, Any]

KEYS = Keys("source", "part")
"""The table's primary key."""

_ALERTS = "alerts#"
_ROWS = "rows#"
_SPELLING = "repositorySpelling"


class SourceKey(NamedTuple):
    """Whose entry: `alerts#owner/name` + number, or `rows#owner/name` + period; names folded."""

    source: str
    part: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A source at one of its revisions: as told by a message, or as last applied.

    As last applied it also knows how often it was written, which its next write is conditioned on,
    and how many part items it was read with.
    """

    key: SourceKey
    revision: int
    contribution: AlertContribution | RowContribution
    writes: int = field(default=0, compare=False)
    parts: int = field(default=0, compare=False)


def alert_source(repository: str, number: int) -> SourceKey:
    """The source that an alert is."""
    return SourceKey(_ALERTS + repository, str(number))


def row_source(repository: str, period: str) -> SourceKey:
    """The source that a repository's overview row is."""
    return SourceKey(_ROWS + repository, period)


def row_source_prefix(organisation: str) -> str:
    """What every source that is a row of the organisation's repositories starts with."""
    return f"{_ROWS}{organisation}/"


def repository_of(source: str) -> str:
    """The repository that a source key names."""
    return source.partition("#")[2]


def key(source: SourceKey) -> dict[str, Any]:
    """The primary key of an entry."""
    return {"source": {"S": source.source}, "part": {"S": source.part}}


def to_items(entry: Entry) -> list[dict[str, Any]]:
    """The whole entry: its main item, then its parts if there are any."""
    item: dict[str, Any] = {
        **key(entry.key),
        "revision": {"N": str(entry.revision)},
        "writes": {"N": str(entry.writes)},
    }
    match entry.contribution:
        case AlertContribution() as alert:
            packed = json.dumps(alert.to_list(), separators=(",", ":"), ensure_ascii=False)
            item["contribution"] = {"S": packed}
            return [item]
        case RowContribution() as row:
            item |= row.spelling.to_attributes(_SPELLING)
            if row.last_event_ms:
                item["lastEventAt"] = {"S": to_text(row.last_event_ms)}
            return stored.items_of(item, row.counts, keys=KEYS)


def from_items(item: Item, parts: Sequence[Item] = ()) -> Entry:
    """The entry that `to_items` wrote. Raises TornRowError where parts do not fit."""
    source = SourceKey(item["source"]["S"], item["part"]["S"])
    contribution: AlertContribution | RowContribution
    if source.source.startswith(_ALERTS):
        repository = repository_of(source.source)
        packed = json.loads(item["contribution"]["S"])
        contribution = AlertContribution.from_list(repository, packed)
    else:
        last_event_at = item.get("lastEventAt")
        contribution = RowContribution(
            row=RowKey(repository_of(source.source), source.part),
            counts=stored.counts_of(item, parts),
            spelling=Spelling.from_item(item, _SPELLING),
            last_event_ms=from_text(last_event_at["S"]) if last_event_at else 0,
        )
    writes = int(item["writes"]["N"]) if "writes" in item else 0
    return Entry(source, int(item["revision"]["N"]), contribution, writes, len(parts))


def unchanged(entry: Entry | None) -> dict[str, Any]:
    """The condition of a write: the entry is the one that was read, or still absent for None.

    The revision alone would not do: an entry may be put right without a new one.
    """
    if entry is None:
        return {"ConditionExpression": "attribute_not_exists(revision)"}
    values = {":revision": {"N": str(entry.revision)}}
    if not entry.writes:
        condition = "revision = :revision AND attribute_not_exists(writes)"
    else:
        condition = "revision = :revision AND writes = :writes"
        values[":writes"] = {"N": str(entry.writes)}
    return {"ConditionExpression": condition, "ExpressionAttributeValues": values}
