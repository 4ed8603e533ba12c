"""The base of this package's errors, which end the benchmark."""


class BenchError(Exception):
    """The base of all errors of this package."""
