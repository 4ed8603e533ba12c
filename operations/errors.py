"""The errors of the commands, each with a stable, machine-readable `reason`.

Owns the exception tree of `operations`. A command prints the message of such an error.
"""


class OperationsError(Exception):
    """The base of all errors of this package. The message is for the user of a command."""

    reason: str


class NoStackError(OperationsError):
    """The stack does not exist, or it is not a stack of this project; the message names it."""

    reason = "no_stack"

    def __init__(self, stack: str, region: str) -> None:
        """Name the stack and the region."""
        super().__init__(f"This account has no GCSMTTR stack with the name {stack} in {region}.")
