"""The outputs of a deployed stack.

Commands get the name of a stack from their user, and find the names of its tables in its outputs.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.errors import NoStackError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

NO_STACK = 3
"""The exit status of every command if the stack does not exist."""


def outputs_of(client: "CloudFormationClient", stack: str) -> Mapping[str, str]:
    """Return the outputs of a stack by their names.

    Raises:
        NoStackError: The stack does not exist, or it has no tables.
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
