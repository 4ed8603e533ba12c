"""Counts: the sparse vector of numbers that each overview consists of.

A cell contains what was counted for one severity, kind of branch, tool and outcome. Counts form a
commutative group under `+` and `-` with exact integers. So a contribution can be retracted,
repeated and rebuilt. Pure: independent of periods and rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Self

from ingest.terms import Branch, ClosedAs, Severity


class Outcome(StrEnum):
    """What a cell counts: alerts that were opened or reopened, that are open, or that were closed.

    LEFT counts closings that no longer apply, on the day of the closing. RETURNED counts the same
    closings on the day on which they ended. The outcomes that start with COHORT count closings that
    apply, on the day of the alert's creation. Append new outcomes at the end: packed counts contain
    their positions.
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
    MITIGATED = "MITIGATED"
    COHORT_FIXED = "COHORT_FIXED"
    COHORT_FALSE_POSITIVE = "COHORT_FALSE_POSITIVE"
    COHORT_WONT_FIX = "COHORT_WONT_FIX"
    COHORT_USED_IN_TESTS = "COHORT_USED_IN_TESTS"
    COHORT_DISMISSED = "COHORT_DISMISSED"
    COHORT_MITIGATED = "COHORT_MITIGATED"


CLOSINGS: Mapping[ClosedAs, Outcome] = MappingProxyType(
    {closed_as: Outcome(closed_as.value) for closed_as in ClosedAs}
)
"""The outcome that counts each kind of closing."""

CLOSED_OUTCOMES = frozenset(CLOSINGS.values())
DISMISSALS = CLOSED_OUTCOMES - {Outcome.FIXED}
"""The outcomes of closings by a person."""

COHORTS: Mapping[Outcome, Outcome] = MappingProxyType(
    {
        outcome: Outcome(f"COHORT_{outcome.value}")
        for outcome in Outcome
        if outcome in CLOSED_OUTCOMES
    }
)
"""For the outcome of each kind of closing: the outcome that counts it by the alert's creation."""

COHORT_OUTCOMES = frozenset(COHORTS.values())


class CellKey(NamedTuple):
    """The key of a cell. `tool` is empty if GitHub did not name one."""

    severity: Severity
    branch: Branch
    tool: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell.

    `count` is the number of alerts. `total_ms` is the sum of the times to remediate for a closing,
    the sum of the creation times for OPEN, else 0. `bins` counts times to remediate by bin (see
    `histogram`); it is empty if the cell does not store durations.
    """

    count: int = 0
    total_ms: int = 0
    bins: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def total(cls, cells: Sequence["Cell"]) -> "Cell":
        """Return the sum of cells, component by component, without bins that become zero."""
        if len(cells) == 1:
            return cells[0]
        count = total_ms = 0
        bins: dict[int, int] = {}
        for cell in cells:
            count += cell.count
            total_ms += cell.total_ms
            for index, times in cell.bins.items():
                bins[index] = bins.get(index, 0) + times
        if 0 in bins.values():
            bins = {index: times for index, times in bins.items() if times}
        return cls(count, total_ms, bins)

    def __add__(self, other: "Cell") -> "Cell":
        """Return the sum of two cells."""
        return Cell.total((self, other))

    def __neg__(self) -> "Cell":
        """Return the cell with every component negated."""
        return Cell(-self.count, -self.total_ms, {b: -n for b, n in self.bins.items()})

    def without_bins(self) -> "Cell":
        """Return the cell without its bins."""
        return Cell(self.count, self.total_ms)

    def __bool__(self) -> bool:
        """Return whether any component is not zero."""
        return bool(self.count or self.total_ms or self.bins)


class Counts:
    """A sparse vector of cells. Immutable; two are equal if all their cells are."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[CellKey, Cell] | None = None) -> None:
        self._cells = {
            key: cell
            for key, cell in (cells or {}).items()
            if cell.count or cell.total_ms or cell.bins
        }

    @classmethod
    def total(cls, summands: "Iterable[Counts]") -> Self:
        """Return the sum of several counts, in one pass."""
        cells: dict[CellKey, list[Cell]] = {}
        for counts in summands:
            for key, cell in counts:
                if key in cells:
                    cells[key].append(cell)
                else:
                    cells[key] = [cell]
        return cls({key: Cell.total(summed) for key, summed in cells.items()})

    def __iter__(self) -> Iterator[tuple[CellKey, Cell]]:
        """Iterate over the cells that are not zero."""
        return iter(self._cells.items())

    def __len__(self) -> int:
        """Return how many cells are not zero."""
        return len(self._cells)

    def __getitem__(self, key: CellKey) -> Cell:
        """Return the cell of a key; an empty one if nothing is counted."""
        return self._cells.get(key, Cell())

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum, cell by cell."""
        return Counts.total((self, other))

    def __neg__(self) -> "Counts":
        """Return the inverse: every cell negated."""
        return Counts({key: -cell for key, cell in self})

    def __sub__(self, other: "Counts") -> "Counts":
        """Return the difference, cell by cell."""
        return Counts.total((self, -other))

    def __eq__(self, other: object) -> bool:
        """Return whether all cells are equal."""
        return isinstance(other, Counts) and self._cells == other._cells

    __hash__ = None  # type: ignore[assignment]  # contains mappings

    def __repr__(self) -> str:
        """Return the cells, for the messages of failing tests."""
        return f"Counts({self._cells!r})"

    def count(self, outcomes: Iterable[Outcome]) -> int:
        """Return how many alerts these outcomes count."""
        wanted = frozenset(outcomes)
        return sum(cell.count for key, cell in self if key.outcome in wanted)

    def total_ms(self, outcomes: Iterable[Outcome]) -> int:
        """Return the sum of the times (see `Cell`) under these outcomes."""
        wanted = frozenset(outcomes)
        return sum(cell.total_ms for key, cell in self if key.outcome in wanted)
