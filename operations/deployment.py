"""A deployed stack, as commands see it: its name, its outputs and the account that it is in.

Commands get the name of a stack from their user, and find the names of its tables and queues in
its outputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations import aws
from operations.aws import Aws
from operations.errors import MissingOutputError, NoStackError
from operations.local_stack import LocalStack, local_url

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack. `endpoint` is the address of the emulator, None in an AWS account."""

    stack: str
    aws: Aws
    outputs: Mapping[str, str]
    endpoint: str | None = None

    def output(self, name: str) -> str:
        """Return the value of an output.

        Raises:
            MissingOutputError: The stack has no such output.
        """
        try:
            return self.outputs[name]
        except KeyError as error:
            raise MissingOutputError(self.stack, name) from error

    def url(self, name: str) -> str:
        """Return the address in an output, in a form that works on this machine.

        Raises:
            MissingOutputError: The stack has no such output.
        """
        output = self.output(name)
        return output if self.endpoint is None else local_url(self.endpoint, output)


def in_account(stack: str) -> Deployment:
    """Return a stack of the account and region of the environment.

    Raises:
        NoStackError: The stack does not exist, or it has no tables.
    """
    connected = aws.account()
    return Deployment(stack, connected, outputs_of(connected.cloudformation, stack))


def on_emulator(local: LocalStack) -> Deployment:
    """Return the stack of `make run`.

    Raises:
        NoStackError: The emulator has no such stack.
    """
    connected = aws.emulator(local.endpoint, region=local.region)
    outputs = outputs_of(connected.cloudformation, local.stack)
    return Deployment(local.stack, connected, outputs, local.endpoint)


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
