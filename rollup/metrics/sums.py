"""The sums that a series is computed from, as an interface, and their slots. Pure."""

from collections.abc import Iterable
from typing import Protocol

from rollup.metrics.counts import Cell, Outcome
from rollup.metrics.tally import Group


class Sums(Protocol):
    """The sums of the rows added so far; `names` contains the names of all rows."""

    names: set[str]

    def add(self, name: str, period: str, packed: bytes) -> None:
        """Add a row, or a part of one, of the repository or organisation of this name."""

    def cells(self, slot: int) -> dict[Group, dict[Outcome, Cell]]:
        """Return the cells of one slot, group by group."""

    @property
    def groups(self) -> int:
        """The number of groups of whole rows that count anything in the slot of an interval."""


def slots_of(keys_by_slot: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Return the slots of each period by its key, from the keys of the periods of each slot."""
    slots: dict[str, list[int]] = {}
    for slot, keys in enumerate(keys_by_slot):
        for key in keys:
            slots.setdefault(key, []).append(slot)
    return slots
