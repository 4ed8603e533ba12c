"""Sums of unpacked rows, cell by cell: the plain definition that fast sums are compared with."""

from collections.abc import Iterable
from typing import NamedTuple

from rollup.metrics.comparison import ComparisonPlan
from rollup.metrics.counts import COHORT_OUTCOMES, Cell, CellKey, Counts, Outcome
from rollup.metrics.series import SeriesPlan
from rollup.metrics.tally import Basis, CellSelection, Group, GroupBy
from rollup.rows.counts_codec import pack
from rollup.rows.packed_sums import CellSums, GroupOf


class PeriodCounts(NamedTuple):
    """The counts of one period of the repository or organisation of this name."""

    name: str
    period: str
    counts: Counts


def summed(
    selection: CellSelection, rows: Iterable[PeriodCounts]
) -> dict[Group, dict[Outcome, Cell]]:
    """Return the selected cells of all rows, by group."""
    found: dict[Group, dict[Outcome, list[Cell]]] = {}
    for name, _, counts in rows:
        for key, cell in counts:
            if is_selected(selection, key):
                group = group_of(selection.group_by, name, key)
                found.setdefault(group, {}).setdefault(key.outcome, []).append(cell)
    return {
        group: {outcome: Cell.total(summed) for outcome, summed in cells.items()}
        for group, cells in found.items()
    }


def packed_sums(
    selection: CellSelection, plan: SeriesPlan | ComparisonPlan, rows: Iterable[PeriodCounts]
) -> CellSums:
    """Return the sums of a plan, from packed rows."""
    sums = CellSums(selection, plan.slots, group_of=row_group(selection))
    for row in rows:
        sums.add(row.name, row.period, pack(row.counts))
    return sums


def is_selected(selection: CellSelection, key: CellKey) -> bool:
    return (
        (selection.severities is None or key.severity in selection.severities)
        and (selection.tools is None or key.tool in selection.tools)
        and (selection.branch is None or key.branch is selection.branch)
        and (selection.outcomes is None or key.outcome in selection.outcomes)
        and (selection.basis is Basis.OPENED or key.outcome not in COHORT_OUTCOMES)
    )


def group_of(group_by: GroupBy | None, name: str, key: CellKey) -> Group:
    return {
        None: None,
        GroupBy.SEVERITY: key.severity.value,
        GroupBy.TOOL: key.tool,
        GroupBy.BRANCH: key.branch.value,
        GroupBy.REPOSITORY: name,
        GroupBy.TEAM: team_of(name),
    }[group_by]


def team_of(name: str) -> str:
    """Return the team of a repository in tests: the last letter of its name."""
    return name[-1]


def row_group(selection: CellSelection) -> GroupOf | None:
    """Return the group of whole rows, if the selection itself does not define it."""
    return team_of if selection.group_by is GroupBy.TEAM else None
