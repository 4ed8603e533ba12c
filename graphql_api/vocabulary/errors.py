"""What can be wrong with a question, each with a reason that clients may branch on.

Owns the exceptions that resolvers raise; how they look in an answer belongs to `answers`.
"""

from typing import Self

_LONGEST_QUOTE = 100


def quoted(value: str) -> str:
    """Return a value as messages repeat it: in quotes, at most 100 characters of it."""
    is_cut = len(value) > _LONGEST_QUOTE
    return f'"{value[:_LONGEST_QUOTE]}{"…" if is_cut else ""}"'


class ApiError(Exception):
    """A refusal that its client can understand: shown as it is, never logged as a fault."""

    code: str = "BAD_USER_INPUT"
    reason: str = "bad_input"


class BadCursorError(ApiError):
    """`nextToken` was not given by this query with these arguments."""

    reason = "bad_cursor"


class BadLimitError(ApiError):
    """`limit` is outside 1 to 1,000."""

    reason = "bad_limit"


class BadMonthError(ApiError):
    """A `monthlyPeriod` is no month."""

    reason = "bad_month"


class BadDateError(ApiError):
    """A value is not a Day, or the days of a window are in the wrong order or out of range."""

    reason = "bad_date"

    def of(self, name: str) -> Self:
        """Return the same error with the name of the argument or `$variable` before its message."""
        return type(self)(f"{name}: {self}")


class EmptyListError(ApiError):
    """A condition that nothing can meet: a dashboard's empty selection must not look like zeros."""

    reason = "empty_list"


class BadNameError(ApiError):
    """An argument gives a name that cannot exist, or too many of them."""

    reason = "bad_name"


class BadTopError(ApiError):
    """`top` without groups, or with a number of them outside 1 to 1,000."""

    reason = "bad_top"


class BadClosedAsError(ApiError):
    """`closedAs` asked of alerts that are not all closed."""

    reason = "bad_closed_as"


class BadPercentError(ApiError):
    """A percentile outside 1 to 99.9."""

    reason = "bad_percent"


class BadDaysError(ApiError):
    """A number of days that cannot be asked for."""

    reason = "bad_days"


class BudgetError(ApiError):
    """One request asks for more than one request may use; the reason says of what."""

    code = "LIMIT_EXCEEDED"


class TooManyRowsError(BudgetError):
    """The series of a request would have more rows than one answer may have."""

    reason = "too_many_rows"


class TooManyReadsError(BudgetError):
    """A request needs more reads of the tables than one request may make."""

    reason = "too_many_reads"


class TooManyBytesError(BudgetError):
    """A request reads more bytes than one request may read."""

    reason = "too_many_bytes"


class TooManyPeriodsError(BudgetError):
    """The series of a request are made of more days and months than one request may ask for."""

    reason = "too_many_periods"


class TooManyValuesError(BudgetError):
    """The lists of a request have more values than one answer may have."""

    reason = "too_many_values"


class BusyError(ApiError):
    """The tables are throttled: the same request will work a little later."""

    code = "UNAVAILABLE"
    reason = "busy"


class AccessUnavailableError(ApiError):
    """Whose key it is cannot be found out now."""

    code = "UNAVAILABLE"
    reason = "access_unavailable"
