"""What a series needs to know of the rows that were added up for it. Pure."""

from typing import Protocol

from rollup.metrics.counts import Cell, Outcome
from rollup.metrics.tally import Group


class Sums(Protocol):
    """What rows amount to so far; `names` are those of all rows."""

    names: set[str]

    def add(self, name: str, period: str, packed: bytes) -> None:
        """Add a row, or a part of one, of the repository or organisation of this name."""

    def cells(self, slot: int) -> dict[Group, dict[Outcome, Cell]]:
        """The cells of one slot, group by group."""

    @property
    def repositories(self) -> int:
        """How many repositories have anything in a slot that is an interval."""
