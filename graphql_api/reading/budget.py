"""The budget of one request: reads, bytes, rows and other numbers, shared by all its fields.

Owns the limits over all fields of a document, and their messages. The limits keep a request within
3 seconds of CPU and 400 MB of memory; `bench/large/part.py` measures the largest requests.
"""

from graphql_api.vocabulary.errors import (
    ApiError,
    TooManyAlertsError,
    TooManyBytesError,
    TooManyPeriodsError,
    TooManyReadsError,
    TooManyRowsError,
    TooManyValuesError,
)

READS_PER_REQUEST = 100
BYTES_PER_REQUEST = 96_000_000
"""The bytes of DynamoDB's responses. Packed counts are charged three times, since they are also
added up. Rows that another field of the document has already read are charged as well."""
ROWS_PER_REQUEST = 10_000
"""The rows of all series: intervals times groups."""
PERIODS_PER_REQUEST = 40_000
"""The days and months that all series and comparisons consist of."""
ALERTS_PER_REQUEST = 100_000
"""The alerts that a request counts one by one."""
VALUES_PER_REQUEST = 80_000
"""The fields of all rows of lists. The largest response of Lambda, 5 MB, has few more."""

_NARROW = "Ask for a shorter window, a coarser interval, or fewer fields in one document."


class Budget:
    """The budget that one request has left."""

    def __init__(self) -> None:
        self.reads_left = READS_PER_REQUEST
        self.bytes_left = BYTES_PER_REQUEST
        self._rows_left = ROWS_PER_REQUEST
        self._periods_left = PERIODS_PER_REQUEST
        self._alerts_left = ALERTS_PER_REQUEST
        self._values_left = VALUES_PER_REQUEST

    @property
    def reads(self) -> int:
        """The number of reads so far."""
        return READS_PER_REQUEST - self.reads_left

    def expect_reads(self, number: int) -> None:
        """Check that a number of reads is left, before the first of them.

        Raises:
            TooManyReadsError: The number is greater than the rest of the budget.
        """
        if number > self.reads_left:
            raise TooManyReadsError(
                f"A request may read the tables {READS_PER_REQUEST} times, and this needs at least "
                f"{number - self.reads_left} more. Ask for fewer repositories, a shorter window, "
                "or fewer fields in one document."
            )

    def take_read(self) -> None:
        """Count one read, before it.

        Raises:
            TooManyReadsError: No read is left.
        """
        self.expect_reads(1)
        self.reads_left -= 1

    def take_bytes(self, number: int) -> None:
        """Count bytes that were read, before they are used.

        Raises:
            TooManyBytesError: The number is greater than the rest of the budget.
        """
        self.bytes_left -= number
        if self.bytes_left < 0:
            raise TooManyBytesError(
                f"A request may read {BYTES_PER_REQUEST // 1_000_000} MB from the tables. "
                "Ask for a shorter window or fewer repositories; rankings by OPENED, CLOSED, "
                "OPEN_AT_END or the mean without a filter read the least."
            )

    def expect_rows(self, number: int) -> None:
        """Check that a series can have a number of rows, before they are read.

        Raises:
            TooManyRowsError: The number is greater than the rest of the budget.
        """
        if number > self._rows_left:
            used = ROWS_PER_REQUEST - self._rows_left
            raise TooManyRowsError(
                f"The series of a request may have {ROWS_PER_REQUEST:,} rows, and this one has "
                f"{number:,}{f' after {used:,} of others' if used else ''}. Ask for top, a coarser "
                "interval, or a shorter window."
            )

    def take_rows(self, number: int) -> None:
        """Count the rows of a series, before they are created.

        Raises:
            TooManyRowsError: The number is greater than the rest of the budget.
        """
        self.expect_rows(number)
        self._rows_left -= number

    def take_periods(self, number: int) -> None:
        """Count the days and months that a series consists of, before they are listed.

        Raises:
            TooManyPeriodsError: The number is greater than the rest of the budget.
        """
        self._periods_left = _subtract(
            self._periods_left,
            number,
            TooManyPeriodsError(
                f"The series and comparisons of a request may consist of {PERIODS_PER_REQUEST:,} "
                f"days and months. {_NARROW}"
            ),
        )

    def take_alerts(self, number: int) -> None:
        """Count alerts that a field counts one by one, before it does.

        Raises:
            TooManyAlertsError: The number is greater than the rest of the budget.
        """
        self._alerts_left = _subtract(
            self._alerts_left,
            number,
            TooManyAlertsError(
                f"The rules of a request are counted from at most {ALERTS_PER_REQUEST:,} alerts: "
                "those that are open, or were opened or closed in the window. Ask for a shorter "
                "window, one repository, or a filter by severity, tool, branch or repository."
            ),
        )

    def take_values(self, number: int) -> None:
        """Count the values of one field in all rows of a list, before they are computed.

        Raises:
            TooManyValuesError: The number is greater than the rest of the budget.
        """
        self._values_left = _subtract(
            self._values_left,
            number,
            TooManyValuesError(
                f"The lists of a response may have {VALUES_PER_REQUEST:,} values, rows times "
                f"fields. {_NARROW}"
            ),
        )


def _subtract(left: int, number: int, error: ApiError) -> int:
    if number > left:
        raise error
    return left - number
