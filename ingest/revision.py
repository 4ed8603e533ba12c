"""Conditional writes by revision: a row is written only if nobody wrote it since it was read.

Owns the condition of such a write, in the form that boto3's DynamoDB client accepts. The attribute
`revision` of a row grows by one with every write and never restarts. Pure.
"""

from typing import Any


def unchanged_since(revision: int) -> dict[str, Any]:
    """Return the condition that a row still has the revision that was read.

    Revision 0 means that the row did not exist.
    """
    if revision == 0:
        return {"ConditionExpression": "attribute_not_exists(revision)"}
    return {
        "ConditionExpression": "revision = :read",
        "ExpressionAttributeValues": {":read": {"N": str(revision)}},
    }
