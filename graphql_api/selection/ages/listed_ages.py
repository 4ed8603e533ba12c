"""The ages of open alerts, from the alerts themselves. Exact; they are read once for all fields."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from graphql_api.selection.ages.age_list import AgeList
from graphql_api.selection.ages.edge import Edge
from graphql_api.selection.ages.open_alerts import OpenAlert, OpenAlerts
from rollup.metrics.tally import Group


class ListedAges:
    """Counts and percentiles of the alerts of one backlog."""

    def __init__(self, alerts: OpenAlerts, *, now_ms: int) -> None:
        self._alerts = alerts
        self._now_ms = now_ms

    def since(self, edges: Iterable[Edge]) -> Mapping[Edge, Mapping[Group, int]]:
        """Return the number of open alerts after each edge, by group."""
        return {
            edge: Counter(
                alert.group
                for alert in self._all
                if edge.severity in {None, alert.severity}
                and (edge.since_ms is None or alert.created_ms >= edge.since_ms)
            )
            for edge in edges
        }

    def percentile_ms(self, percent: float, group: Group) -> float | None:
        """Return the age that `percent` of a group's alerts do not exceed; None without alerts."""
        ages = self._ages.get(group)
        return None if ages is None else ages.percentile_ms(percent)

    @cached_property
    def _all(self) -> list[OpenAlert]:
        return list(self._alerts.all())

    @cached_property
    def _ages(self) -> Mapping[Group, AgeList]:
        found: dict[Group, list[tuple[float, int]]] = defaultdict(list)
        for alert in self._all:
            found[alert.group].append((max(0, self._now_ms - alert.created_ms), 1))
        return {group: AgeList(ages) for group, ages in found.items()}
