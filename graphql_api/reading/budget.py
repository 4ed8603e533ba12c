"""What one request may use, counted before it is used and shared by all fields of its document.

Owns the limits and their messages. The limits keep a request within 3 seconds of CPU and 400 MB
(`bench/large/part.py` measures the worst ones): no other module bounds the sum over all fields.
"""

from graphql_api.vocabulary.errors import (
    ApiError,
    TooManyBytesError,
    TooManyPeriodsError,
    TooManyReadsError,
    TooManyRowsError,
    TooManyValuesError,
)

READS_PER_REQUEST = 100
BYTES_PER_REQUEST = 96_000_000
"""Of DynamoDB's responses. Packed counts are charged three times, since they are also added up, and
so are rows that another field of the document has read before."""
ROWS_PER_REQUEST = 10_000
"""Of all series: intervals times groups."""
PERIODS_PER_REQUEST = 40_000
"""Days and months that series and comparisons are made of."""
VALUES_PER_REQUEST = 80_000
"""Fields of all rows of lists. An answer of 5 MB, the most that Lambda returns, has few more."""

_NARROW = "Ask for a shorter window, a coarser interval, or fewer fields in one document."


class Budget:
    """What one request may still use."""

    def __init__(self) -> None:
        self.reads_left = READS_PER_REQUEST
        self.bytes_left = BYTES_PER_REQUEST
        self._rows_left = ROWS_PER_REQUEST
        self._periods_left = PERIODS_PER_REQUEST
        self._values_left = VALUES_PER_REQUEST

    @property
    def reads(self) -> int:
        """How many reads were made."""
        return READS_PER_REQUEST - self.reads_left

    def expect_reads(self, number: int) -> None:
        """Check that so many reads can still be made, before the first of them is.

        Raises:
            TooManyReadsError: they are more than are left.
        """
        if number > self.reads_left:
            raise TooManyReadsError(
                f"A request may read the tables {READS_PER_REQUEST} times, and this needs at least "
                f"{number - self.reads_left} more. Ask for fewer repositories, a shorter window, "
                "or fewer fields in one document."
            )

    def take_read(self) -> None:
        """Count a read that is about to be made.

        Raises:
            TooManyReadsError: none is left.
        """
        self.expect_reads(1)
        self.reads_left -= 1

    def take_bytes(self, number: int) -> None:
        """Count bytes that were read, before anything is made of them.

        Raises:
            TooManyBytesError: they are more than are left.
        """
        self.bytes_left -= number
        if self.bytes_left < 0:
            raise TooManyBytesError(
                f"A request may read {BYTES_PER_REQUEST // 1_000_000} MB from the tables. "
                "Ask for a shorter window or fewer repositories; rankings by OPENED, CLOSED, "
                "OPEN_AT_END or the mean without a filter read the least."
            )

    def expect_rows(self, number: int) -> None:
        """Check that a series can have so many rows, before they are read.

        Raises:
            TooManyRowsError: they are more than are left.
        """
        if number > self._rows_left:
            used = ROWS_PER_REQUEST - self._rows_left
            raise TooManyRowsError(
                f"The series of a request may have {ROWS_PER_REQUEST:,} rows, and this one has "
                f"{number:,}{f' after {used:,} of others' if used else ''}. Ask for top, a coarser "
                "interval, or a shorter window."
            )

    def take_rows(self, number: int) -> None:
        """Count the rows of a series, before they are made.

        Raises:
            TooManyRowsError: they are more than are left.
        """
        self.expect_rows(number)
        self._rows_left -= number

    def take_periods(self, number: int) -> None:
        """Count the days and months that a series is made of, before they are listed.

        Raises:
            TooManyPeriodsError: they are more than are left.
        """
        self._periods_left = _less(
            self._periods_left,
            number,
            TooManyPeriodsError(
                f"The series and comparisons of a request may be made of {PERIODS_PER_REQUEST:,} "
                f"days and months. {_NARROW}"
            ),
        )

    def take_values(self, number: int) -> None:
        """Count the values of a field of the rows of a list, before they are computed.

        Raises:
            TooManyValuesError: they are more than are left.
        """
        self._values_left = _less(
            self._values_left,
            number,
            TooManyValuesError(
                f"The lists of an answer may have {VALUES_PER_REQUEST:,} values, rows times "
                f"fields. {_NARROW}"
            ),
        )


def _less(left: int, number: int, error: ApiError) -> int:
    if number > left:
        raise error
    return left - number
