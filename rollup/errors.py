"""The base of this package's errors, each with a stable, machine-readable `reason`.

Logs contain the reasons, so a reason never changes its spelling.
"""


class RollupError(Exception):
    """The base of all errors of this package."""

    reason: str
