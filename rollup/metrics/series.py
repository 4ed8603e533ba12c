"""A series: the counts of each group in each interval of a window.

Owns two rules: how the number of open alerts at the end of each interval follows from the alerts
open now, and which groups a series has and in which order. Reads nothing: a `SeriesPlan` lists the
rows that are needed, and the caller passes their sums. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rollup.metrics.baseline import Unit
from rollup.metrics.cohorts.cohort import Cohort
from rollup.metrics.cohorts.cohort_tally import CohortTally
from rollup.metrics.counts import CLOSED_OUTCOMES, Outcome
from rollup.metrics.period import ALL, midnight_ms
from rollup.metrics.sums import Sums, slots_of
from rollup.metrics.tally import (
    Basis,
    Cells,
    CellSelection,
    Group,
    Measure,
    Tally,
    alert_count,
    net_opened,
    total_by_outcome,
)
from rollup.metrics.window import Interval, Window, cover, intervals


class SeriesQuery(NamedTuple):
    """A query for a series.

    Attributes:
        window: The days of the series.
        interval: How the window is divided into intervals.
        today: The current UTC day.
        selection: The selected cells, and their groups.
        closed_as: The outcomes that count as closed.
        unit: The unit by which a TOTAL is compared; None if unknown.
        now_ms: The current time, which the basis OPENED needs.
    """

    window: Window
    interval: Interval
    today: date
    selection: CellSelection
    closed_as: frozenset[Outcome] = CLOSED_OUTCOMES
    unit: Unit | None = None
    now_ms: int = 0

    def tally(self, cells: Cells, open_at_end: int, end: date) -> Tally:
        """Return the tally of the days before `end`."""
        if self.selection.basis is Basis.CLOSED:
            return Tally(cells, open_at_end, self.closed_as)
        age_ms = self.now_ms - midnight_ms(end)
        return CohortTally(cells, open_at_end, self.closed_as, age_ms=age_ms)

    def keys(self, window: Window) -> list[str]:
        """Return the keys of the periods that cover a window."""
        return cover(window, self.interval, today=self.today)

    def keys_between(self, first: date, last: date) -> list[str]:
        """Return the keys of the periods from one day to another; none if `last` is earlier."""
        return cover(Window(first, last), Interval.TOTAL, today=self.today) if first <= last else []

    @property
    def as_total(self) -> "SeriesQuery":
        """The same query for the window as one interval."""
        return self._replace(interval=Interval.TOTAL)


class SeriesPlan:
    """The intervals of a query, and the keys of the periods that cover each of them.

    `keys_after` contains the keys of the periods after the window. Their changes, subtracted from
    the alerts open now, give the alerts open at the end of the window.
    """

    def __init__(self, query: SeriesQuery) -> None:
        self.query = query
        self.windows: Sequence[Window] = intervals(query.window, query.interval)
        self.keys = [query.keys(window) for window in self.windows]
        self.keys_after = query.keys_between(query.window.end, query.today)

    @property
    def read_keys(self) -> list[str]:
        """The keys of all periods that the series needs; ALL counts the alerts open now."""
        return [ALL, *(key for keys in (*self.keys, self.keys_after) for key in keys)]

    @property
    def slots(self) -> dict[str, list[int]]:
        """The slots of the sums, by the keys of their periods.

        Each interval has a slot. Two slots follow: the periods after the window, and ALL.
        """
        return slots_of([*self.keys, self.keys_after, [ALL]])


class Row(NamedTuple):
    """One group in one interval; `slot` is the position of the interval."""

    slot: int
    window: Window
    group: Group
    tally: Tally
    open_at_start: int


class Series:
    """The series of one query, from the sums of its plan's slots."""

    def __init__(self, plan: SeriesPlan, sums: Sums) -> None:
        self.plan = plan
        self._query = plan.query
        intervals = len(plan.windows)
        self._cells = [sums.cells(slot) for slot in range(intervals)]
        after, now = sums.cells(intervals), sums.cells(intervals + 1)
        self._open_at_end = {
            group: alert_count(now.get(group, {}), Outcome.OPEN) - net_opened(after.get(group, {}))
            for group in {*now, *after, *(group for cells in self._cells for group in cells)}
        }

    def groups(self) -> list[Group]:
        """Return the groups with a count in the window or an open alert at its end, in order."""
        if self._query.selection.group_by is None:
            return [None]
        found = {group for cells in self._cells for group in cells}
        found |= {group for group, still_open in self._open_at_end.items() if still_open > 0}
        return self._query.selection.ordered(found)

    def largest(self, limit: int, by: Measure) -> list[Group]:
        """Return the groups with the largest measure over the whole window, largest first.

        Groups with equal measures keep the order of `groups`; groups without the measure come last.
        """
        values = {group: self._over_all(group).measure(by) for group in self.groups()}

        def rank(group: Group) -> tuple[bool, float]:
            value = values[group]
            return (value is None, -(value or 0))

        return sorted(values, key=rank)[:limit]

    @property
    def uncounted_closings(self) -> int:
        """How many closings of all cohorts of the window are missing in the sums."""
        return sum(Cohort.of(group).uncounted for cells in self._cells for group in cells.values())

    def rows(self, groups: Sequence[Group]) -> list[Row]:
        """Return the rows of these groups, by time and then in the order of the groups."""
        columns = [list(self._column(group)) for group in groups]
        return [row for by_group in zip(*columns, strict=True) for row in by_group]

    def _over_all(self, group: Group) -> Tally:
        cells = total_by_outcome(cells[group] for cells in self._cells if group in cells)
        open_at_end = max(0, self._open_at_end.get(group, 0))
        return self._query.tally(cells, open_at_end, self._query.window.end)

    def _column(self, group: Group) -> Iterator[Row]:
        column: list[Cells] = [cells.get(group, {}) for cells in self._cells]
        changes = [net_opened(cells) for cells in column]
        open_at_start = self._open_at_end.get(group, 0) - sum(changes)
        for slot, (window, cells) in enumerate(zip(self.plan.windows, column, strict=True)):
            open_at_end = open_at_start + changes[slot]
            tally = self._query.tally(cells, max(0, open_at_end), window.end)
            yield Row(slot, window, group, tally, open_at_start)
            open_at_start = open_at_end
