"""Conditional writes by revision: a row is written only if nobody wrote it since it was read.

Owns the attribute, and the condition of such a write in the form that boto3's DynamoDB client
accepts. The revision of a row grows by one with every write and never restarts. Pure.
"""

from typing import Any

REVISION = "revision"
"""The attribute with the revision of a row, in each table."""


def unchanged_since(revision: int) -> dict[str, Any]:
    """Return the condition that a row still has the revision that was read.

    Revision 0 means that the row did not exist.
    """
    if revision == 0:
        return {"ConditionExpression": f"attribute_not_exists({REVISION})"}
    return {
        "ConditionExpression": f"{REVISION} = :read",
        "ExpressionAttributeValues": {":read": {"N": str(revision)}},
    }
