"""Percentiles of pooled closings, and how far the exact ones can be from them.

A cell holds how many closings lie in each bin of the histogram and the sum of all their times. Owns
what follows from that about a percentile: an estimate, and the least and the most that is possible.
Durations are milliseconds. Pure.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple

from rollup.counts import Cell
from rollup.histogram import bounds_ms, middle_ms


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


class _Bin(NamedTuple):
    """One bin of the histogram: how many closings it has, and between which times they lie."""

    place: int
    number: int
    least_ms: int
    most_ms: float


def percentile(closed: Cell, percent: float) -> Percentile | None:
    """Return the time to remediate that `percent` of pooled closings do not exceed.

    Interpolated between the two closest ranks, as spreadsheets and SQL's `percentile_cont` do. Each
    rank counts as the middle of its bin, or of what the sum of all times leaves possible: within
    5 % of the exact one. Closings that share one bin count as their mean: exact if they took
    equally long, else within 10 %. None where there are none, or the cell has no durations.
    """
    bins = [_Bin(place, n, *bounds_ms(place)) for place, n in sorted(closed.bins.items()) if n > 0]
    number = sum(one.number for one in bins)
    if not number:
        return None
    rank = (number - 1) * percent / 100
    share = rank - floor(rank)
    low = _ranked(bins, floor(rank), closed.total_ms)
    if share == 0:
        return low
    if number == 2:
        # The other one follows from the sum.
        return _ordered(*(_between(ms, closed.total_ms - ms, share) for ms in low))
    high = _ranked(bins, ceil(rank), closed.total_ms)
    return Percentile(*(_between(a, b, share) for a, b in zip(low, high, strict=True)))


def _ranked(bins: Sequence[_Bin], rank: int, total_ms: int) -> Percentile:
    """The time at a rank, 0 for the shortest.

    Those above it in its bin took at least as long, those below at most as long, and all others are
    in their own bins: with the sum of all times, this bounds it.
    """
    seen = 0
    for own in bins:
        if seen + own.number > rank:
            break
        seen += own.number
    above, below = seen + own.number - rank, rank - seen + 1
    others_least = sum(one.least_ms * one.number for one in bins) - own.least_ms * above
    others_most = sum(
        one.most_ms * many
        for one in bins
        if (many := one.number - below if one is own else one.number)
    )
    least = max(own.least_ms, (total_ms - others_most) / below)
    most = max(least, min(own.most_ms, (total_ms - others_least) / above))
    if len(bins) == 1:
        mean = total_ms / own.number
        return Percentile(mean, min(least, mean), max(most, mean))
    ms = middle_ms(own.place)
    return Percentile(ms if least <= ms <= most else (least + most) / 2, least, most)


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _ordered(ms: float, one_ms: float, other_ms: float) -> Percentile:
    return Percentile(ms, min(one_ms, other_ms), max(one_ms, other_ms))
