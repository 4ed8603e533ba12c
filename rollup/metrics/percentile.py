"""Percentiles of pooled closings, and how far the exact ones can be from them.

A cell holds how many closings lie in each bin of the histogram and the sum of all their times. Owns
what follows from that about a percentile: an estimate, and the least and the most that is possible.
Durations are milliseconds. Pure.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import ceil, floor
from typing import NamedTuple

from rollup.metrics.counts import Cell
from rollup.metrics.histogram import LEAST_MS, MOST_MS, middle_ms


class Percentile(NamedTuple):
    """An estimate, and the bounds between which the exact percentile lies."""

    ms: float
    least_ms: float
    most_ms: float

    @property
    def error_ms(self) -> float:
        """How far the exact percentile can be from the estimate; 0 for less than a millisecond."""
        if self.most_ms - self.least_ms < 1:
            return 0
        return max(self.ms - self.least_ms, self.most_ms - self.ms)


class Bins(NamedTuple):
    """The bins that count something, in order, and the sums that their edges leave possible.

    `until` counts the closings up to each bin. What thousands of percentiles of one cell share.
    """

    numbers: Sequence[tuple[int, int]]
    until: Sequence[int]
    least_ms: int
    most_ms: int
    total_ms: int

    @classmethod
    def of(cls, closed: Cell) -> "Bins":
        """The bins of pooled closings."""
        numbers = [(place, n) for place, n in sorted(closed.bins.items()) if n > 0]
        return cls(
            numbers,
            list(accumulate([n for _, n in numbers])),
            sum([LEAST_MS[place] * n for place, n in numbers]),
            sum([MOST_MS[place] * n for place, n in numbers]),
            closed.total_ms,
        )


def percentile(closed: Cell, percent: float) -> Percentile | None:
    """Return the time to remediate that `percent` of pooled closings do not exceed."""
    return percentile_of(Bins.of(closed), percent)


def percentile_of(bins: Bins, percent: float) -> Percentile | None:
    """Return the time to remediate that `percent` of pooled closings do not exceed.

    Interpolated between the two closest ranks, as spreadsheets and SQL's `percentile_cont` do. Each
    rank counts as the middle of its bin, or of what the sum of all times leaves possible: within
    5 % of the exact one. Closings that share one bin count as their mean: exact if they took
    equally long, else within 10 %. None where there are none, or the cell has no durations.
    """
    if not bins.numbers:
        return None
    number = bins.until[-1]
    rank = (number - 1) * percent / 100
    share = rank - floor(rank)
    low = _ranked(bins, floor(rank))
    if share == 0:
        return low
    if number == 2:
        # The other one follows from the sum.
        return _ordered(*(_between(ms, bins.total_ms - ms, share) for ms in low))
    high = _ranked(bins, ceil(rank))
    return Percentile(*(_between(a, b, share) for a, b in zip(low, high, strict=True)))


def _ranked(bins: Bins, rank: int) -> Percentile:
    """The time at a rank, 0 for the shortest.

    Those above it in its bin took at least as long, those below at most as long, and all others are
    in their own bins: with the sum of all times, this bounds it.
    """
    at = bisect_right(bins.until, rank)
    place, number = bins.numbers[at]
    seen = bins.until[at] - number
    above, below = seen + number - rank, rank - seen + 1
    others_least_ms = bins.least_ms - LEAST_MS[place] * above
    others_most_ms = bins.most_ms - MOST_MS[place] * below
    least = max(LEAST_MS[place], (bins.total_ms - others_most_ms) / below)
    most = max(least, min(MOST_MS[place], (bins.total_ms - others_least_ms) / above))
    if len(bins.numbers) == 1:
        mean = bins.total_ms / number
        return Percentile(mean, min(least, mean), max(most, mean))
    ms = middle_ms(place)
    return Percentile(ms if least <= ms <= most else (least + most) / 2, least, most)


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _ordered(ms: float, one_ms: float, other_ms: float) -> Percentile:
    return Percentile(ms, min(one_ms, other_ms), max(one_ms, other_ms))
