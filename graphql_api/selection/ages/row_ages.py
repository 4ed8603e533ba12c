"""The number of open alerts created since a time, from rows of overviews.

Owns the division of the time since an edge. Whole days and months come from rows. A row cannot
divide the day in which the edge lies: for that day the module reads the open alerts themselves, but
only if there are any. For all repositories of an organisation, the days of a month can be as many
rows as alerts. There the module reads the alerts up to the end of the edge's month instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from graphql_api.reading.budget import Budget
from graphql_api.selection.ages.edge import Edge, by_group
from graphql_api.selection.ages.open_alerts import OpenAlerts
from graphql_api.selection.reading import Reading
from ingest.terms import Severity
from rollup.metrics.counts import Outcome
from rollup.metrics.period import ALL, day_key, midnight_ms
from rollup.metrics.sums import Sums
from rollup.metrics.tally import Group, alert_count
from rollup.metrics.window import Interval, Window, add_months, cover


class _Division(NamedTuple):
    """How the alerts after an edge are counted: rows, and alerts to add or to subtract.

    `added_ms` and `subtracted_ms` are times of creation, both inclusive; None: no alerts.
    `edge_key` is the period of the alerts to subtract, which never exceed its count.
    """

    keys: Sequence[str]
    added_ms: tuple[int, int] | None = None
    subtracted_ms: tuple[int, int] | None = None
    edge_key: str | None = None


class RowAges:
    """The counts of one backlog."""

    def __init__(
        self, reading: Reading, alerts: OpenAlerts, *, budget: Budget, now_ms: int
    ) -> None:
        self._reading = reading
        self._alerts = alerts
        self._budget = budget
        self._now_ms = now_ms
        self._today = day_of(now_ms)

    def since(self, edges: Iterable[Edge]) -> Mapping[Edge, Mapping[Group, int]]:
        """Return the number of open alerts after each edge, by group."""
        divisions = {edge: self._division(edge) for edge in dict.fromkeys(edges)}
        slots: dict[Severity | None, dict[str, list[int]]] = {}
        for position, (edge, division) in enumerate(divisions.items()):
            own = slots.setdefault(edge.severity, {})
            for key in division.keys:
                own.setdefault(key, []).append(2 * position)
            if division.edge_key is not None:
                own.setdefault(division.edge_key, []).append(2 * position + 1)
        self._budget.take_periods(sum(map(len, slots.values())))
        sums = self._reading.sums_by_severity(slots)
        return {
            edge: self._count(edge, division, sums[edge.severity], 2 * position)
            for position, (edge, division) in enumerate(divisions.items())
        }

    def _division(self, edge: Edge) -> _Division:
        if edge.since_ms is None:
            return _Division([ALL])
        first = day_of(edge.since_ms)
        if edge.since_ms > self._now_ms:
            return _Division([])
        if edge.since_ms == midnight_ms(first):
            return _Division(self._keys_since(first))
        if edge.severity is not None and self._reading.is_of_all_repositories:
            month = add_months(first.replace(day=1), 1)
            return _Division(
                self._keys_since(month), added_ms=(edge.since_ms, midnight_ms(month) - 1)
            )
        return _Division(
            self._keys_since(first),
            subtracted_ms=(midnight_ms(first), edge.since_ms - 1),
            edge_key=day_key(first),
        )

    def _keys_since(self, first: date) -> Sequence[str]:
        if first > self._today:
            return []
        return cover(Window(first, self._today), Interval.TOTAL, today=self._today)

    def _count(self, edge: Edge, division: _Division, sums: Sums, slot: int) -> Mapping[Group, int]:
        found = _open(sums, slot)
        if division.added_ms is not None:
            added = by_group(self._alerts.between(*division.added_ms, edge.severity))
            return {group: found.get(group, 0) + added[group] for group in {*found, *added}}
        on_edge = _open(sums, slot + 1)
        if division.subtracted_ms is None or not any(on_edge.values()):
            return found
        earlier = by_group(self._alerts.between(*division.subtracted_ms, edge.severity))
        # Alerts can be newer than overviews. Never subtract more than the daily row contains.
        return {
            group: count - min(earlier[group], on_edge.get(group, 0))
            for group, count in found.items()
        }


def day_of(at_ms: int) -> date:
    """Return the UTC day that contains an instant."""
    return datetime.fromtimestamp(at_ms / 1_000, tz=UTC).date()


def _open(sums: Sums, slot: int) -> dict[Group, int]:
    return {group: alert_count(cells, Outcome.OPEN) for group, cells in sums.cells(slot).items()}
