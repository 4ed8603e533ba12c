"""The comparisons of a series with an earlier period, for the fields `change` and `before`.

Owns when they are read: once, and only if a query selects one of these fields.
"""

from collections.abc import Callable, Sequence

from graphql_api.vocabulary.errors import ApiError
from rollup.metrics.comparison import Comparison


class Changes:
    """The comparisons of the rows of one series, read when the first of them is needed."""

    def __init__(self, read: Callable[[], Sequence[Comparison]]) -> None:
        self._read = read
        self._comparisons: Sequence[Comparison] | None = None
        self._error: ApiError | None = None

    def of(self, position: int) -> Comparison:
        """Return the comparison of the row at this position.

        Raises:
            BudgetError: The request exceeds a limit.
            BusyError: DynamoDB throttles the reads.
        """
        if self._error is not None:
            # Thousands of rows would otherwise repeat a read that fails.
            raise self._error
        if self._comparisons is None:
            try:
                self._comparisons = self._read()
            except ApiError as error:
                self._error = error
                raise
        return self._comparisons[position]
