"""The number of a badge: its query to the API, and its text and colour.

Owns the documents, the texts and the thresholds of colours. The resolvers of the API compute the
number, so a badge and the API cannot differ. Pure.
"""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, NamedTuple

from graphql_api.badges.badge import Badge, Metric
from graphql_api.execution.engine import GraphQLRequest

# Dark enough for white text (WCAG AA), and different in lightness for colour-blind readers.
GOOD = "#0a6ebd"
WARNING = "#8a5a00"
BAD = "#8b1a1a"
NEUTRAL = "#5b6470"

LEAST_GOOD_COMPLIANCE = 0.9
"""The share closed in time from which a badge is good."""
LEAST_FAIR_COMPLIANCE = 0.7
"""The share closed in time from which a badge is a warning, and not bad."""
NO_DATA = "no data"

_HOURS_UNTIL = 1.0
"""Days below which a time is in hours."""
_TIME = "metrics(from: $from, interval: TOTAL, filter: $filter) { value: %s }"
_FIELDS = {
    Metric.MEDIAN: _TIME % "medianTimeToRemediate(unit: DAYS)",
    Metric.P90: _TIME % "percentileTimeToRemediate(percent: 90, unit: DAYS)",
    Metric.OPEN: "backlog(filter: $filter) { value: open }",
    Metric.OVERDUE: "backlog(filter: $filter) { value: overdue }",
    Metric.COMPLIANCE: "serviceLevels(from: $from, filter: $filter) { due met }",
}
_HAS_WINDOW = frozenset({Metric.MEDIAN, Metric.P90, Metric.COMPLIANCE})


class Number(NamedTuple):
    """The text on the right of a badge, and its colour."""

    message: str
    color: str


def request_of(badge: Badge) -> GraphQLRequest:
    """Return the query for the number of a badge."""
    scope = "repository" if badge.is_of_repository else "organisation"
    window = "$from: Day!, " if badge.metric in _HAS_WINDOW else ""
    document = (
        f"query Badge($name: String!, {window}$filter: AlertFilter)"
        f" {{ serviceLevelTargets {{ severity days }}"
        f" scope: {scope}(name: $name) {{ rows: {_FIELDS[badge.metric]} }} }}"
    )
    chosen: dict[str, Any] = {}
    if badge.severity is not None:
        chosen["severity"] = [badge.severity.name]
    if badge.team is not None:
        chosen["team"] = [badge.team]
    variables: dict[str, Any] = {"name": badge.subject, "filter": chosen}
    if window:
        variables["from"] = f"now-{badge.days - 1}d"
    return GraphQLRequest(document, "Badge", variables)


def number_of(badge: Badge, data: Mapping[str, Any]) -> Number:
    """Return the text and colour for the data of a badge's query."""
    rows = data["scope"]["rows"]
    value = _compliance(rows) if badge.metric is Metric.COMPLIANCE else rows[0]["value"]
    if value is None:
        return Number(NO_DATA, NEUTRAL)
    if badge.metric is Metric.OPEN:
        return Number(f"{value:,}", NEUTRAL)
    if badge.metric is Metric.OVERDUE:
        return Number(f"{value:,}", BAD if value else GOOD)
    if badge.metric is Metric.COMPLIANCE:
        return Number(_percent(value), _color_of_compliance(value))
    targets = {one["severity"]: one["days"] for one in data["serviceLevelTargets"]}
    target = None if badge.severity is None else targets.get(badge.severity.name)
    return Number(duration(value), _color_of_time(value, target))


def _compliance(rows: Sequence[Mapping[str, int]]) -> float | None:
    """Return the share closed in time over the rows of all severities, or None if none is due."""
    due = sum(row["due"] for row in rows)
    return sum(row["met"] for row in rows) / due if due else None


def duration(days: float) -> str:
    """Return a time such as `3.2 days` or `5 hours`."""
    if days < _HOURS_UNTIL:
        hours = round(days * 24)
        return "under 1 hour" if not hours else _counted(f"{hours}", "hour")
    return _counted(f"{days:,.1f}".removesuffix(".0"), "day")


def _counted(number: str, unit: str) -> str:
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def _percent(share: float) -> str:
    # Rounded down to a decimal: 100 % means that each alert was closed in time.
    return f"{floor(round(share * 1_000, 6)) / 10:.1f}".removesuffix(".0") + " %"


def _color_of_compliance(share: float) -> str:
    if share >= LEAST_GOOD_COMPLIANCE:
        return GOOD
    return WARNING if share >= LEAST_FAIR_COMPLIANCE else BAD


def _color_of_time(days: float, target: int | None) -> str:
    if target is None:
        return NEUTRAL
    if days <= target:
        return GOOD
    return WARNING if days <= 2 * target else BAD
