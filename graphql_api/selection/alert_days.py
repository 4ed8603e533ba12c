"""What a list of alerts keeps between its pages: its days, and when its first page was read.

Owns the form in which cursors keep these. Pure: the caller passes the current time.
"""

from datetime import date, datetime
from typing import NamedTuple, Self

from graphql_api.reading.cursor import Cursor, OutdatedCursorError
from graphql_api.vocabulary.days import Day, first_day, last_day, window_of


class Days(NamedTuple):
    """The first and the last day of a list, both inclusive. None: the list has no such limit.

    A cursor keeps the days, so that later pages have the same window, even after midnight.
    `due_at_ms` is the time by which a list of overdue alerts is selected on all its pages; None for
    any other list.
    """

    first: date | None
    last: date | None
    due_at_ms: int | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The days, and the time if there is one, in the form that a cursor keeps."""
        days = _text(self.first), _text(self.last)
        return days if self.due_at_ms is None else (*days, str(self.due_at_ms))

    @property
    def is_limited(self) -> bool:
        """Whether the list has a first or a last day."""
        return self.first is not None or self.last is not None

    @classmethod
    def of(cls, first: Day | None, last: Day | None, *, now: datetime) -> Self:
        """Return the days of the arguments `from` and `to`.

        Raises:
            BadDateError: `from` is after `to`, or a year is outside 2000 to 2999.
        """
        if first and last:
            window = window_of(first, last, now=now)
            return cls(window.first, window.last)
        return cls(
            None if first is None else first_day(first, now=now),
            None if last is None else last_day(last, now=now),
        )

    @classmethod
    def kept_by(cls, cursor: Cursor) -> Self:
        """Return the days that a cursor keeps.

        Raises:
            OutdatedCursorError: The cursor does not keep two days.
        """
        try:
            first, last, *due_at = cursor.kept
            start, end = (date.fromisoformat(text) if text else None for text in (first, last))
            return cls(start, end, *map(int, due_at))
        except (TypeError, ValueError) as error:
            raise OutdatedCursorError from error


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
