"""The ages of the open alerts of one group, and their percentiles. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from math import ceil, floor


class AgeList:
    """Ages in milliseconds, each with the number of alerts that have it."""

    def __init__(self, ages: Iterable[tuple[float, int]]) -> None:
        ordered = sorted(ages)
        self._ages = [age_ms for age_ms, _ in ordered]
        self._cumulative = list(accumulate(count for _, count in ordered))

    def percentile_ms(self, percent: float) -> float | None:
        """Return the age that `percent` of the alerts do not exceed; None without alerts.

        It is interpolated between the two closest ranks, as percentiles of times to remediate are.
        """
        rank = self.rank(percent)
        if rank is None:
            return None
        low, high = self._at(floor(rank)), self._at(ceil(rank))
        return low + (high - low) * (rank - floor(rank))

    def rank(self, percent: float) -> float | None:
        """Return the rank of a percentile; rank 0 is the youngest alert. None without alerts."""
        return (self._cumulative[-1] - 1) * percent / 100 if self._ages else None

    def _at(self, rank: int) -> float:
        return self._ages[bisect_right(self._cumulative, rank)]
