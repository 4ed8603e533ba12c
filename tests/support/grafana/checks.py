"""What each panel must show, from the API's answer to queries that are written here."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.support.grafana.panels import PANELS, Viewer, rows_of
from tests.support.grafana.plugin import Frame

_TIMES = "group closed openAtEnd medianTimeToRemediate(unit: DAYS) p90TimeToRemediate(unit: DAYS)"
_OF_TIMES = {
    "Median": "medianTimeToRemediate",
    "p90": "p90TimeToRemediate",
    "Closed": "closed",
    "Open": "openAtEnd",
}
_SLOWEST = "groupBy: REPOSITORY, top: {groups: 10, by: MEDIAN_TIME_TO_REMEDIATE}"
_MOST_OVERDUE = "groupBy: REPOSITORY, top: {groups: 10, by: OVERDUE}"
_TEAMS = "groupBy: TEAM, top: {groups: 20, by: OPEN_AT_END}"
_NOISY, _RULE = "orderBy: FALSE_POSITIVE_SHARE, first: 10", "key description tool severity"
_OVER = {f"> {days} d": f"over{days}" for days in (7, 30, 90, 180, 365)}
_WITHIN = {f"within {days} days": f"within{days}" for days in (7, 30, 90)}

TABLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "Service levels": (
        "serviceLevels(WINDOW) { severity targetDays due met late open compliance }",
        "serviceLevels",
        {"Severity": "severity", "Target": "targetDays", "Due": "due", "In time": "met"}
        | {"Late": "late", "Open": "open", "Compliance": "compliance"},
    ),
    "Repositories with the most overdue alerts": (
        f"backlog({_MOST_OVERDUE}, FILTER) {{ group open overdue medianAge(unit: DAYS) }}",
        "backlog",
        {"Repository": "group", "Overdue": "overdue", "Open": "open", "Median age": "medianAge"},
    ),
    "Slowest repositories": (
        f"metrics(WINDOW, interval: TOTAL, {_SLOWEST}) {{ {_TIMES} }}",
        "metrics",
        {"Repository": "group", **_OF_TIMES},
    ),
    "Teams": (
        f"metrics(WINDOW, interval: TOTAL, {_TEAMS}) {{ opened {_TIMES} }}",
        "metrics",
        {"Team": "group", "Opened": "opened", **_OF_TIMES},
    ),
    "Noisy rules": (
        f"rules(WINDOW, {_NOISY}) {{ {_RULE} open opened closed falsePositiveShare }}",
        "rules",
        {"Rule": "key", "Description": "description", "Tool": "tool", "Severity": "severity"}
        | {"False positives": "falsePositiveShare", "Closed": "closed"}
        | {"Opened": "opened", "Open": "open"},
    ),
    "Age of the open alerts": (
        "backlog(groupBy: SEVERITY, FILTER) { group open "
        + " ".join(f"over{days}: olderThan(days: {days})" for days in (7, 30, 90, 180, 365))
        + " }",
        "backlog",
        {"Severity": "group", "All": "open", **_OVER},
    ),
    "Share closed, by month of creation": (
        "metrics(basis: OPENED, FILTER) { periodStart "
        + " ".join(f"within{days}: shareClosedWithin(days: {days})" for days in (7, 30, 90))
        + " }",
        "metrics",
        {"Created in": "periodStart", **_WITHIN},
    ),
}
"""For each table and bar chart: the fields to ask for, their list, and the field of each column."""


def check_table(viewer: Viewer, title: str) -> Frame:
    """Check that a table or a bar chart shows the rows of the API, and return its frame."""
    fields, rows, columns = TABLES[title]
    frame = viewer.frame(PANELS[title])
    assert set(frame) == set(columns)
    expected = [
        tuple(_about(row[field]) for field in columns.values()) for row in viewer.api(fields)[rows]
    ]
    assert [tuple(map(_shown, row)) for row in rows_of(frame, *columns)] == expected
    return frame


def check_overdue_alerts(viewer: Viewer) -> Frame:
    """Check that the table of overdue alerts has their links, oldest first."""
    frame = viewer.frame(PANELS["Overdue alerts"])
    page = viewer.api(
        "alerts(state: OPEN, overdue: true, sortDirection: asc, limit: 25, FILTER)"
        " { data { alertURL severity rule dueAt } }"
    )["alerts"]["data"]
    expected = [(one["alertURL"], one["severity"], one["rule"], one["dueAt"]) for one in page]
    shown = [
        (*texts, _shown(due)) for *texts, due in rows_of(frame, "Alert", "Severity", "Rule", "Due")
    ]
    assert shown == expected
    (mapping,) = _property("Overdue alerts", "Alert", "mappings")
    assert all(re.fullmatch(mapping["options"]["pattern"], url) for url in frame["Alert"])
    assert frame["Age"] == sorted(frame["Age"], reverse=True)
    return frame


def check_cards(viewer: Viewer) -> dict[str, float | None]:
    """Check that each card shows the number of the API, and return the numbers."""
    of = viewer.api(
        "metrics(WINDOW, interval: TOTAL) { net openAtEnd medianTimeToRemediate(unit: DAYS)"
        " p90TimeToRemediate(unit: DAYS) } backlog(FILTER) { overdue }"
        " serviceLevels(WINDOW) { due met }"
    )
    (window,), (now,) = of["metrics"], of["backlog"]
    due = sum(row["due"] for row in of["serviceLevels"])
    met = sum(row["met"] for row in of["serviceLevels"])
    expected = {
        "Median time to remediate": window["medianTimeToRemediate"],
        "p90 time to remediate": window["p90TimeToRemediate"],
        "Open": window["openAtEnd"],
        "Overdue": now["overdue"],
        "Closed in time": met / due if due else None,
        "Net": window["net"],
    }
    cards = [title for title, panel in PANELS.items() if panel["type"] == "stat"]
    assert cards == list(expected)
    shown = {title: _only(viewer.frame(PANELS[title])) for title in cards}
    assert shown == pytest.approx(expected, nan_ok=False)
    return shown


def check_series(viewer: Viewer) -> dict[str, Frame]:
    """Check that the series ascend without gaps, and have the numbers of the API."""
    frames = {
        title: viewer.frame(panel)
        for title, panel in PANELS.items()
        if panel["type"] == "timeseries"
    }
    assert set(frames) == {"Time to remediate", "Opened and closed", "Open alerts by severity"}
    of = viewer.api(
        f"all: metrics(WINDOW, interval: {viewer.interval}) {{ opened closed"
        " medianTimeToRemediate(unit: DAYS) p90TimeToRemediate(unit: DAYS) }"
        f" each: metrics(WINDOW, interval: {viewer.interval}, groupBy: SEVERITY)"
        " { periodStart group openAtEnd }"
    )
    for title, frame in frames.items():
        # Before the first alert, the API has no groups, and Grafana shows "No data".
        is_empty = title == "Open alerts by severity" and not of["each"]
        assert frame["Time"] == ([] if is_empty else viewer.starts())
    speed, flow = frames["Time to remediate"], frames["Opened and closed"]
    assert [*rows_of(flow, "Opened", "Closed")] == [
        (row["opened"], row["closed"]) for row in of["all"]
    ]
    assert [*rows_of(speed, "Median", "p90")] == [
        (row["medianTimeToRemediate"], row["p90TimeToRemediate"]) for row in of["all"]
    ]
    for median, closed in zip(speed["Median"], flow["Closed"], strict=True):
        assert (median is None) == (closed == 0)
    assert sorted(_long(frames["Open alerts by severity"])) == sorted(
        (row["periodStart"], row["group"], row["openAtEnd"]) for row in of["each"]
    )
    return frames


def _long(frame: Frame) -> Iterator[tuple[str, str, float]]:
    for name, values in frame.items():
        if name != "Time":
            for at, value in zip(frame["Time"], values, strict=True):
                yield _shown(at), name, value


def _only(frame: Frame) -> Any:
    ((value,),) = frame.values()
    return value


def _property(title: str, column: str, name: str) -> Any:
    """Return a setting of a column."""
    (found,) = (
        setting["value"]
        for override in PANELS[title]["fieldConfig"]["overrides"]
        for setting in override["properties"]
        if (override["matcher"]["options"], setting["id"]) == (column, name)
    )
    return found


def _about(value: Any) -> Any:
    """Return what a value must equal. Ages grow between two requests."""
    return pytest.approx(value, abs=0.001) if isinstance(value, float) else value


def _shown(value: Any) -> Any:
    """Return an instant as the API writes it, and all other values as they are."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value
