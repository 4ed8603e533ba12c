"""Cohorts: the alerts created in some days, followed to this day.

Owns what the counts of a period of creation contain about its alerts: how many are still open, how
many were closed in which time, and which statistics can no longer change. Statistics are about all
alerts of the cohort. An alert that is still open, or closed in a way that does not count, comes
after all others. Durations are milliseconds. Pure: the clock is a parameter.
"""

from bisect import bisect_right
from collections.abc import Set as AbstractSet
from math import ceil, floor
from typing import NamedTuple, Self

from rollup.metrics import ratios
from rollup.metrics.counts import CLOSED_OUTCOMES, COHORT_OUTCOMES, COHORTS, Cell, Outcome
from rollup.metrics.histogram import LEAST_MS, MOST_MS, last_bin_within, middle_ms
from rollup.metrics.percentile import Bins, Percentile, between, percentile_of
from rollup.metrics.tally import Cells, alert_count

_DAY_MS = 86_400_000


class Cohort(NamedTuple):
    """The alerts created in some days.

    Attributes:
        opened: The number of alerts.
        still_open: How many of them are open now.
        closed: Those that are closed in a way that counts, pooled.
        age_ms: The time since the end of the days, so every alert is older. Below zero if the days
            are not over: then more alerts can be created.
        uncounted: How many closings are missing in the counts, since older code wrote them. If it
            is not 0, all other numbers of closings are too small.
    """

    opened: int
    still_open: int
    closed: Cell
    age_ms: int
    uncounted: int

    @classmethod
    def of(
        cls,
        cells: Cells,
        *,
        closed_as: AbstractSet[Outcome] = CLOSED_OUTCOMES,
        age_ms: int = 0,
    ) -> Self:
        """Return the cohort of the counts of some days.

        Args:
            cells: The counts by outcome.
            closed_as: The outcomes of the closings that count.
            age_ms: The time since the end of the days.
        """
        opened, still_open = alert_count(cells, Outcome.OPENED), alert_count(cells, Outcome.OPEN)
        closings = sum(alert_count(cells, outcome) for outcome in COHORT_OUTCOMES)
        counted = [cells[COHORTS[one]] for one in closed_as if COHORTS[one] in cells]
        return cls(opened, still_open, Cell.total(counted), age_ms, opened - still_open - closings)

    def closed_within(self, days: int) -> int:
        """Return how many alerts were closed in at most some days. Exact.

        Raises ValueError unless `days` is one of `histogram.EXACT_DAYS`.
        """
        last = last_bin_within(days)
        return sum(count for index, count in self.closed.bins.items() if index <= last)

    def share_within(self, days: int) -> float | None:
        """Return the share of all alerts, 0 to 1, that were closed in at most some days. Exact.

        Returns:
            None until every alert has had so many days, or if there are not any alerts.

        Raises:
            ValueError: `days` is not one of `histogram.EXACT_DAYS`.
        """
        within = self.closed_within(days)
        return ratios.rate(within, self.opened) if self.age_ms >= days * _DAY_MS else None

    @property
    def mean_ms(self) -> float | None:
        """The mean time of the counted closings. None while an alert is open or can be created."""
        return None if self.still_open or self.age_ms < 0 else ratios.mean_ms(self.closed)

    def percentile(self, percent: float) -> Percentile | None:
        """Return the time in which `percent` of all alerts were closed.

        It is interpolated between the two closest ranks. Unlike `percentile_of`, it does not use
        the sum of all times, since later closings change that sum: a time is estimated as the
        middle of its bin, within 5 %. If it depends on the last alert, all alerts are closed, and
        it is the same as that of `percentile_of`.

        Returns:
            None as long as it can change: alerts can still be created, or an alert at one of the
            ranks is open, or could be if an open alert were closed now.
        """
        rank = (self.opened - 1) * percent / 100
        if self.age_ms < 0 or ceil(rank) >= self.closed.count:
            return None
        bins = Bins.of(self.closed)
        if ceil(rank) == self.opened - 1:
            return percentile_of(bins, percent)
        low, high = _bin_at(bins, floor(rank)), _bin_at(bins, ceil(rank))
        if self.still_open and MOST_MS[high] > self.age_ms:
            return None
        estimates = ((edges[low], edges[high]) for edges in (_MIDDLES_MS, LEAST_MS, MOST_MS))
        return Percentile(*(between(a, b, rank - floor(rank)) for a, b in estimates))


_MIDDLES_MS = tuple(middle_ms(index) for index in range(len(MOST_MS)))


def _bin_at(bins: Bins, rank: int) -> int:
    """Return the index of the bin with the closing at a rank; rank 0 is the shortest."""
    return bins.counts[bisect_right(bins.cumulative, rank)][0]
