"""The tables that the API reads, as the stack defines them, for an AWS that moto imitates."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TABLES: dict[str, tuple[str, ...]] = {
    "AllEvents": ("repositoryName", "alertID"),
    "RepositoryOverview": ("repositoryName", "period"),
    "OrganisationOverview": ("organisationName", "period"),
    "AccessKeys": ("keyHash",),
    "Ledger": ("source", "part"),
    "Repositories": ("repository",),
}
"""The partition key and the sort key of each table."""
INDEXES: dict[str, dict[str, tuple[str, ...]]] = {
    "AllEvents": {
        "byOrganisation": ("organisationName", "createdAt"),
        "byOrganisationState": ("organisationState", "stateAt"),
        "byRepositoryState": ("repositoryState", "stateAt"),
    },
    "RepositoryOverview": {
        "byMonthlyPeriod": ("monthlyPeriod", "repositoryName"),
        "byOrganisation": ("organisationName", "period"),
        "headlines": ("organisationName", "period"),
    },
    "OrganisationOverview": {
        "byMonthlyPeriod": ("monthlyPeriod", "organisationName"),
        "listed": ("listed", "organisationName"),
    },
    "AccessKeys": {},
    "Ledger": {},
    "Repositories": {"byOrganisation": ("organisationName", "keyName")},
}
"""The keys of each table's global secondary indexes."""
NUMBERS = frozenset({"alertID"})


def create_table(client: "DynamoDBClient", table: str) -> None:
    """Create a table with its keys and indexes."""
    keys = {name for index in (TABLES[table], *INDEXES[table].values()) for name in index}
    indexes = [
        {"IndexName": name, "KeySchema": _schema(index), "Projection": {"ProjectionType": "ALL"}}
        for name, index in INDEXES[table].items()
    ]
    definition: dict[str, Any] = {
        "TableName": table,
        "KeySchema": _schema(TABLES[table]),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "N" if name in NUMBERS else "S"}
            for name in sorted(keys)
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        definition["GlobalSecondaryIndexes"] = indexes
    client.create_table(**definition)


def _schema(keys: tuple[str, ...]) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, kinds, strict=False)
    ]
