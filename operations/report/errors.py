"""The error of a report."""

from operations.errors import OperationsError


class ReportError(OperationsError):
    """The API refused the query, cannot be reached, or does not know the name."""

    reason = "report"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what failed and what to do about it."""
        super().__init__(message)
        self.next_step = next_step
