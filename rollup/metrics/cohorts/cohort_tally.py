"""The measures of a group whose alerts count in the interval of their creation. Pure."""

from functools import cached_property

from rollup.metrics.cohorts.cohort import Cohort
from rollup.metrics.counts import COHORTS, Cell, Outcome
from rollup.metrics.percentile import Percentile
from rollup.metrics.tally import Cells, Tally


class CohortTally(Tally):
    """The cells of one group in one interval, and the cohort of the alerts created in it.

    `open_at_end` and the reopenings are those of the interval, as in a `Tally`. `age_ms` is the
    time since the end of the interval.
    """

    def __init__(
        self, cells: Cells, open_at_end: int, closed_as: frozenset[Outcome], *, age_ms: int
    ) -> None:
        super().__init__(cells, open_at_end, closed_as)
        self._age_ms = age_ms

    @cached_property
    def cohort(self) -> Cohort:
        """The alerts created in the interval; computed once."""
        return Cohort.of(self.cells, closed_as=self.closed_as, age_ms=self._age_ms)

    @property
    def closed(self) -> Cell:
        """The pooled closings of the cohort that count."""
        return self.cohort.closed

    @property
    def uncounted_closings(self) -> int:
        """How many closings older code did not count by creation; see `Cohort`."""
        return self.cohort.uncounted

    def closings(self, outcome: Outcome) -> int:
        """Return how many alerts of the cohort were closed in this way."""
        return self.count(COHORTS[outcome])

    @property
    def mean_ms(self) -> float | None:
        """The mean time to remediate; see `Cohort`."""
        return self.cohort.mean_ms

    def percentile(self, percent: float) -> Percentile | None:
        """Return the time in which `percent` of the cohort were closed; see `Cohort`."""
        return self.cohort.percentile(percent)

    def share_within(self, days: int) -> float | None:
        """Return the share of the cohort that was closed in at most some days; see `Cohort`."""
        return self.cohort.share_within(days)
