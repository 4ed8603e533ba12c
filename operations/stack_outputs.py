"""What a deployed stack says of itself, by which command lines find its tables.

Users know the name of their stack; the names of its tables are CloudFormation's.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

NO_STACK = 3
"""The exit status of every command that is told of a stack which is not there."""


class NoStackError(Exception):
    """There is no such stack, or it is not one of this project; the message names it."""

    def __init__(self, stack: str, region: str) -> None:
        super().__init__(f"There is no stack {stack} of GCSMTTR in {region}, for this account.")


def outputs_of(client: "CloudFormationClient", stack: str) -> Mapping[str, str]:
    """Return a stack's outputs by name.

    Raises:
        NoStackError: there is no such stack, or it has no tables.
    """
    missing = NoStackError(stack, client.meta.region_name)
    try:
        (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise missing from error
        raise
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", ())}
    if "AllEventsTable" not in outputs:
        raise missing
    return outputs
