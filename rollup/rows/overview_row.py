"""Rows of the two overview tables, in the low-level form that boto3's DynamoDB client speaks.

Owns their keys, attribute names and indexes: the headline values as plain readable attributes
beside the packed counts from which they are derived. A row whose counts are empty again keeps its
key and revision, so that revisions never restart, and is in no index. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.instant import from_text, to_text
from ingest.names import owner_of
from rollup.metrics.counts import CLOSED_OUTCOMES, DISMISSALS, Counts, Outcome
from rollup.metrics.period import ALL, monthly_period
from rollup.rows import parts as stored
from rollup.rows.headline import pack as packed_headline
from rollup.rows.parts import Keys
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import UNKNOWN, Spelling

Item = Mapping[str, Any]

BY_MONTHLY_PERIOD = "byMonthlyPeriod"
"""Index of both tables: `monthlyPeriod` + the name; holds the monthly rows only."""
BY_ORGANISATION = "byOrganisation"
"""Index of RepositoryOverview: `organisationName` + `period`."""
HEADLINES = "headlines"
"""Index of RepositoryOverview: the same keys; holds each row's `headline` and no cells."""
LISTED = "listed"
"""Index of OrganisationOverview: `listed` + `organisationName`; holds the ALL rows only."""
LISTED_ORGANISATIONS = "organisation"
"""The one partition of that index."""


class Level(NamedTuple):
    """One of the two tables: whose rows they are, and whether they name the organisation above."""

    name_attribute: str
    spelling_attribute: str
    has_organisation_above: bool

    @property
    def keys(self) -> Keys:
        """The table's primary key."""
        return Keys(self.name_attribute, "period")


REPOSITORY = Level("repositoryName", "repositorySpelling", has_organisation_above=True)
ORGANISATION = Level("organisationName", "organisationSpelling", has_organisation_above=False)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One period of a repository or organisation. Revision 0 means that it was never stored.

    `last_event_ms` is that of the newest event counted, known on ALL rows and 0 on others.
    `spelling` is the newest of the name, of all that were ever counted here. `tool_limit` is the
    last tool that it names where it pools others (see `tool_limit`). `parts` is how many part items
    it was read with (see `parts`).
    """

    key: RowKey
    revision: int = 0
    counts: Counts = field(default_factory=Counts)
    spelling: Spelling = UNKNOWN
    last_event_ms: int = 0
    tool_limit: str | None = None
    parts: int = field(default=0, compare=False)


def key(level: Level, row: RowKey) -> dict[str, Any]:
    """The primary key of a row."""
    return {level.name_attribute: {"S": row.name}, "period": {"S": row.period}}


def key_of_item(level: Level, item: Item) -> RowKey:
    """The name and period of an item."""
    return RowKey(item[level.name_attribute]["S"], item["period"]["S"])


def part_keys(level: Level, item: Item) -> list[dict[str, Any]]:
    """The primary keys of the parts that hold the rest of a row's cells; nearly always none.

    Needs the item's keys and `parts`; to join what is found also `revision` and `cells`.
    """
    return stored.part_keys_of(item, keys=level.keys)


def packed_of(item: Item, parts: Sequence[Item]) -> list[bytes]:
    """The packed counts of a row read with its parts. Raises TornRowError where they do not fit."""
    return stored.packed_of(item, parts)


def to_items(level: Level, row: OverviewRow) -> list[dict[str, Any]]:
    """The whole row: its main item, then its parts if there are any.

    `meanTimeToRemediate` is absent where nothing was closed.
    """
    return stored.items_of(main_item(level, row), row.counts, keys=level.keys)


def main_item(level: Level, row: OverviewRow) -> dict[str, Any]:
    """A row's main item but for its cells."""
    counts = row.counts
    closed, total_ms = counts.count(CLOSED_OUTCOMES), counts.total_ms(CLOSED_OUTCOMES)
    numbers = {
        "openAlerts": counts.count({Outcome.OPEN}),
        "numberFixed": counts.count({Outcome.FIXED}),
        "numberManuallyClosed": counts.count(DISMISSALS),
        "totalTimeToRemediate": total_ms,
        "revision": row.revision,
    }
    if closed:
        numbers["meanTimeToRemediate"] = round(total_ms / closed)
    texts = _index_keys(level, row.key) if counts else {}
    if row.tool_limit is not None:
        texts["toolLimit"] = row.tool_limit
    if row.last_event_ms:
        texts["lastEventAt"] = to_text(row.last_event_ms)
    packed = {"headline": {"B": packed_headline(counts)}} if level.has_organisation_above else {}
    return {
        **key(level, row.key),
        **packed,
        **row.spelling.to_attributes(level.spelling_attribute),
        **{name: {"S": text} for name, text in texts.items()},
        **{name: {"N": str(number)} for name, number in numbers.items()},
    }


def _index_keys(level: Level, row: RowKey) -> dict[str, str]:
    keys = {}
    if level.has_organisation_above:
        keys["organisationName"] = owner_of(row.name)
    elif row.period == ALL:
        keys["listed"] = LISTED_ORGANISATIONS
    if month := monthly_period(row.period):
        keys["monthlyPeriod"] = month
    return keys


def from_items(level: Level, item: Item, parts: Sequence[Item] = ()) -> OverviewRow:
    """The row that `to_items` wrote. Raises TornRowError where parts do not fit."""
    last_event_at = item.get("lastEventAt")
    return OverviewRow(
        key=key_of_item(level, item),
        revision=int(item["revision"]["N"]),
        counts=stored.counts_of(item, parts),
        spelling=Spelling.from_item(item, level.spelling_attribute),
        last_event_ms=from_text(last_event_at["S"]) if last_event_at else 0,
        tool_limit=item["toolLimit"]["S"] if "toolLimit" in item else None,
        parts=len(parts),
    )
