"""The comparison of each row of a series with its baseline.

Owns which periods are read for the baselines, and that today, which is not over, is left out of
both sides. `baseline` owns the calendar. Reads nothing: the caller passes the sums of the slots.
Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from rollup.metrics.baseline import baseline
from rollup.metrics.period import day_key
from rollup.metrics.series import Row, SeriesPlan
from rollup.metrics.sums import Sums, slots_of
from rollup.metrics.tally import Cells, Group, Measure, Tally, net_opened, subtract

_DAY = timedelta(days=1)


class Comparison(NamedTuple):
    """The days of an interval that are over, and the same days of its baseline.

    `has_days` is False for an interval that is today alone. Then only the open alerts of `before`
    have a meaning.
    """

    now: Tally
    before: Tally
    has_days: bool

    def change(self, measure: Measure) -> float | None:
        """Return the relative change of a measure; see `ratios`."""
        return self.now.change_since(self.before, measure)

    def earlier(self, measure: Measure) -> float | None:
        """Return a measure of the baseline. None if it has no day or no value."""
        if not self.has_days and measure is not Measure.OPEN_AT_END:
            return None
        return self.before.measure(measure)


class ComparisonPlan:
    """The baselines of a plan's intervals, and the keys of the periods that cover them.

    Three kinds of periods are read: those of each baseline, those between it and its interval,
    which give the alerts open then, and today, which is not over and is subtracted.
    """

    def __init__(self, plan: SeriesPlan) -> None:
        query = self._query = plan.query
        baselines = [
            baseline(window, query.interval, unit=query.unit, today=query.today)
            for window in plan.windows
        ]
        self._ends = [one.window.end if one.window else query.today for one in baselines]
        self._have_days = [one.window is not None for one in baselines]
        self._keys = [query.keys(one.window) if one.window else [] for one in baselines]
        # Also read, although left out with today: one range of days takes fewer reads than two.
        self._keys_unused = [
            query.keys_between(one.window.end, one.open_day) for one in baselines if one.window
        ]
        self._keys_since = [
            query.keys_between(one.open_day + _DAY, window.first - _DAY)
            for one, window in zip(baselines, plan.windows, strict=True)
        ]
        holds_today = any(window.first <= query.today < window.end for window in plan.windows)
        self._keys_today = [day_key(query.today)] if holds_today else []

    @property
    def read_keys(self) -> list[str]:
        """The keys of all periods that the comparisons need."""
        keys = (*self._keys, *self._keys_unused, *self._keys_since, self._keys_today)
        return [key for group in keys for key in group]

    @property
    def slots(self) -> dict[str, list[int]]:
        """The slots of the sums: the baselines, the periods since each of them, and today."""
        return slots_of([*self._keys, *self._keys_since, self._keys_today])

    def comparisons(self, sums: Sums, series: Iterable[Row]) -> list[Comparison]:
        """Return the comparison of each row of the series."""
        count = len(self._keys)
        cells = [sums.cells(slot) for slot in range(count)]
        since = [sums.cells(count + slot) for slot in range(count)]
        today = sums.cells(2 * count)
        return [
            Comparison(
                self._without_today(row, today),
                self._query.tally(
                    cells[row.slot].get(row.group, {}),
                    max(0, row.open_at_start - net_opened(since[row.slot].get(row.group, {}))),
                    self._ends[row.slot],
                ),
                self._have_days[row.slot],
            )
            for row in series
        ]

    def _without_today(self, row: Row, today: Mapping[Group, Cells]) -> Tally:
        """Return the tally of a row without today; the number of open alerts stays."""
        if row.window.first <= self._query.today < row.window.end:
            cells = subtract(row.tally.cells, today.get(row.group, {}))
            return self._query.tally(cells, row.tally.open_at_end, self._query.today)
        return row.tally
