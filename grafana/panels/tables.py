"""The tables: service levels, repositories, teams, overdue alerts and noisy rules."""

from collections.abc import Sequence

from grafana.colours import severity_colours
from grafana.infinity import Column
from grafana.panels.panel import COUNT, DAYS, PERCENT, Json, Panel, Source, in_order, override

_ROOT = "data.organisation."
_REPOSITORY = Column("group", "Repository", "string")
_SEVERITY = Column("severity", "Severity", "string")
_UNITS = {
    "False positives": PERCENT,
    "Compliance": PERCENT,
    **dict.fromkeys(("Median", "p90", "Median age", "Age", "Target"), DAYS),
}


def tables() -> list[Panel]:
    """Return the tables, in their order."""
    return [
        _table(
            "Service levels",
            "The alerts that were due in the time range, and how many were closed in time.",
            Source(
                "ServiceLevels",
                _ROOT + "levels",
                [
                    _SEVERITY,
                    Column("targetDays", "Target"),
                    Column("due", "Due"),
                    Column("met", "In time"),
                    Column("late", "Late"),
                    Column("open", "Open"),
                    Column("compliance", "Compliance"),
                ],
            ),
        ),
        _table(
            "Repositories with the most overdue alerts",
            "Open now and past the due date of their severity, whatever the time range is.",
            Source(
                "MostOverdue",
                _ROOT + "mostOverdue",
                [
                    _REPOSITORY,
                    Column("overdue", "Overdue"),
                    Column("open", "Open"),
                    Column("medianAge", "Median age"),
                ],
            ),
        ),
        _table(
            "Slowest repositories",
            "The longest median time to remediate in the time range.",
            Source("Slowest", _ROOT + "slowest", [_REPOSITORY, *_TIMES]),
        ),
        _table(
            "Teams",
            "The teams with the most open alerts, and their times in the time range. The empty name"
            " is repositories without a team. Without the setting team of the deployment, this"
            " panel has no data.",
            Source(
                "TeamTimes",
                _ROOT + "teams",
                [Column("group", "Team", "string"), Column("opened", "Opened"), *_TIMES],
            ),
        ),
        _overdue_alerts(),
        _table(
            "Noisy rules",
            "The largest shares of false positives among the alerts closed in the time range.",
            Source(
                "NoisyRules",
                _ROOT + "rules",
                [
                    Column("key", "Rule", "string"),
                    Column("description", "Description", "string"),
                    Column("tool", "Tool", "string"),
                    _SEVERITY,
                    Column("falsePositiveShare", "False positives"),
                    Column("closed", "Closed"),
                    Column("opened", "Opened"),
                    Column("open", "Open"),
                ],
            ),
            width=24,
        ),
    ]


_TIMES = (
    Column("median", "Median"),
    Column("p90", "p90"),
    Column("closed", "Closed"),
    Column("openAtEnd", "Open"),
)


def _overdue_alerts() -> Panel:
    short = {"pattern": r".*/([^/]+/[^/]+)/security/code-scanning/(\d+)"}
    mapping = {"type": "regex", "options": short | {"result": {"index": 0, "text": "$1#$2"}}}
    link = {"title": "Open on GitHub", "url": "${__value.raw}", "targetBlank": True}
    return _table(
        "Overdue alerts",
        "Open now and past their due date: the 25 that were created first, with links to GitHub.",
        Source(
            "OverdueAlerts",
            _ROOT + "overdueAlerts.data",
            [
                Column("alertURL", "Alert", "string"),
                _SEVERITY,
                Column("ruleDescription", "Description", "string"),
                Column("rule", "Rule", "string"),
                Column("path", "Path", "string"),
                Column("line", "Line"),
                Column("dueAt", "Due", "timestamp"),
                Column("age", "Age"),
            ],
        ),
        width=24,
        overrides=[
            override("Alert", links=[link], mappings=[mapping]),
            override("Line", unit="none"),
        ],
    )


def _table(
    title: str,
    description: str,
    source: Source,
    *,
    width: int = 12,
    overrides: Sequence[Json] = (),
) -> Panel:
    titles = [column.text for column in source.columns]
    units = [override(text, unit=_UNITS[text], decimals=1) for text in titles if text in _UNITS]
    severity = [override("Severity", mappings=[_SEVERITIES])] if "Severity" in titles else []
    return Panel(
        title=title,
        description=description,
        kind="table",
        source=source,
        width=width,
        height=8,
        options={"showHeader": True, "cellHeight": "sm"},
        defaults={"unit": COUNT, "custom": {"align": "auto", "cellOptions": {"type": "auto"}}},
        overrides=[*units, *severity, *overrides],
        transformations=[in_order(*titles)],
    )


_SEVERITIES: Json = {
    "type": "value",
    "options": {
        severity.value: {"index": index, "text": severity.capitalize(), "color": shown}
        for index, (severity, shown) in enumerate(severity_colours().items())
    },
}
