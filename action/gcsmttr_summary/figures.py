"""The figures of the summary, from the response to its query. Pure.

Owns the query, and the names of the measures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .severities import SEVERITIES

MEASURES = (
    *("open", "overdue", "due-soon", "opened", "closed", "net"),
    *("mean", "median", "p90", "compliance"),
)
DUE_SOON_DAYS = 7

_FIELDS = """{
  name lastEventAt
  backlog(filter: $filter) { open overdue dueSoon: dueWithin(days: %(soon)d) }
  bySeverity: backlog(groupBy: SEVERITY, filter: $filter) {
    group open overdue dueSoon: dueWithin(days: %(soon)d) }
  metrics(interval: TOTAL, from: $from, filter: $filter) { ...Times }
  timesBySeverity: metrics(interval: TOTAL, from: $from, filter: $filter, groupBy: SEVERITY) {
    group ...Times }
  weeks: metrics(interval: WEEK, from: $from, filter: $filter) { periodStart opened closed }
  serviceLevels(from: $from, filter: $filter) { severity targetDays due met }
}""" % {"soon": DUE_SOON_DAYS}  # noqa: UP031
_TIMES = """fragment Times on MetricsPoint {
  opened closed net
  mean: meanTimeToRemediate(unit: DAYS)
  median: medianTimeToRemediate(unit: DAYS)
  p90: p90TimeToRemediate(unit: DAYS)
}"""

Row = Mapping[str, float | None]
"""A value for each measure; None if it has none."""


@dataclass(frozen=True)
class Week:
    """What happened in a week. `start` is a date."""

    start: str
    opened: int
    closed: int


@dataclass(frozen=True)
class Figures:
    """The figures of all alerts, of each severity, and of each week.

    `targets` are in days, by severity. `is_known` is false if no event ever arrived for the name.
    """

    is_known: bool
    total: Row
    rows: Mapping[str, Row]
    targets: Mapping[str, int]
    weeks: tuple[Week, ...]

    @property
    def shown(self) -> Iterator[tuple[str, Row]]:
        """The severities that have alerts, with their figures."""
        for severity, row in self.rows.items():
            if row["open"] or row["opened"] or row["closed"] or row["compliance"] is not None:
                yield severity, row


def query_of(kind: str) -> str:
    """Return the query of the figures of an `organisation` or a `repository`."""
    head = "query Summary($name: String!, $from: Day!, $filter: AlertFilter)"
    return f"{head} {{ {kind}(name: $name) {_FIELDS} }}\n{_TIMES}"


def figures_of(scope: Mapping[str, Any]) -> Figures:
    """Return the figures of an organisation or a repository in the response."""
    levels = {row["severity"]: row for row in scope["serviceLevels"]}
    times = {row["group"]: row for row in scope["timesBySeverity"]}
    backlog = {row["group"]: row for row in scope["bySeverity"]}
    rows = {
        severity: _row(
            backlog.get(severity, {}), times.get(severity, {}), [levels.get(severity, {})]
        )
        for severity in SEVERITIES
    }
    (backlog_of_all,), (times_of_all,) = scope["backlog"], scope["metrics"]
    return Figures(
        is_known=scope["lastEventAt"] is not None,
        total=_row(backlog_of_all, times_of_all, list(levels.values())),
        rows=rows,
        targets={severity: row["targetDays"] for severity, row in levels.items()},
        weeks=tuple(
            Week(row["periodStart"][:10], row["opened"], row["closed"]) for row in scope["weeks"]
        ),
    )


def _row(
    backlog: Mapping[str, Any], times: Mapping[str, Any], levels: list[Mapping[str, Any]]
) -> Row:
    due = sum(level.get("due", 0) for level in levels)
    met = sum(level.get("met", 0) for level in levels)
    return {
        "open": backlog.get("open", 0),
        "overdue": backlog.get("overdue", 0),
        "due-soon": backlog.get("dueSoon", 0),
        "opened": times.get("opened", 0),
        "closed": times.get("closed", 0),
        "net": times.get("net", 0),
        "mean": times.get("mean"),
        "median": times.get("median"),
        "p90": times.get("p90"),
        "compliance": round(met / due, 4) if due else None,
    }
