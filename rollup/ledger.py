"""The ledger: for every source, the revision and contribution that were last applied.

Owns the ledger table's keys (`source` + `part`) and attributes. It is what makes a rollup exactly
once: whatever a message says, the difference to the ledger is what changes. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from rollup.contribution import AlertContribution, RowContribution
from rollup.counts_codec import pack, unpack

Item = Mapping[str, Any]

_ALERTS = "alerts#"
_ROWS = "rows#"


class SourceKey(NamedTuple):
    """Whose entry: `alerts#owner/name` + number, or `rows#owner/name` + period."""

    source: str
    part: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A source at one of its revisions: as told by a message, or as last applied."""

    key: SourceKey
    revision: int
    contribution: AlertContribution | RowContribution


def alert_source(repository: str, number: int) -> SourceKey:
    """The source that an alert is."""
    return SourceKey(_ALERTS + repository, str(number))


def row_source(repository: str, period: str) -> SourceKey:
    """The source that a repository's overview row is."""
    return SourceKey(_ROWS + repository, period)


def key(source: SourceKey) -> dict[str, Any]:
    """The primary key of an entry."""
    return {"source": {"S": source.source}, "part": {"S": source.part}}


def to_item(entry: Entry) -> dict[str, Any]:
    """The whole entry."""
    item = {**key(entry.key), "revision": {"N": str(entry.revision)}}
    match entry.contribution:
        case AlertContribution() as alert:
            item["contribution"] = {"S": json.dumps(alert.to_list(), separators=(",", ":"))}
        case RowContribution() as row:
            item["organisationName"] = {"S": row.organisation}
            if row.last_event_ms:
                item["lastEventAt"] = {"S": to_text(row.last_event_ms)}
            item["cells"] = {"B": pack(row.counts)}
    return item


def from_item(item: Item) -> Entry:
    """The entry that `to_item` wrote."""
    source = SourceKey(item["source"]["S"], item["part"]["S"])
    contribution: AlertContribution | RowContribution
    if source.source.startswith(_ALERTS):
        repository = source.source.removeprefix(_ALERTS)
        packed = json.loads(item["contribution"]["S"])
        contribution = AlertContribution.from_list(repository, packed)
    else:
        last_event_at = item.get("lastEventAt")
        contribution = RowContribution(
            period=source.part,
            organisation=item["organisationName"]["S"],
            counts=unpack(item["cells"]["B"]),
            last_event_ms=from_text(last_event_at["S"]) if last_event_at else 0,
        )
    return Entry(source, int(item["revision"]["N"]), contribution)
