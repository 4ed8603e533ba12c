"""Rows of the two overview tables, as items of boto3's DynamoDB client.

Owns their keys, their indexes and the form of their items; `attributes` owns the names. The main
values are plain, readable attributes beside the packed counts from which they are derived. A row
whose counts become empty keeps its key and revision, so that revisions never restart, but is not in
any index. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest import origin
from ingest.instant import from_text, to_text
from ingest.names import owner_of
from ingest.origin import Origins
from rollup.metrics.counts import CLOSED_OUTCOMES, DISMISSALS, Counts, Outcome
from rollup.metrics.period import ALL, monthly_period
from rollup.rows import attributes as names
from rollup.rows import parts as stored
from rollup.rows.headline import pack as packed_headline
from rollup.rows.parts import Keys
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling

Item = Mapping[str, Any]

BY_MONTHLY_PERIOD = "byMonthlyPeriod"
"""Index of both tables: `monthlyPeriod` + the name. Contains only the monthly rows."""
BY_ORGANISATION = "byOrganisation"
"""Index of Repository Overview: `organisationName` + `period`."""
HEADLINES = "headlines"
"""Index of Repository Overview: the same keys. Projects `headline`, not the cells."""
LISTED = names.LISTED
"""Index of Organisation Overview: `listed` + `organisationName`. Contains only the ALL rows."""
LISTED_ORGANISATIONS = "organisation"
"""The only partition of that index."""


class Level(NamedTuple):
    """One of the two levels: attributes of its table, and whether rows name an organisation."""

    name_attribute: str
    spelling_attribute: str
    has_organisation_above: bool

    @property
    def keys(self) -> Keys:
        """The attributes of the table's primary key."""
        return Keys(self.name_attribute, names.PERIOD)


REPOSITORY = Level(names.REPOSITORY_NAME, names.REPOSITORY_SPELLING, has_organisation_above=True)
ORGANISATION = Level(
    names.ORGANISATION_NAME, names.ORGANISATION_SPELLING, has_organisation_above=False
)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One period of a repository or organisation. Revision 0 means that it was never stored.

    `last_event_ms` is the time of the newest event counted, on ALL rows; 0 on others. `spelling` is
    the newest spelling of the name among all sources that were counted. `tool_limit` is the last
    named tool of a row that pools others (see `metrics.tool_limit`). `parts` is the number of part
    items that the row was read with (see `parts`). `origins` is the events of the newest write, on
    ALL rows of repositories; each event that changes a count changes the ALL row.
    """

    key: RowKey
    revision: int = 0
    counts: Counts = field(default_factory=Counts)
    spelling: Spelling = UNKNOWN
    last_event_ms: int = 0
    tool_limit: str | None = None
    parts: int = field(default=0, compare=False)
    origins: Origins = field(default=(), compare=False)


def key(level: Level, row: RowKey) -> dict[str, Any]:
    """Return the primary key of a row."""
    return {level.name_attribute: {"S": row.name}, names.PERIOD: {"S": row.period}}


def key_of_item(level: Level, item: Item) -> RowKey:
    """Return the name and period of an item."""
    return RowKey(item[level.name_attribute]["S"], item[names.PERIOD]["S"])


def part_keys(level: Level, item: Item) -> list[dict[str, Any]]:
    """Return the primary keys of the parts with the rest of a row's cells; almost always none.

    `item` needs its keys and `parts`. To join the parts, it also needs `revision` and `cells`.
    """
    return stored.part_keys_of(item, keys=level.keys)


def packed_of(item: Item, parts: Sequence[Item]) -> list[bytes]:
    """Return the packed counts of a row and its parts. Raises TornRowError if they do not match."""
    return stored.packed_of(item, parts)


def to_items(level: Level, row: OverviewRow) -> list[dict[str, Any]]:
    """Return the items of a row: its main item, then its parts if there are any.

    `meanTimeToRemediate` is absent if no alert was closed.
    """
    return stored.items_of(main_item(level, row), row.counts, keys=level.keys)


def main_item(level: Level, row: OverviewRow) -> dict[str, Any]:
    """Return the main item of a row without its cells."""
    counts = row.counts
    closed, total_ms = counts.count(CLOSED_OUTCOMES), counts.total_ms(CLOSED_OUTCOMES)
    numbers = {
        names.OPEN_ALERTS: counts.count({Outcome.OPEN}),
        names.NUMBER_FIXED: counts.count({Outcome.FIXED}),
        names.NUMBER_MANUALLY_CLOSED: counts.count(DISMISSALS),
        names.TOTAL_TIME_TO_REMEDIATE: total_ms,
        names.REVISION: row.revision,
    }
    if closed:
        numbers[names.MEAN_TIME_TO_REMEDIATE] = round(total_ms / closed)
    texts = _index_keys(level, row.key) if counts else {}
    if row.tool_limit is not None:
        texts[names.TOOL_LIMIT] = row.tool_limit
    if row.last_event_ms:
        texts[names.LAST_EVENT_AT] = to_text(row.last_event_ms)
    packed = (
        {names.HEADLINE: {"B": packed_headline(counts)}} if level.has_organisation_above else {}
    )
    return {
        **key(level, row.key),
        **packed,
        **(origin.to_attribute(row.origins) if level.has_organisation_above else {}),
        **row.spelling.to_attributes(level.spelling_attribute),
        **{name: {"S": text} for name, text in texts.items()},
        **{name: {"N": str(number)} for name, number in numbers.items()},
    }


def _index_keys(level: Level, row: RowKey) -> dict[str, str]:
    keys = {}
    if level.has_organisation_above:
        keys[names.ORGANISATION_NAME] = owner_of(row.name)
    elif row.period == ALL:
        keys[names.LISTED] = LISTED_ORGANISATIONS
    if month := monthly_period(row.period):
        keys[names.MONTHLY_PERIOD] = month
    return keys


def from_items(level: Level, item: Item, parts: Sequence[Item] = ()) -> OverviewRow:
    """Return the row that `to_items` wrote. Raises TornRowError if the parts do not match."""
    last_event_at = item.get(names.LAST_EVENT_AT)
    return OverviewRow(
        key=key_of_item(level, item),
        revision=int(item[names.REVISION]["N"]),
        counts=stored.counts_of(item, parts),
        spelling=Spelling.from_item(item, level.spelling_attribute),
        last_event_ms=from_text(last_event_at["S"]) if last_event_at else 0,
        tool_limit=item[names.TOOL_LIMIT]["S"] if names.TOOL_LIMIT in item else None,
        parts=len(parts),
        origins=origin.from_item(item),
    )
