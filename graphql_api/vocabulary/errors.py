"""The errors of the API, each with a stable `reason` that clients can rely on.

Owns the exceptions that resolvers raise. `execution.error_format` puts them into the response.
"""

from typing import Self

_LONGEST_QUOTE = 100


def quoted(value: str) -> str:
    """Return a value in quotes for an error message, cut after 100 characters."""
    is_cut = len(value) > _LONGEST_QUOTE
    return f'"{value[:_LONGEST_QUOTE]}{"…" if is_cut else ""}"'


class ApiError(Exception):
    """An error whose message is for the client: it is returned unchanged and is not logged.

    The client can change the request, or repeat it later where `code` is `UNAVAILABLE`.
    """

    code: str = "BAD_USER_INPUT"
    reason: str = "bad_input"


class BadCursorError(ApiError):
    """`nextToken` does not come from this query with these arguments."""

    reason = "bad_cursor"


class BadLimitError(ApiError):
    """`limit` is outside 1 to 1,000."""

    reason = "bad_limit"


class BadMonthError(ApiError):
    """`monthlyPeriod` is not a month."""

    reason = "bad_month"


class BadDateError(ApiError):
    """A value is not a Day, is out of range, or `from` is after `to`."""

    reason = "bad_date"

    def for_argument(self, name: str) -> Self:
        """Return this error with the name of the argument or `$variable` before its message."""
        return type(self)(f"{name}: {self}")


class EmptyListError(ApiError):
    """A list in the arguments is empty.

    No alert can meet such a condition. An error shows it better than zeros in a dashboard.
    """

    reason = "empty_list"


class BadNameError(ApiError):
    """A name in the arguments is invalid, or a list has too many names."""

    reason = "bad_name"


class BadTopError(ApiError):
    """`top` is used without `groupBy`, or `top.groups` is outside 1 to 1,000."""

    reason = "bad_top"


class BadClosedAsError(ApiError):
    """`closedAs` is used without `state: CLOSED`."""

    reason = "bad_closed_as"


class BadCweError(ApiError):
    """A value is not a CWE such as `CWE-79`."""

    reason = "bad_cwe"


class BadOverdueError(ApiError):
    """`overdue` is used without `state: OPEN`."""

    reason = "bad_overdue"


class BadTargetsError(ApiError):
    """`targets` has two targets for the same severity."""

    reason = "bad_targets"


class BadFirstError(ApiError):
    """`first` is outside 1 to 100."""

    reason = "bad_first"


class BadPercentError(ApiError):
    """`percent` is outside 1 to 99.9."""

    reason = "bad_percent"


class BadDaysError(ApiError):
    """`days` is not one of the accepted numbers."""

    reason = "bad_days"


class TeamNotConfiguredError(ApiError):
    """`groupBy: TEAM` or the filter `team` is used without the setting `team`."""

    reason = "team_not_configured"


class BudgetError(ApiError):
    """A request exceeds a limit. The reason names the limit."""

    code = "LIMIT_EXCEEDED"


class TooManyRowsError(BudgetError):
    """The series of a request have too many rows."""

    reason = "too_many_rows"


class TooManyReadsError(BudgetError):
    """A request needs too many reads of the tables."""

    reason = "too_many_reads"


class TooManyBytesError(BudgetError):
    """A request reads too many bytes from the tables."""

    reason = "too_many_bytes"


class TooManyPeriodsError(BudgetError):
    """The series of a request need too many days and months."""

    reason = "too_many_periods"


class TooManyValuesError(BudgetError):
    """The lists of a response have too many values."""

    reason = "too_many_values"


class TooManyAlertsError(BudgetError):
    """A request counts too many alerts one by one."""

    reason = "too_many_alerts"


class BusyError(ApiError):
    """DynamoDB throttles the reads. The client can repeat the request later."""

    code = "UNAVAILABLE"
    reason = "busy"


class IncompleteCohortsError(ApiError):
    """Some closings are not counted by the alerts' creation yet; `gcsmttr repair` counts them."""

    code = "UNAVAILABLE"
    reason = "incomplete_cohorts"

    @classmethod
    def check(cls, missing: int, *, needed_by: str) -> None:
        """Raise this error if the counts that something needs lack any closings."""
        if missing:
            raise cls(
                f"{needed_by} cannot be used yet: {missing:,} closings are not counted by the "
                "creation of their alerts. Ask the operator to run: gcsmttr repair --all"
            )


class AccessError(ApiError):
    """The sender of a request may not query, or not now. The document is not read.

    Attributes:
        retry_after_s: Seconds after which the same request can succeed. 0 if it never can.
        log_fields: Fields for the log. The client does not get them.
    """

    def __init__(self, message: str, *, retry_after_s: int = 0, **log_fields: str) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.log_fields = log_fields


class UnauthorizedError(AccessError):
    """The API key or the token is missing or not valid. The client gets no other detail."""

    code = "UNAUTHENTICATED"
    reason = "unauthorized"


class TooManyRequestsError(AccessError):
    """The holder of an API key or a token sends too many requests."""

    code = "LIMIT_EXCEEDED"
    reason = "too_many_requests"


class AccessUnavailableError(AccessError):
    """The API key or the token cannot be checked now. The client can repeat the request later."""

    code = "UNAVAILABLE"
    reason = "access_unavailable"

    def __init__(self, message: str, *, retry_after_s: int = 1, **log_fields: str) -> None:
        super().__init__(message, retry_after_s=retry_after_s, **log_fields)
