"""The tables of the deployment, and the capacity units of writing to them.

Owns a copy of the keys, indexes and projections; a test compares it with the synthesised template.
DynamoDB writes to an index after the table and outside the transaction, and only if the index's
part of the item changes ("Using Global Secondary Indexes", Amazon DynamoDB Developer Guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.item_size import Item, item_bytes, write_units
from ingest.alerts import alert_key
from ingest.repositories import attributes as of_repository
from rollup.rows import overview_row

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NUMBERS = frozenset({"alertID"})
_ALERT_ATTRIBUTES = frozenset(
    {"organisationName", "repositorySpelling", "alertURL", "state", "createdAt", "closedAt"}
    | {"closedAs", "severity", "tool", "rule", "branch", "stateAt"}
    | {"organisationState", "repositoryState"}
)
_MONTHLY_ATTRIBUTES = frozenset(
    {"organisationName", "openAlerts", "numberFixed", "numberManuallyClosed"}
    | {"totalTimeToRemediate", "meanTimeToRemediate"}
)


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table."""

    keys: tuple[str, str]
    projected: frozenset[str] | None = None
    """The attributes besides the keys of the table and the index; None means all."""

    def entry(self, item: Item | None, table_keys: tuple[str, ...]) -> Item | None:
        """Return the part of an item in the index; None if the item lacks a key of the index."""
        if item is None or not all(name in item for name in self.keys):
            return None
        if self.projected is None:
            return item
        kept = self.projected.union(self.keys, table_keys)
        return {name: value for name, value in item.items() if name in kept}

    def units(self, before: Item | None, after: Item | None) -> int:
        """Return the units of replacing one entry; None means that there is none.

        A changed key costs a deletion and a put.
        """
        if before == after:
            return 0
        if before and after and all(before[name] == after[name] for name in self.keys):
            return write_units(max(item_bytes(before), item_bytes(after)))
        return sum(write_units(item_bytes(entry)) for entry in (before, after) if entry)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The keys of a table, and its indexes by name."""

    keys: tuple[str, ...]
    indexes: Mapping[str, Index]

    def key_of(self, item: Item) -> tuple[str, ...]:
        """Return the values of the primary key of an item."""
        return tuple(str(next(iter(item[name].values()))) for name in self.keys)

    def units(self, before: Item | None, after: Item, *, transactional: bool) -> int:
        """Return the units of writing an item; `before` is the item that it replaces, if any."""
        size_bytes = max(item_bytes(before or {}), item_bytes(after))
        return write_units(size_bytes) * (2 if transactional else 1) + sum(
            index.units(index.entry(before, self.keys), index.entry(after, self.keys))
            for index in self.indexes.values()
        )


ALL_EVENTS = "AllEvents"
REPOSITORY_OVERVIEW = "RepositoryOverview"
ORGANISATION_OVERVIEW = "OrganisationOverview"
LEDGER = "Ledger"
REPOSITORIES = "Repositories"

SPECS: Mapping[str, TableSpec] = {
    ALL_EVENTS: TableSpec(
        ("repositoryName", "alertID"),
        {
            alert_key.BY_ORGANISATION: Index(("organisationName", "createdAt"), _ALERT_ATTRIBUTES),
            alert_key.BY_ORGANISATION_STATE: Index(
                ("organisationState", "stateAt"), _ALERT_ATTRIBUTES
            ),
            alert_key.BY_REPOSITORY_STATE: Index(("repositoryState", "stateAt"), _ALERT_ATTRIBUTES),
        },
    ),
    REPOSITORY_OVERVIEW: TableSpec(
        ("repositoryName", "period"),
        {
            overview_row.BY_MONTHLY_PERIOD: Index(
                ("monthlyPeriod", "repositoryName"), _MONTHLY_ATTRIBUTES | {"repositorySpelling"}
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
                ("monthlyPeriod", "organisationName"),
                _MONTHLY_ATTRIBUTES | {"organisationSpelling"},
            ),
            overview_row.LISTED: Index(
                ("listed", "organisationName"), frozenset({"organisationSpelling"})
            ),
        },
    ),
    LEDGER: TableSpec(("source", "part"), {}),
    REPOSITORIES: TableSpec(
        ("repository",),
        {
            of_repository.BY_ORGANISATION: Index(
                ("organisationName", "keyName"), frozenset({"facts"})
            )
        },
    ),
}


def create_tables(client: "DynamoDBClient") -> None:
    """Create all tables with their indexes."""
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


def _keys(spec: TableSpec) -> list[tuple[str, ...]]:
    return [index.keys for index in spec.indexes.values()]


def _schema(keys: tuple[str, ...]) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)]
