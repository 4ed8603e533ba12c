"""Restores each table from its point-in-time recovery under a new name.

A restored table has neither the stream, nor the expiry, nor the recovery points of its source.
Copies these settings, so that a deployment can use the table. Continues after an interruption:
what is done already is skipped.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from operations.deployment import Deployment

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FOLLOWED = ("AllEvents", "RepositoryOverview", "Repositories")
"""The tables whose streams functions follow."""
TABLES = (*FOLLOWED, "OrganisationOverview", "Ledger", "AccessKeys", "Connections")
PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class RestoredTable:
    """A table: its id in the stack, its present name, and the name of its restored copy."""

    table: str
    source: str
    target: str


def planned(deployment: Deployment, at: datetime) -> tuple[RestoredTable, ...]:
    """Return the tables to restore. The names of the copies contain the time.

    Raises:
        MissingOutputError: The stack lacks a table.
    """
    suffix = f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
    return tuple(
        RestoredTable(table, source, f"{deployment.stack}-{table}-{suffix}")
        for table in TABLES
        for source in [deployment.output(f"{table}Table")]
    )


def start(dynamodb: "DynamoDBClient", one: RestoredTable, at: datetime) -> None:
    """Start to restore a table, unless its copy exists already."""
    if _exists(dynamodb, one.target):
        return
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=one.source, TargetTableName=one.target, RestoreDateTime=at
    )


def complete(dynamodb: "DynamoDBClient", one: RestoredTable) -> str:
    """Wait for a restored table, copy the settings of its source, and return how to name it.

    Returns:
        The value for the setting `restoredTables`: the name of the table or, if it has a stream,
        `NAME/stream/LABEL`.
    """
    _wait_until_active(dynamodb, one.target)
    stream = dynamodb.describe_table(TableName=one.source)["Table"].get("StreamSpecification")
    restored = dynamodb.describe_table(TableName=one.target)["Table"]
    if stream and not restored.get("StreamSpecification", {}).get("StreamEnabled"):
        dynamodb.update_table(TableName=one.target, StreamSpecification=stream)
        _wait_until_active(dynamodb, one.target)
    attribute = _expiry(dynamodb, one.source)
    if attribute and not _expiry(dynamodb, one.target):
        dynamodb.update_time_to_live(
            TableName=one.target,
            TimeToLiveSpecification={"AttributeName": attribute, "Enabled": True},
        )
    dynamodb.update_continuous_backups(
        TableName=one.target,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    if not stream:
        return one.target
    arn = dynamodb.describe_table(TableName=one.target)["Table"]["LatestStreamArn"]
    return arn.partition(":table/")[2]


def _exists(dynamodb: "DynamoDBClient", table: str) -> bool:
    try:
        dynamodb.describe_table(TableName=table)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    return True


def _wait_until_active(dynamodb: "DynamoDBClient", table: str) -> None:
    while dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(PAUSE_S)


def _expiry(dynamodb: "DynamoDBClient", table: str) -> str | None:
    """Return the attribute by which rows expire, None if they do not."""
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    enabled = found.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}
    return found.get("AttributeName") if enabled else None
