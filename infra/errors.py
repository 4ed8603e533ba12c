"""The base of this package's errors. Their messages are for the person who runs the command."""


class InfraError(Exception):
    """The base of all errors of this package."""
