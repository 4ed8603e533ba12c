"""An edge: the time since which open alerts are counted. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from graphql_api.selection.ages.open_alerts import OpenAlert
from ingest.terms import Severity
from rollup.metrics.tally import Group


class Edge(NamedTuple):
    """The alerts of one severity created at a time or later.

    `since_ms` is in milliseconds; None: created at any time. `severity` None: of any severity.
    """

    since_ms: int | None
    severity: Severity | None = None


class CountsSince(Protocol):
    """Counts open alerts by edges and groups."""

    def since(self, edges: Iterable[Edge]) -> Mapping[Edge, Mapping[Group, int]]:
        """Return the number of open alerts after each edge, by group."""


class Percentiles(Protocol):
    """Percentiles of the ages of open alerts, by group."""

    def percentile_ms(self, percent: float, group: Group) -> float | None:
        """Return the age that `percent` of a group's alerts do not exceed; None without alerts."""


def by_group(alerts: Iterable[OpenAlert]) -> Counter[Group]:
    """Return the number of alerts of each group."""
    return Counter(alert.group for alert in alerts)
