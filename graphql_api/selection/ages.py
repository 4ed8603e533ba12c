"""The number of open alerts that are younger than a number of days of 24 hours.

Owns the calculation from daily rows. A daily row cannot divide the day in which the age limit
lies. For that day the module reads the alerts themselves, but only if any of them is open.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.budget import Budget
from graphql_api.selection.subject import Reading
from graphql_api.vocabulary.errors import ApiError
from ingest.alerts import attributes as of_alert
from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.period import day_key, midnight_ms
from rollup.metrics.sums import Sums
from rollup.metrics.tally import Group, alert_count
from rollup.metrics.window import Interval, Window, cover
from rollup.rows.counts_codec import pack
from rollup.rows.packed_sums import CellSums

OpenBetween = Callable[[int, int], Iterable[Item]]
"""Reads the open alerts created between two times in milliseconds, both inclusive."""

_DAY_MS = 86_400_000
_SINCE, _ON_EDGE = 0, 1
"""The slots of the sums: all days from the edge to today, and the day of the edge alone."""


class Ages:
    """The ages of the open alerts of one backlog."""

    def __init__(
        self, reading: Reading, *, open_between: OpenBetween, budget: Budget, now_ms: int
    ) -> None:
        self._reading = reading
        self._open_between = open_between
        self._budget = budget
        self._now_ms = now_ms
        self._younger: dict[int, Mapping[Group, int]] = {}
        self._error: ApiError | None = None

    def younger(self, days: int, group: Group) -> int:
        """Return the number of open alerts of a group created in the last `days` times 24 hours.

        Raises:
            BudgetError: The request exceeds a limit.
            BusyError: DynamoDB throttles the reads.
        """
        if self._error is not None:
            # Thousands of groups would otherwise repeat a read that fails.
            raise self._error
        if days not in self._younger:
            try:
                self._younger[days] = self._created_since(self._now_ms - days * _DAY_MS)
            except ApiError as error:
                self._error = error
                raise
        return self._younger[days].get(group, 0)

    def _created_since(self, edge_ms: int) -> Mapping[Group, int]:
        first, today = _day(edge_ms), _day(self._now_ms)
        keys, edge_key = cover(Window(first, today), Interval.TOTAL, today=today), day_key(first)
        self._budget.take_periods(len(keys))
        slots = {key: [_SINCE] for key in keys}
        slots.setdefault(edge_key, []).append(_ON_EDGE)
        sums = self._reading.sums(slots, slots, durations=False)
        since, on_edge = _open(sums, _SINCE), _open(sums, _ON_EDGE)
        midnight = midnight_ms(first)
        if not any(on_edge.values()) or edge_ms == midnight:
            return since
        earlier = self._count_before_edge(self._open_between(midnight, edge_ms - 1))
        # Alerts can be newer than overviews. Never subtract more than the daily row contains.
        return {
            group: count - min(earlier.get(group, 0), on_edge.get(group, 0))
            for group, count in since.items()
        }

    def _count_before_edge(self, alerts: Iterable[Item]) -> dict[Group, int]:
        sums = CellSums(self._reading.selection, {"": [0]}, tool_of=self._reading.tool_of)
        for item in alerts:
            key = CellKey(
                severity=Severity(item[of_alert.SEVERITY]["S"]),
                branch=Branch(item[of_alert.BRANCH]["S"]),
                tool=item.get(of_alert.TOOL, {"S": ""})["S"],
                outcome=Outcome.OPEN,
            )
            name = item[of_alert.REPOSITORY_NAME]["S"]
            if self._reading.is_of_organisation:
                name = item[of_alert.ORGANISATION_NAME]["S"]
            sums.add(name, "", pack(Counts({key: Cell(1)})))
        return _open(sums, 0)


def _open(sums: Sums, slot: int) -> dict[Group, int]:
    return {group: alert_count(cells, Outcome.OPEN) for group, cells in sums.cells(slot).items()}


def _day(ms: int) -> date:
    return datetime.fromtimestamp(ms / 1_000, tz=UTC).date()
