"""Percentiles of pooled closings, and the largest possible error of each.

A cell contains the number of closings in each bin of the histogram, and the sum of all their times.
Owns what follows from these about a percentile: an estimate, and the least and the most possible
value. Durations are milliseconds. Pure.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import ceil, floor
from typing import NamedTuple

from rollup.metrics.counts import Cell
from rollup.metrics.histogram import LEAST_MS, MOST_MS, middle_ms


class Percentile(NamedTuple):
    """An estimated percentile, and the bounds of the exact one."""

    ms: float
    least_ms: float
    most_ms: float

    @property
    def error_ms(self) -> float:
        """The largest possible error of the estimate; 0 for less than a millisecond."""
        if self.most_ms - self.least_ms < 1:
            return 0
        return max(self.ms - self.least_ms, self.most_ms - self.ms)


class Bins(NamedTuple):
    """The bins of a cell that count something, prepared once for all its percentiles.

    `counts` contains the index and the count of each bin, ascending. `cumulative` contains the
    number of closings up to the end of each bin. `least_ms` and `most_ms` are the least and the
    most possible sum of all times by the edges of the bins; `total_ms` is the exact sum.
    """

    counts: Sequence[tuple[int, int]]
    cumulative: Sequence[int]
    least_ms: int
    most_ms: int
    total_ms: int

    @classmethod
    def of(cls, closed: Cell) -> "Bins":
        """Return the bins of pooled closings."""
        counts = [(index, n) for index, n in sorted(closed.bins.items()) if n > 0]
        return cls(
            counts,
            list(accumulate([n for _, n in counts])),
            sum([LEAST_MS[index] * n for index, n in counts]),
            sum([MOST_MS[index] * n for index, n in counts]),
            closed.total_ms,
        )


def percentile(closed: Cell, percent: float) -> Percentile | None:
    """Return the time to remediate that `percent` of pooled closings do not exceed."""
    return percentile_of(Bins.of(closed), percent)


def percentile_of(bins: Bins, percent: float) -> Percentile | None:
    """Return the time to remediate that `percent` of pooled closings do not exceed.

    It is interpolated between the two closest ranks, as in spreadsheets and in `percentile_cont` of
    SQL. The time at a rank is estimated as the middle of its bin, or as the middle of the range
    that the sum of all times leaves possible: within 5 % of the exact time. If all closings are in
    one bin, each is estimated as their mean: exact if they took equally long, else within 10 %.

    Returns:
        None if there are not any closings, or if the cell does not store durations.
    """
    if not bins.counts:
        return None
    closings = bins.cumulative[-1]
    rank = (closings - 1) * percent / 100
    share = rank - floor(rank)
    low = _ranked(bins, floor(rank))
    if share == 0:
        return low
    if closings == 2:
        # The second time follows from the first one and the sum.
        return _ordered(*(between(ms, bins.total_ms - ms, share) for ms in low))
    high = _ranked(bins, ceil(rank))
    return Percentile(*(between(a, b, share) for a, b in zip(low, high, strict=True)))


def _ranked(bins: Bins, rank: int) -> Percentile:
    """Return the time at a rank; rank 0 is the shortest.

    Closings above the rank in its bin took at least as long, those below it at most as long, and
    all others lie in their own bins. Together with the sum of all times, this bounds the time.
    """
    at = bisect_right(bins.cumulative, rank)
    index, count = bins.counts[at]
    seen = bins.cumulative[at] - count
    above, below = seen + count - rank, rank - seen + 1
    others_least_ms = bins.least_ms - LEAST_MS[index] * above
    others_most_ms = bins.most_ms - MOST_MS[index] * below
    least = max(LEAST_MS[index], (bins.total_ms - others_most_ms) / below)
    most = max(least, min(MOST_MS[index], (bins.total_ms - others_least_ms) / above))
    if len(bins.counts) == 1:
        mean = bins.total_ms / count
        return Percentile(mean, min(least, mean), max(most, mean))
    ms = middle_ms(index)
    return Percentile(ms if least <= ms <= most else (least + most) / 2, least, most)


def between(low: float, high: float, share: float) -> float:
    """Return the value at a share of the way from one value to another."""
    return low + (high - low) * share


def _ordered(ms: float, one_ms: float, other_ms: float) -> Percentile:
    return Percentile(ms, min(one_ms, other_ms), max(one_ms, other_ms))
