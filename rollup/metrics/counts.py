"""Counts: the sparse vector that every overview is, and the only home of metric arithmetic.

A cell is what was counted of one severity on one kind of branch by one tool with one outcome.
Counts form a commutative group under `+` and `-` with exact integers, so a contribution can be
retracted, repeated and rebuilt. Pure; knows no periods and no rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Self

from ingest.terms import Branch, ClosedAs, Severity


class Outcome(StrEnum):
    """What a cell counts: alerts that were opened, reopened, are open, or closed in some way.

    LEFT counts closings that no longer hold, on the day of the closing, and RETURNED counts them on
    the day on which they ended. New outcomes are appended: packed counts contain their position.
    """

    OPENED = "OPENED"
    REOPENED = "REOPENED"
    OPEN = "OPEN"
    FIXED = "FIXED"
    FALSE_POSITIVE = "FALSE_POSITIVE"
    WONT_FIX = "WONT_FIX"
    USED_IN_TESTS = "USED_IN_TESTS"
    DISMISSED = "DISMISSED"
    LEFT = "LEFT"
    RETURNED = "RETURNED"


CLOSINGS: Mapping[ClosedAs, Outcome] = MappingProxyType(
    {closed_as: Outcome(closed_as.value) for closed_as in ClosedAs}
)
"""The outcome under which each way of closing is counted."""

CLOSED_OUTCOMES = frozenset(CLOSINGS.values())
DISMISSALS = CLOSED_OUTCOMES - {Outcome.FIXED}
"""Closings by a person's hand."""


class CellKey(NamedTuple):
    """Where a cell stands. `tool` is empty where GitHub named none."""

    severity: Severity
    branch: Branch
    tool: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell holds.

    `total_ms` is the sum of times to remediate for a closing, of creation times for OPEN, else 0.
    `bins` counts times to remediate by bin number (see `histogram`); empty where none are kept.
    """

    count: int = 0
    total_ms: int = 0
    bins: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def total(cls, many: Sequence["Cell"]) -> "Cell":
        """The sum of many, component by component; a bin that becomes zero is gone."""
        if len(many) == 1:
            return many[0]
        count = total_ms = 0
        bins: dict[int, int] = {}
        for cell in many:
            count += cell.count
            total_ms += cell.total_ms
            for place, times in cell.bins.items():
                bins[place] = bins.get(place, 0) + times
        if 0 in bins.values():
            bins = {place: times for place, times in bins.items() if times}
        return cls(count, total_ms, bins)

    def __add__(self, other: "Cell") -> "Cell":
        """The sum of two."""
        return Cell.total((self, other))

    def __neg__(self) -> "Cell":
        """Every component negated."""
        return Cell(-self.count, -self.total_ms, {b: -n for b, n in self.bins.items()})

    def without_bins(self) -> "Cell":
        """The same with no durations."""
        return Cell(self.count, self.total_ms)

    def __bool__(self) -> bool:
        """Whether anything is counted."""
        return bool(self.count or self.total_ms or self.bins)


class Counts:
    """A sparse vector of cells. Immutable; equal when every cell is."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[CellKey, Cell] | None = None) -> None:
        self._cells = {
            key: cell
            for key, cell in (cells or {}).items()
            if cell.count or cell.total_ms or cell.bins
        }

    @classmethod
    def total(cls, many: "Iterable[Counts]") -> Self:
        """The sum of many, in one pass."""
        cells: dict[CellKey, list[Cell]] = {}
        for counts in many:
            for key, cell in counts:
                if key in cells:
                    cells[key].append(cell)
                else:
                    cells[key] = [cell]
        return cls({key: Cell.total(some) for key, some in cells.items()})

    def __iter__(self) -> Iterator[tuple[CellKey, Cell]]:
        """The cells that are not zero."""
        return iter(self._cells.items())

    def __len__(self) -> int:
        """How many cells are not zero."""
        return len(self._cells)

    def __getitem__(self, key: CellKey) -> Cell:
        """The cell at a key; an empty one where nothing is counted."""
        return self._cells.get(key, Cell())

    def __add__(self, other: "Counts") -> "Counts":
        """The sum, cell by cell."""
        return Counts.total((self, other))

    def __neg__(self) -> "Counts":
        """What takes these away."""
        return Counts({key: -cell for key, cell in self})

    def __sub__(self, other: "Counts") -> "Counts":
        """The difference, cell by cell."""
        return Counts.total((self, -other))

    def __eq__(self, other: object) -> bool:
        """Whether every cell is equal."""
        return isinstance(other, Counts) and self._cells == other._cells

    __hash__ = None  # type: ignore[assignment]  # holds mappings

    def __repr__(self) -> str:
        """The cells, for a failing test to show."""
        return f"Counts({self._cells!r})"

    def count(self, outcomes: Iterable[Outcome]) -> int:
        """How many alerts are counted under any of these outcomes."""
        wanted = frozenset(outcomes)
        return sum(cell.count for key, cell in self if key.outcome in wanted)

    def total_ms(self, outcomes: Iterable[Outcome]) -> int:
        """The sum of times (see Cell) counted under any of these outcomes."""
        wanted = frozenset(outcomes)
        return sum(cell.total_ms for key, cell in self if key.outcome in wanted)
