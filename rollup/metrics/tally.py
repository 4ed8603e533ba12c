"""The selected cells of a query, pooled by group and outcome.

Owns the terms of a query (`CellSelection`, `GroupBy`, `Measure`, `Basis`) and the measures of a
group by the interval of its closings. `cohort_tally` owns those by the interval of the creation.
`ratios` and `percentile` own the divisions, `series` owns time. Pure.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from ingest.terms import Branch, Severity
from rollup.metrics import ratios
from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, Outcome
from rollup.metrics.percentile import Bins, Percentile, percentile_of


class GroupBy(StrEnum):
    """The attribute by which alerts are grouped."""

    SEVERITY = "SEVERITY"
    TOOL = "TOOL"
    BRANCH = "BRANCH"
    REPOSITORY = "REPOSITORY"
    TEAM = "TEAM"


class Basis(StrEnum):
    """The interval in which an alert counts as closed: that of its closing or of its creation."""

    CLOSED = "CLOSED"
    OPENED = "OPENED"


class Measure(StrEnum):
    """The measure used to rank groups or to compute a change."""

    OPENED = "OPENED"
    CLOSED = "CLOSED"
    OPEN_AT_END = "OPEN_AT_END"
    MEAN_TIME_TO_REMEDIATE = "MEAN_TIME_TO_REMEDIATE"
    MEDIAN_TIME_TO_REMEDIATE = "MEDIAN_TIME_TO_REMEDIATE"
    P90_TIME_TO_REMEDIATE = "P90_TIME_TO_REMEDIATE"


MEASURES_OF_CLOSINGS = frozenset(Measure) - {Measure.OPENED, Measure.OPEN_AT_END}
"""The measures that depend on closings, and so on the basis."""

PERCENTS = {Measure.MEDIAN_TIME_TO_REMEDIATE: 50, Measure.P90_TIME_TO_REMEDIATE: 90}
"""The measures that are percentiles."""
DURATIONS = frozenset({Measure.MEAN_TIME_TO_REMEDIATE, *PERCENTS})
"""The measures that are durations, in milliseconds."""


Group = str | None
Cells = Mapping[Outcome, Cell]
"""The cells of a group by outcome; an outcome that counts nothing is absent."""

_CHANGE_OF_OPEN: Mapping[Outcome, int] = {
    Outcome.OPENED: 1,
    Outcome.RETURNED: 1,
    Outcome.LEFT: -1,
    **dict.fromkeys(CLOSED_OUTCOMES, -1),
}
"""The change of the number of open alerts for one alert under an outcome."""

_SEVERITY_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}


class CellSelection(NamedTuple):
    """The cells that a query selects, and how it groups them; None means no condition.

    Cells of cohorts are selected only for the basis OPENED.
    """

    severities: frozenset[Severity] | None = None
    tools: frozenset[str] | None = None
    branch: Branch | None = None
    group_by: GroupBy | None = None
    basis: Basis = Basis.CLOSED
    outcomes: frozenset[Outcome] | None = None

    @property
    def fits_headlines(self) -> bool:
        """Whether every cell of a headline is selected, and no other one."""
        has_conditions = self.severities is not None or self.tools is not None or self.branch
        return not has_conditions and self.basis is Basis.CLOSED

    @property
    def is_by_row(self) -> bool:
        """Whether all cells of a repository's row are in one group."""
        return self.group_by in {None, GroupBy.REPOSITORY, GroupBy.TEAM}

    @property
    def is_about_tools(self) -> bool:
        """Whether the result depends on the tools of cells."""
        return self.tools is not None or self.group_by is GroupBy.TOOL

    def only(self, severity: Severity | None) -> "CellSelection":
        """Return the selection of those selected cells that have a severity. None: all of them."""
        if severity is None:
            return self
        is_selected = self.severities is None or severity in self.severities
        return self._replace(severities=frozenset({severity} if is_selected else ()))

    def ordered(self, groups: Iterable[Group]) -> list[Group]:
        """Return groups in order: severities by rank, all others by name."""
        if self.group_by is GroupBy.SEVERITY:
            return sorted(groups, key=lambda group: _SEVERITY_RANK[group or ""])
        return sorted(groups, key=lambda group: group or "")


def total_by_outcome(groups: Iterable[Cells]) -> dict[Outcome, Cell]:
    """Return the sum of the cells of several groups, outcome by outcome."""
    found: dict[Outcome, list[Cell]] = {}
    for cells in groups:
        for outcome, cell in cells.items():
            found.setdefault(outcome, []).append(cell)
    return {outcome: Cell.total(summed) for outcome, summed in found.items()}


def subtract(cells: Cells, others: Cells) -> dict[Outcome, Cell]:
    """Return cells minus others, without outcomes that are not above zero afterwards.

    The two can be of different ages, if a row changes between the reads.
    """
    rest = {
        outcome: Cell.total((cell, -others[outcome])) if outcome in others else cell
        for outcome, cell in cells.items()
    }
    return {outcome: cell for outcome, cell in rest.items() if cell.count > 0}


def alert_count(cells: Cells, outcome: Outcome) -> int:
    """Return how many alerts an outcome counts."""
    cell = cells.get(outcome)
    return 0 if cell is None else cell.count


def net_opened(cells: Cells) -> int:
    """Return the change of the number of open alerts that these cells describe."""
    return sum(cell.count * _CHANGE_OF_OPEN.get(outcome, 0) for outcome, cell in cells.items())


class Tally:
    """The cells of one group in one interval, and the number of alerts open at its end.

    `closed_as` contains the outcomes that count as closed. Only `closed` and the measures derived
    from it depend on it.
    """

    __slots__ = ("_bins", "_closed", "cells", "closed_as", "open_at_end")

    def __init__(self, cells: Cells, open_at_end: int, closed_as: frozenset[Outcome]) -> None:
        self.cells = cells
        self.open_at_end = open_at_end
        self.closed_as = closed_as
        self._closed: Cell | None = None
        self._bins: Bins | None = None

    def count(self, outcome: Outcome) -> int:
        """Return how many alerts an outcome counts."""
        return alert_count(self.cells, outcome)

    @property
    def closed(self) -> Cell:
        """The pooled closings that count; computed once."""
        if self._closed is None:
            closings = [cell for outcome, cell in self.cells.items() if outcome in self.closed_as]
            self._closed = Cell.total(closings)
        return self._closed

    @property
    def uncounted_closings(self) -> int:
        """How many closings are missing in the counts; see `CohortTally`."""
        return 0

    def closings(self, outcome: Outcome) -> int:
        """Return how many alerts were closed in this way."""
        return self.count(outcome)

    @property
    def mean_ms(self) -> float | None:
        """The mean time to remediate; None if it is not defined."""
        return ratios.mean_ms(self.closed)

    def percentile(self, percent: float) -> Percentile | None:
        """Return the time to remediate that `percent` of the closings do not exceed."""
        if self._bins is None:
            self._bins = Bins.of(self.closed)
        return percentile_of(self._bins, percent)

    def percentile_ms(self, percent: float) -> float | None:
        """Return the estimate of a percentile; None if it is not defined."""
        found = self.percentile(percent)
        return None if found is None else found.ms

    def share_within(self, days: int) -> float | None:
        """Return the share that was closed in at most some days; see `ratios`."""
        return ratios.share_within(self.closed, days)

    def measure(self, measure: Measure) -> float | None:
        """Return one measure; times in milliseconds, None if it is not defined."""
        match measure:
            case Measure.OPENED:
                return self.count(Outcome.OPENED)
            case Measure.CLOSED:
                return self.closed.count
            case Measure.OPEN_AT_END:
                return self.open_at_end
            case Measure.MEAN_TIME_TO_REMEDIATE:
                return self.mean_ms
            case Measure.MEDIAN_TIME_TO_REMEDIATE | Measure.P90_TIME_TO_REMEDIATE:
                return self.percentile_ms(PERCENTS[measure])

    def change_since(self, before: "Tally", measure: Measure) -> float | None:
        """Return the relative change of a measure; see `ratios`."""
        if measure in PERCENTS:
            percent = PERCENTS[measure]
            return ratios.percentile_change(self.percentile(percent), before.percentile(percent))
        return ratios.relative_change(self.measure(measure), before.measure(measure))
