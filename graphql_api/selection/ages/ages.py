"""The ages of the open alerts of one backlog: by days of 24 hours, by due time, and percentiles.

Owns the choice of the source. The rows of one organisation or repository, and those of all
repositories of an organisation, contain the days of creation of all its open alerts. Of some
repositories, the alerts themselves are fewer reads.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from graphql_api.reading.budget import Budget
from graphql_api.selection.ages.edge import CountsSince, Edge, Percentiles
from graphql_api.selection.ages.listed_ages import ListedAges
from graphql_api.selection.ages.open_alerts import OpenAlerts
from graphql_api.selection.ages.row_ages import RowAges
from graphql_api.selection.ages.row_percentiles import RowPercentiles
from graphql_api.selection.reading import Reading
from graphql_api.vocabulary.errors import ApiError
from rollup.metrics.counts import Outcome
from rollup.metrics.tally import Group
from rollup.service_levels.targets import DAY_MS, Targets

T = TypeVar("T")


class Ages:
    """The ages of the open alerts of one backlog.

    Every method raises BudgetError if the request exceeds a limit, and BusyError if DynamoDB
    throttles the reads.

    Args:
        reading: How the rows of the backlog are read.
        alerts: The open alerts of the backlog.
        targets: The targets of the severities that the backlog selects.
        budget: The budget of the request.
        now_ms: The time of the request.
    """

    def __init__(
        self, reading: Reading, alerts: OpenAlerts, targets: Targets, *, budget: Budget, now_ms: int
    ) -> None:
        reading = reading.only(frozenset({Outcome.OPEN}))
        listed = ListedAges(alerts, now_ms=now_ms)
        self._counts: CountsSince = listed
        self._percentiles: Percentiles = listed
        if reading.repositories is None:
            self._counts = RowAges(reading, alerts, budget=budget, now_ms=now_ms)
        if reading.repositories is None and not reading.is_of_all_repositories:
            self._percentiles = RowPercentiles(reading, alerts, budget=budget, now_ms=now_ms)
        self._targets = targets
        self._now_ms = now_ms
        self._found: dict[Hashable, Any] = {}
        self._error: ApiError | None = None

    def younger(self, days: int, group: Group) -> int:
        """Return the number of open alerts of a group created in the last `days` times 24 hours."""
        edge = Edge(self._now_ms - days * DAY_MS)
        found = self._once(edge, lambda: self._counts.since([edge])[edge])
        return found.get(group, 0)

    def overdue(self, group: Group) -> int:
        """Return the number of open alerts of a group whose due time has passed."""
        return self._once("overdue", self._all_overdue).get(group, 0)

    def due_within(self, days: int, group: Group) -> int:
        """Return the number of open alerts of a group that are due in the next `days` days."""
        found = self._once(("due", days), lambda: self._all_due_within(days))
        return found.get(group, 0)

    def percentile_ms(self, percent: float, group: Group) -> float | None:
        """Return the age that `percent` of a group's open alerts do not exceed, within 5 %."""
        return self._once(
            ("age", percent, group), lambda: self._percentiles.percentile_ms(percent, group)
        )

    def _all_overdue(self) -> Mapping[Group, int]:
        pairs = {
            Edge(None, severity): Edge(self._now_ms - days * DAY_MS, severity)
            for severity, days in self._targets.items()
        }
        return self._differences(pairs)

    def _all_due_within(self, days: int) -> Mapping[Group, int]:
        pairs = {
            Edge(self._now_ms - target * DAY_MS, severity): Edge(
                self._now_ms - (target - days) * DAY_MS + 1, severity
            )
            for severity, target in self._targets.items()
        }
        return self._differences(pairs)

    def _differences(self, pairs: Mapping[Edge, Edge]) -> Mapping[Group, int]:
        """Return the number of alerts after each first edge, but not after its second one."""
        found = self._counts.since([*pairs, *pairs.values()])
        total: Counter[Group] = Counter()
        for first, second in pairs.items():
            for group, count in found[first].items():
                total[group] += max(0, count - found[second].get(group, 0))
        return total

    def _once(self, key: Hashable, compute: Callable[[], T]) -> T:
        if self._error is not None:
            # Thousands of groups would otherwise repeat a read that fails.
            raise self._error
        if key not in self._found:
            try:
                self._found[key] = compute()
            except ApiError as error:
                self._error = error
                raise
        found: T = self._found[key]
        return found
