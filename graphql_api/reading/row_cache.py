"""The packed rows that a request has read, so that two fields of a document share their reads.

Owns which rows are kept, and what the budget is charged for adding rows up. It does not read or
interpret rows.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

from graphql_api.reading.budget import Budget

KEPT_BYTES = 8_000_000
"""The most bytes of packed counts that a request keeps. Other rows are read again."""

ADDING, ADDING_A_ROW = 2, 60
"""The charge for adding rows up, which takes longer than reading them: bytes for each byte of
packed counts, and bytes for each row. Headlines are charged only when they are added up again, and
then about half of what their read is charged."""


class PackedRow(NamedTuple):
    """A row, or a part of one, with its packed cells or its headline."""

    name: str
    period: str
    packed: bytes


Pages = Iterator[Sequence[PackedRow]]


class RowCache:
    """The rows kept by one request."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._kept: dict[Hashable, Sequence[PackedRow]] = {}
        self._kept_bytes = 0

    def get(self, key: Hashable) -> Sequence[PackedRow] | None:
        """Return the rows kept under a key, or None."""
        return self._kept.get(key)

    def add_alias(self, key: Hashable, rows: Sequence[PackedRow]) -> None:
        """Keep rows under a key that are already kept under another one."""
        self._kept[key] = rows

    def rows(
        self, key: Hashable, read: Callable[[], Pages], *, are_headlines: bool = False
    ) -> Pages:
        """Yield the rows kept under a key. If there are none, read them, and keep them if possible.

        Args:
            key: What the rows are kept under.
            read: Reads the rows.
            are_headlines: Whether the rows have headlines instead of cells.

        Raises:
            TooManyBytesError: The charge is greater than the rest of the budget.
        """
        if (kept := self._kept.get(key)) is not None:
            self._charge(_packed_bytes(kept), len(kept), weight=1 if are_headlines else ADDING)
            yield kept
            return
        found: list[PackedRow] | None = []
        size = 0
        for rows in read():
            packed_bytes = _packed_bytes(rows)
            if not are_headlines:
                self._charge(packed_bytes, len(rows), weight=ADDING)
            yield rows
            size += packed_bytes
            if found is not None and self._kept_bytes + size <= KEPT_BYTES:
                found += rows
            else:
                found = None
        if found is not None:
            self._kept[key] = found
            self._kept_bytes += size

    def _charge(self, packed_bytes: int, rows: int, *, weight: int) -> None:
        self._budget.take_bytes(weight * packed_bytes + ADDING_A_ROW * rows)


def _packed_bytes(rows: Sequence[PackedRow]) -> int:
    return sum([len(row.packed) for row in rows])
