"""Conditional writes to DynamoDB: one row, or several rows of any tables in one transaction.

Owns which errors mean that a condition failed or that another transaction wrote at the same time.
All other errors pass through.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_CONFLICTS = frozenset({"ConditionalCheckFailed", "TransactionConflict", "None"})


def put(client: "DynamoDBClient", request: dict[str, Any]) -> bool:
    """Write one row, and return whether its condition applied."""
    errors = client.exceptions
    try:
        client.put_item(**request)
    except (errors.ConditionalCheckFailedException, errors.TransactionConflictException):
        return False
    return True


def transact(client: "DynamoDBClient", actions: Sequence[Any]) -> bool:
    """Write all rows or none, and return whether all conditions applied."""
    try:
        client.transact_write_items(TransactItems=actions)
    except client.exceptions.TransactionCanceledException as error:
        reasons = {reason["Code"] for reason in error.response["CancellationReasons"]}
        if reasons <= _CONFLICTS:
            return False
        raise
    return True
