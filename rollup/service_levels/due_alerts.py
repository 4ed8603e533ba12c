"""Alerts by the interval of their due date: how many were closed in time, late, or are still open.

Owns the shift between the two: the alerts of a severity that are due in some days were created its
target earlier. So each severity needs the rows of its own periods, and each severity of a group has
a row of its own. Reads nothing: a `DuePlan` lists the rows, and the caller passes their sums. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from ingest.terms import Severity
from rollup.metrics.cohorts.cohort import Cohort
from rollup.metrics.counts import COHORT_OUTCOMES, Outcome
from rollup.metrics.sums import Sums, slots_of
from rollup.metrics.tally import Cells, CellSelection, Group, GroupBy
from rollup.metrics.window import Interval, Window, cover, intervals
from rollup.service_levels.targets import Targets

DUE_OUTCOMES = COHORT_OUTCOMES | {Outcome.OPENED, Outcome.OPEN}
"""The outcomes of the cells that a series needs."""


class ServiceLevelMeasure(StrEnum):
    """The measure used to rank groups by their service levels."""

    DUE = "DUE"
    LATE = "LATE"
    OPEN = "OPEN"
    NOT_MET = "NOT_MET"


class DueQuery(NamedTuple):
    """A query for due alerts; `window` contains their due dates."""

    window: Window
    interval: Interval
    today: date
    selection: CellSelection
    targets: Targets

    @property
    def as_total(self) -> "DueQuery":
        """The same query for the window as one interval."""
        return self._replace(interval=Interval.TOTAL)


class DueCounts(NamedTuple):
    """The alerts that are due in some days.

    Attributes:
        due: All of them.
        met: Those that were closed in time.
        late: Those that were closed later.
        still_open: Those that are still open.
        uncounted: How many closings older code did not count by the creation of their alerts.
    """

    due: int = 0
    met: int = 0
    late: int = 0
    still_open: int = 0
    uncounted: int = 0

    @classmethod
    def of(cls, cells: Cells, days: int) -> Self:
        """Return the counts of the alerts of some days of creation, for a target in days."""
        cohort = Cohort.of(cells)
        met = cohort.closed_within(days)
        late = cohort.closed.count - met
        return cls(cohort.opened, met, late, cohort.still_open, cohort.uncounted)

    @classmethod
    def total(cls, summands: Iterable["DueCounts"]) -> Self:
        """Return the sum of several counts."""
        return cls(*(sum(column) for column in zip(cls(), *summands, strict=True)))

    @property
    def compliance(self) -> float | None:
        """The share of the alerts that were closed in time, 0 to 1. None if none was due."""
        return self.met / self.due if self.due else None

    def measure(self, measure: ServiceLevelMeasure) -> int:
        """Return one measure."""
        match measure:
            case ServiceLevelMeasure.DUE:
                return self.due
            case ServiceLevelMeasure.LATE:
                return self.late
            case ServiceLevelMeasure.OPEN:
                return self.still_open
            case ServiceLevelMeasure.NOT_MET:
                return self.due - self.met


class DueRow(NamedTuple):
    """The due alerts of one severity, group and interval."""

    window: Window
    group: Group
    severity: Severity
    target_days: int
    counts: DueCounts


class DuePlan:
    """The intervals of a query. By severity: the slots of the periods of creation, by their keys.

    The slots are the positions of the intervals.
    """

    def __init__(self, query: DueQuery) -> None:
        self.query = query
        self.windows: Sequence[Window] = intervals(query.window, query.interval)
        self.slots: Mapping[Severity | None, dict[str, list[int]]] = {
            severity: slots_of(
                cover(_created_in(window, days), query.interval, today=query.today)
                for window in self.windows
            )
            for severity, days in query.targets.items()
        }


class DueSeries:
    """The due alerts of one query, from the sums of its plan's slots."""

    def __init__(self, plan: DuePlan, sums: Mapping[Severity | None, Sums]) -> None:
        self._query = plan.query
        self._windows = plan.windows
        self._counts = {
            (slot, group, severity): DueCounts.of(cells, days)
            for severity, days in plan.query.targets.items()
            for slot in range(len(plan.windows))
            for group, cells in sums[severity].cells(slot).items()
        }

    @property
    def uncounted(self) -> int:
        """How many closings are missing in the sums. If it is not 0, `met` and `late` are wrong."""
        return sum(counts.uncounted for counts in self._counts.values())

    def groups(self) -> list[Group]:
        """Return the groups that have a due alert, in order."""
        selection = self._query.selection
        if selection.group_by is None:
            return [None]
        return selection.ordered({group for (_, group, _), one in self._counts.items() if one.due})

    def largest(self, limit: int, by: ServiceLevelMeasure) -> list[Group]:
        """Return the groups with the largest measure over the whole window, largest first.

        Groups with equal measures keep the order of `groups`.
        """
        totals = dict.fromkeys(self.groups(), 0)
        for (_, group, _), counts in self._counts.items():
            if group in totals:
                totals[group] += counts.measure(by)
        return sorted(totals, key=lambda group: -totals[group])[:limit]

    def rows(self, groups: Sequence[Group]) -> list[DueRow]:
        """Return the rows of these groups: by time, in the order of the groups, by severity."""
        return [
            DueRow(window, group, severity, days, self._counts.get((slot, group, severity), _NONE))
            for slot, window in enumerate(self._windows)
            for group in groups
            for severity, days in self._query.targets.items()
            if self._query.selection.group_by is not GroupBy.SEVERITY or group == severity
        ]


_NONE = DueCounts()


def _created_in(due: Window, days: int) -> Window:
    """Return the days of creation of the alerts that are due in some days."""
    return Window(due.first - timedelta(days=days), due.last - timedelta(days=days))
