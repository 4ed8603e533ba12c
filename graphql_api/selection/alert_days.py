"""The days of one walk through a list of alerts, from its first page to its last.

Owns what cursors keep of them. Pure: now is passed in.
"""

from datetime import date, datetime
from typing import NamedTuple, Self

from graphql_api.reading.cursor import Cursor, OutdatedCursorError
from graphql_api.vocabulary.days import Day, first_day, last_day, window_of


class Days(NamedTuple):
    """The days of one walk, both included; None: no first, or no last day.

    A cursor keeps them, so that a walk that goes on after midnight stays in its window.
    """

    first: date | None
    last: date | None

    @property
    def kept(self) -> tuple[str, str]:
        """How a cursor keeps them."""
        return _written(self.first), _written(self.last)

    @classmethod
    def of(cls, first: Day | None, last: Day | None, *, now: datetime) -> Self:
        """Return the days that a client wrote.

        Raises:
            BadDateError: they end before they start, or leave the years 2000 to 2999.
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
            OutdatedCursorError: it keeps something else.
        """
        try:
            first, last = (date.fromisoformat(text) if text else None for text in cursor.kept)
        except ValueError as error:
            raise OutdatedCursorError from error
        return cls(first, last)


def _written(day: date | None) -> str:
    return "" if day is None else day.isoformat()
