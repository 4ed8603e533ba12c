"""What the tables of the dashboard must contain, from the API's answer to a panel's query."""

from collections.abc import Callable, Mapping
from typing import Any

Row = list[str | float | None]
Rows = Callable[[Mapping[str, Any]], list[Row]]


def rows_of(panel: str, scope: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a panel's table: texts and numbers as the API returned them."""
    return _ROWS[panel](scope)


def _fields(name: str, *columns: str, unless_zero: str = "") -> Rows:
    """Return the function that selects columns, without the rows in which one of them is zero."""
    return lambda scope: [
        [row[column] for column in columns]
        for row in scope[name]
        if not unless_zero or row[unless_zero]
    ]


def _open_by_severity(scope: Mapping[str, Any]) -> list[Row]:
    rows = scope["bySeverity"]
    order = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "ERROR", "WARNING", "NOTE", "NONE")
    open_ = {(row["periodStart"], row["group"]): row["openAtEnd"] for row in rows}
    starts = sorted({row["periodStart"] for row in rows})
    shown = [s for s in order if any(open_.get((start, s)) for start in starts)]
    return [[start, *(open_.get((start, s), 0) for s in shown)] for start in starts]


def _teams(scope: Mapping[str, Any]) -> list[Row]:
    overdue = {row["group"]: row["overdue"] for row in scope["teamBacklogs"]}
    columns = ("openAtEnd", "opened", "closed", "median", "p90")
    return [
        [row["group"], overdue[row["group"]], *(row[column] for column in columns)]
        for row in scope["teams"]
    ]


def _overdue(scope: Mapping[str, Any]) -> list[Row]:
    columns = ("alertURL", "severity", "repositoryName", "rule")
    return [
        [*(row[c] for c in columns), f"{row['path']}:{row['line']}", row["dueAt"], row["age"]]
        for row in scope["overdueAlerts"]["data"]
    ]


_ROWS: dict[str, Rows] = {
    "Speed": _fields("series", "periodStart", "closed", "median", "p90"),
    "Flow": _fields("series", "periodStart", "opened", "closed", "net", "openAtEnd"),
    "OpenBySeverity": _open_by_severity,
    "Ages": _fields(
        *("ages", "group", "open", "over7", "over30", "over90", "over180", "over365"),
        *("overdue", "medianAge"),
        unless_zero="open",
    ),
    "Cohorts": _fields(
        "cohorts", "periodStart", "opened", "closed", "within7", "within30", "within90"
    ),
    "ServiceLevels": _fields(
        "levels", "severity", "targetDays", "due", "met", "late", "open", "compliance"
    ),
    "MostOverdue": _fields(
        "mostOverdue", "group", "overdue", "open", "medianAge", unless_zero="open"
    ),
    "Slowest": _fields(
        "slowest", "group", "median", "p90", "closed", "openAtEnd", unless_zero="closed"
    ),
    "Teams": _teams,
    "OverdueAlerts": _overdue,
    "NoisyRules": _fields(
        *("rules", "key", "tool", "severity", "falsePositiveShare", "closed", "opened", "open"),
    ),
}


def cards(scope: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the number of each card, by its label."""
    (window,), (now,) = scope["window"], scope["now"]
    due = sum(row["due"] for row in scope["due"])
    return {
        "Median time to remediate": window["median"],
        "p90 time to remediate": window["p90"],
        "Open": window["openAtEnd"],
        "Overdue": now["overdue"],
        "Closed in time": sum(row["met"] for row in scope["due"]) / due if due else None,
        "Net": window["net"],
    }
