"""The deployment's tables as the bench makes them, and what writing to them costs.

Owns a copy of keys, indexes and projections; a test holds it to the synthesised template. An index
is written after the table, once and not as part of the transaction, and only if what it holds of
the item changes ("Using Global Secondary Indexes", Amazon DynamoDB Developer Guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.rollup.item_size import Item, item_bytes, write_units
from ingest.alerts import alert_key
from rollup.rows import overview_row

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NUMBERS = frozenset({"alertID"})
_ALERT_FACTS = frozenset(
    {"organisationName", "repositorySpelling", "alertURL", "state", "createdAt", "closedAt"}
    | {"closedAs", "severity", "tool", "rule", "branch", "stateAt"}
    | {"organisationState", "repositoryState"}
)
_HEADLINES = frozenset(
    {"organisationName", "openAlerts", "numberFixed", "numberManuallyClosed"}
    | {"totalTimeToRemediate", "meanTimeToRemediate"}
)


@dataclass(frozen=True, slots=True)
class Index:
    """An index: its keys, and the attributes that it holds besides all keys; None means all."""

    keys: tuple[str, str]
    projected: frozenset[str] | None = None

    def entry(self, item: Item | None, table_keys: tuple[str, str]) -> Item | None:
        """What the index holds of an item; None where it lacks a key of the index."""
        if item is None or not all(name in item for name in self.keys):
            return None
        if self.projected is None:
            return item
        held = self.projected.union(self.keys, table_keys)
        return {name: value for name, value in item.items() if name in held}

    def units(self, before: Item | None, after: Item | None) -> int:
        """What it costs that one entry becomes another: another key is a deletion and a put."""
        if before == after:
            return 0
        if before and after and all(before[name] == after[name] for name in self.keys):
            return write_units(max(item_bytes(before), item_bytes(after)))
        return sum(write_units(item_bytes(entry)) for entry in (before, after) if entry)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its keys and its indexes by name."""

    keys: tuple[str, str]
    indexes: Mapping[str, Index]

    def key_of(self, item: Item) -> tuple[str, ...]:
        """The primary key of an item, or of a key in the client's form."""
        return tuple(str(next(iter(item[name].values()))) for name in self.keys)

    def units(self, before: Item | None, after: Item | None, *, transactional: bool) -> int:
        """The write units of replacing one item by another; None is no item."""
        size = max(item_bytes(before or {}), item_bytes(after or {}))
        return write_units(size) * (2 if transactional else 1) + sum(
            index.units(index.entry(before, self.keys), index.entry(after, self.keys))
            for index in self.indexes.values()
        )


ALL_EVENTS = "AllEvents"
REPOSITORY_OVERVIEW = "RepositoryOverview"
ORGANISATION_OVERVIEW = "OrganisationOverview"
LEDGER = "Ledger"

SPECS: Mapping[str, TableSpec] = {
    ALL_EVENTS: TableSpec(
        ("repositoryName", "alertID"),
        {
            alert_key.BY_ORGANISATION: Index(("organisationName", "createdAt"), _ALERT_FACTS),
            alert_key.BY_ORGANISATION_STATE: Index(("organisationState", "stateAt"), _ALERT_FACTS),
            alert_key.BY_REPOSITORY_STATE: Index(("repositoryState", "stateAt"), _ALERT_FACTS),
        },
    ),
    REPOSITORY_OVERVIEW: TableSpec(
        ("repositoryName", "period"),
        {
            overview_row.BY_MONTHLY_PERIOD: Index(
                ("monthlyPeriod", "repositoryName"), _HEADLINES | {"repositorySpelling"}
            ),
            overview_row.BY_ORGANISATION: Index(("organisationName", "period")),
            overview_row.HEADLINES: Index(
                ("organisationName", "period"), frozenset({"headline", "repositorySpelling"})
            ),
        },
    ),
    ORGANISATION_OVERVIEW: TableSpec(
        ("organisationName", "period"),
        {
            overview_row.BY_MONTHLY_PERIOD: Index(
                ("monthlyPeriod", "organisationName"), _HEADLINES | {"organisationSpelling"}
            ),
            overview_row.LISTED: Index(
                ("listed", "organisationName"), frozenset({"organisationSpelling"})
            ),
        },
    ),
    LEDGER: TableSpec(("source", "part"), {}),
}


def create_tables(client: "DynamoDBClient") -> None:
    """Make them all, with their indexes."""
    for name, spec in SPECS.items():
        keys = sorted({key for one in (spec.keys, *_keys(spec)) for key in one})
        definition: dict[str, Any] = {
            "TableName": name,
            "KeySchema": _schema(spec.keys),
            "AttributeDefinitions": [
                {"AttributeName": key, "AttributeType": "N" if key in _NUMBERS else "S"}
                for key in keys
            ],
            "BillingMode": "PAY_PER_REQUEST",
        }
        if spec.indexes:
            definition["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": index_name,
                    "KeySchema": _schema(index.keys),
                    "Projection": {"ProjectionType": "ALL"},
                }
                for index_name, index in spec.indexes.items()
            ]
        client.create_table(**definition)


def _keys(spec: TableSpec) -> list[tuple[str, str]]:
    return [index.keys for index in spec.indexes.values()]


def _schema(keys: tuple[str, str]) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=True)]
