"""Rows added up as they are read: by slot and group, without keeping any row.

Owns the mapping from the cells of a row to groups. A slot is a numbered set of periods that are
added up together, such as an interval; the caller defines the slots. Reads rows as they are stored:
their packed cells or their headlines. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ingest.terms import Branch, Severity
from rollup.metrics.counts import COHORT_OUTCOMES, Cell, Outcome
from rollup.metrics.tally import Basis, CellSelection, Group, GroupBy
from rollup.rows import headline
from rollup.rows.cell_totals import CellTotal, add_up, columns

Slots = Mapping[str, Sequence[int]]
"""By the key of a period: the slots that the period belongs to."""

ToolOf = Callable[[str, str], str]
"""Returns the name under which a tool counts, by the name of the row and the tool."""

GroupOf = Callable[[str], Group]
"""Returns the group of all cells of a row, by the name of the row. None: the cells decide."""

_OUTCOMES = tuple(Outcome)
_ORDER = {outcome: position for position, outcome in enumerate(_OUTCOMES)}

_Totals = list[CellTotal | None]


class CellSums:
    """The sums of the cells that a query selects.

    Args:
        selection: The selected cells, and their groups.
        slots: The slots of each period.
        intervals: How many of the first slots are intervals of a series.
        durations: Whether to add bins, for percentiles.
        tool_of: Returns the name under which a tool counts; by default each tool's own name.
        group_of: Returns the group of a row; by default its name if the groups are repositories.
    """

    def __init__(  # noqa: PLR0913
        self,
        selection: CellSelection,
        slots: Slots,
        *,
        intervals: int = 0,
        durations: bool = True,
        tool_of: ToolOf | None = None,
        group_of: GroupOf | None = None,
    ) -> None:
        by_name = selection.group_by is GroupBy.REPOSITORY
        self._group_of = group_of or (_own_name if by_name else _no_group)
        self._selection = selection
        self._slots = slots
        self.names: set[str] = set()
        self._intervals = intervals
        self._durations = durations
        self._tool_of = tool_of
        self._seen: set[Group] = set()
        self._columns, self._parts = _columns(selection._replace(tools=None))
        # By slot, then by row group or tool: the columns of all groups of that group or tool.
        self._found: dict[int, dict[Group, _Totals]] = {}

    def add(self, name: str, period: str, packed: bytes) -> None:
        """Add the packed cells of a row, or of a part of a row."""
        self.names.add(name)
        group = self._group_of(name)
        for slot in self._slots.get(period, ()):
            found = self._found.setdefault(slot, {})
            totals_of = self._totals_of(name, group, found)
            add_up(packed, self._columns, totals_of, durations=self._durations)
            if slot < self._intervals and group not in self._seen and any(found.get(group, ())):
                self._seen.add(group)

    def cells(self, slot: int) -> dict[Group, dict[Outcome, Cell]]:
        """Return the cells of one slot by group, without groups that have no selected cell."""
        cells: dict[Group, dict[Outcome, Cell]] = {}
        for key, totals in self._found.get(slot, {}).items():
            for part, group in enumerate(self._parts or (key,)):
                first = part * len(_OUTCOMES)
                own = {
                    outcome: total.cell
                    for outcome, total in zip(_OUTCOMES, totals[first:], strict=False)
                    if total is not None
                }
                if own:
                    cells[group] = own
        return cells

    @property
    def groups(self) -> int:
        """The number of groups of whole rows in intervals; 0 or 1 for other kinds of groups."""
        return len(self._seen)

    def _totals_of(
        self, name: str, row: Group, found: dict[Group, _Totals]
    ) -> Callable[[str], _Totals | None]:
        tools, group_by, tool_of = self._selection.tools, self._selection.group_by, self._tool_of
        width = len(_OUTCOMES) * max(1, len(self._parts))

        def totals_of(tool: str) -> _Totals | None:
            if tool_of is not None:
                tool = tool_of(name, tool)
            if tools is not None and tool not in tools:
                return None
            key = tool if group_by is GroupBy.TOOL else row
            totals = found.get(key)
            if totals is None:
                totals = found[key] = [None] * width
            return totals

        return totals_of


class HeadlineSums:
    """The sums of the headlines of repositories: of all cells, without durations.

    The arguments are those of `CellSums`. By default, each repository is a group.
    """

    def __init__(
        self, slots: Slots, *, intervals: int = 0, group_of: GroupOf | None = None
    ) -> None:
        self._group_of = group_of or _own_name
        self.names: set[str] = set()
        self._slots = slots
        self._intervals = intervals
        self._found: dict[int, dict[Group, int]] = {}

    def add(self, name: str, period: str, packed: bytes) -> None:
        """Add the headline of a repository's row."""
        self.names.add(name)
        group = self._group_of(name)
        for slot in self._slots.get(period, ()):
            found = self._found.setdefault(slot, {})
            found[group] = headline.add(found.get(group, 0), packed)

    def cells(self, slot: int) -> dict[Group, dict[Outcome, Cell]]:
        """Return the cells of one slot by group, without groups that count nothing."""
        found = self._found.get(slot, {})
        return {group: headline.cells_of(total) for group, total in found.items() if total}

    @property
    def groups(self) -> int:
        """The number of groups with a row in an interval."""
        found = [groups for slot, groups in self._found.items() if slot < self._intervals]
        return len(found[0]) if len(found) == 1 else len(set().union(*found))


def _own_name(name: str) -> Group:
    return name


def _no_group(_name: str) -> Group:
    return None


@lru_cache(maxsize=64)
def _columns(selection: CellSelection) -> tuple[Sequence[int | None], Sequence[Group]]:
    """Return the column of each cell, and the groups if the cells of one row make several."""
    parts: Sequence[Severity | Branch] = ()
    match selection.group_by:
        case GroupBy.SEVERITY:
            parts = tuple(Severity)
        case GroupBy.BRANCH:
            parts = tuple(Branch)

    def column_of(severity: Severity, branch: Branch, outcome: Outcome) -> int | None:
        if selection.basis is Basis.CLOSED and outcome in COHORT_OUTCOMES:
            return None
        if selection.outcomes is not None and outcome not in selection.outcomes:
            return None
        if selection.severities is not None and severity not in selection.severities:
            return None
        if selection.branch is not None and branch is not selection.branch:
            return None
        part: Severity | Branch = branch if selection.group_by is GroupBy.BRANCH else severity
        return (parts.index(part) if parts else 0) * len(_OUTCOMES) + _ORDER[outcome]

    return columns(column_of), tuple(part.value for part in parts)
