"""Counts by what a question asks for: only some cells, sorted into groups, outcome by outcome.

Owns the words of a question (`Choice`, `GroupBy`, `Measure`) and what each measure of a group is.
Every division is `metrics`'s; time is `series`'s. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from ingest.terms import Branch, Severity
from rollup import metrics
from rollup.counts import CLOSED_OUTCOMES, Cell, CellKey, Counts, Outcome


class GroupBy(StrEnum):
    """What groups are made of."""

    SEVERITY = "SEVERITY"
    TOOL = "TOOL"
    BRANCH = "BRANCH"
    REPOSITORY = "REPOSITORY"


class Measure(StrEnum):
    """By what groups are ranked, and of what a change is told."""

    OPENED = "OPENED"
    CLOSED = "CLOSED"
    OPEN_AT_END = "OPEN_AT_END"
    MEAN_TIME_TO_REMEDIATE = "MEAN_TIME_TO_REMEDIATE"
    MEDIAN_TIME_TO_REMEDIATE = "MEDIAN_TIME_TO_REMEDIATE"
    P90_TIME_TO_REMEDIATE = "P90_TIME_TO_REMEDIATE"


PERCENTS = {Measure.MEDIAN_TIME_TO_REMEDIATE: 50, Measure.P90_TIME_TO_REMEDIATE: 90}
"""The measures that are percentiles."""


class PeriodCounts(NamedTuple):
    """The counts of one period of the repository or organisation of this name."""

    name: str
    period: str
    counts: Counts


Group = str | None
Cells = Mapping[Outcome, Cell]
"""What was counted, by outcome; an outcome that never was is absent."""

_GROUPS_OF_CELLS: Mapping[GroupBy | None, Callable[[CellKey], Group]] = {
    GroupBy.SEVERITY: lambda key: key.severity.value,
    GroupBy.TOOL: lambda key: key.tool,
    GroupBy.BRANCH: lambda key: key.branch.value,
}
"""The other groups are those of whole rows."""

_CHANGE_OF_OPEN: Mapping[Outcome, int] = {
    Outcome.OPENED: 1,
    Outcome.RETURNED: 1,
    Outcome.LEFT: -1,
    **dict.fromkeys(CLOSED_OUTCOMES, -1),
}
"""By how much one alert under an outcome changes the number of open alerts."""

_SEVERITY_RANK = {severity.value: place for place, severity in enumerate(Severity)}


class Choice(NamedTuple):
    """Which cells a question is about, and into which groups they go; None: no condition."""

    severities: frozenset[Severity] | None = None
    tools: frozenset[str] | None = None
    branch: Branch | None = None
    group_by: GroupBy | None = None

    def sums(self, rows: Iterable[PeriodCounts]) -> dict[Group, dict[Outcome, Cell]]:
        """The cells of all rows, summed group by group."""
        found: dict[Group, dict[Outcome, list[Cell]]] = {}
        group_of = _GROUPS_OF_CELLS.get(self.group_by)
        for name, _, counts in rows:
            group: Group = name if self.group_by is GroupBy.REPOSITORY else None
            for key, cell in self._chosen(counts):
                if group_of is not None:
                    group = group_of(key)
                if (cells := found.get(group)) is None:
                    cells = found[group] = {}
                if (some := cells.get(key.outcome)) is None:
                    cells[key.outcome] = [cell]
                else:
                    some.append(cell)
        return {group: _totals(cells) for group, cells in found.items()}

    def ordered(self, groups: Iterable[Group]) -> list[Group]:
        """Groups by rank where they are severities, else by name."""
        if self.group_by is GroupBy.SEVERITY:
            return sorted(groups, key=lambda group: _SEVERITY_RANK[group or ""])
        return sorted(groups, key=lambda group: group or "")

    def _chosen(self, counts: Counts) -> Iterator[tuple[CellKey, Cell]]:
        severities, tools, branch = self.severities, self.tools, self.branch
        if severities is None and tools is None and branch is None:
            return iter(counts)
        return (
            (key, cell)
            for key, cell in counts
            if (severities is None or key.severity in severities)
            and (tools is None or key.tool in tools)
            and (branch is None or key.branch is branch)
        )


def added(many: Iterable[Cells]) -> dict[Outcome, Cell]:
    """The sum of many, outcome by outcome."""
    found: dict[Outcome, list[Cell]] = {}
    for cells in many:
        for outcome, cell in cells.items():
            found.setdefault(outcome, []).append(cell)
    return _totals(found)


def without(cells: Cells, taken: Cells) -> dict[Outcome, Cell]:
    """Cells less some of what they hold; never below zero, should the two be of different ages."""
    less = {
        outcome: Cell.total((cell, -taken[outcome])) if outcome in taken else cell
        for outcome, cell in cells.items()
    }
    return {outcome: cell for outcome, cell in less.items() if cell.number > 0}


def _totals(cells: Mapping[Outcome, list[Cell]]) -> dict[Outcome, Cell]:
    return {outcome: Cell.total(some) for outcome, some in cells.items()}


def number(cells: Cells, outcome: Outcome) -> int:
    """How many alerts are counted under one outcome."""
    cell = cells.get(outcome)
    return 0 if cell is None else cell.number


def net_opened(cells: Cells) -> int:
    """By how many alerts these cells change the number of open alerts."""
    return sum(cell.number * _CHANGE_OF_OPEN.get(outcome, 0) for outcome, cell in cells.items())


class Tally(NamedTuple):
    """What was counted of one group in one stretch of time, and how many were open at its end.

    `closed_as` holds the outcomes that count as closed; no other number depends on it.
    """

    cells: Cells
    open_at_end: int
    closed_as: frozenset[Outcome]

    def number(self, outcome: Outcome) -> int:
        """How many alerts are counted under one outcome."""
        return number(self.cells, outcome)

    @property
    def closed(self) -> Cell:
        """Every closing that counts, pooled."""
        return Cell.total(
            [cell for outcome, cell in self.cells.items() if outcome in self.closed_as]
        )

    def measure(self, measure: Measure) -> float | None:
        """One measure; times in milliseconds, None where nothing was closed."""
        match measure:
            case Measure.OPENED:
                return self.number(Outcome.OPENED)
            case Measure.CLOSED:
                return self.closed.number
            case Measure.OPEN_AT_END:
                return self.open_at_end
            case Measure.MEAN_TIME_TO_REMEDIATE:
                return metrics.mean_ms(self.closed)
            case Measure.MEDIAN_TIME_TO_REMEDIATE | Measure.P90_TIME_TO_REMEDIATE:
                return metrics.percentile_ms(self.closed, PERCENTS[measure])

    def change_since(self, before: "Tally", measure: Measure) -> float | None:
        """How much a measure has changed, relatively; see `metrics`."""
        if measure in PERCENTS:
            return metrics.percentile_change(self.closed, before.closed, PERCENTS[measure])
        return metrics.relative_change(self.measure(measure), before.measure(measure))
