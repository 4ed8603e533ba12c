"""The summary of a job, in GitHub's Markdown: a table by severity, and a chart by week. Pure."""

from collections.abc import Sequence

from .conditions import Condition
from .figures import DUE_SOON_DAYS, Figures, Row

_NONE = "\N{EN DASH}"
_COLUMNS = (
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("due-soon", f"Due in {DUE_SOON_DAYS} days"),
    ("opened", "Opened"),
    ("closed", "Closed"),
    ("median", "Median"),
    ("p90", "90th percentile"),
    ("compliance", "Closed in time"),
)


def summary(subject: str, days: int, figures: Figures, conditions: Sequence[Condition]) -> str:
    """Return the Markdown about the figures of the last days."""
    period = "today" if days == 1 else f"last {days} days"
    parts = [f"## Code scanning: {subject}, {period}", _table(figures)]
    if len(figures.weeks) > 1:
        parts.append(_chart(figures))
    if conditions:
        parts.append(_verdicts(figures, conditions))
    return "\n\n".join(parts) + "\n"


def shown(measure: str, value: float | None) -> str:
    """Return a value with its unit, such as `4.2 d` or `93 %`; a dash if there is not any."""
    if value is None:
        return _NONE
    if measure == "compliance":
        return f"{value * 100:.1f}".removesuffix(".0") + " %"
    if measure in {"mean", "median", "p90"}:
        return f"{value:.1f} d"
    return f"{value:,}"


def _table(figures: Figures) -> str:
    header = ["Severity", "Target", *(title for _, title in _COLUMNS)]
    lines = [_line(header), _line([":--", *["--:"] * (len(header) - 1)])]
    for severity, row in figures.shown:
        target = figures.targets.get(severity)
        lines.append(_values(severity.capitalize(), f"{target} d" if target else _NONE, row))
    lines.append(_values("**All**", "", figures.total))
    return "\n".join(lines)


def _values(name: str, target: str, row: Row) -> str:
    return _line([name, target, *(shown(measure, row[measure]) for measure, _ in _COLUMNS)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _chart(figures: Figures) -> str:
    weeks = figures.weeks
    most = max(max(week.opened, week.closed) for week in weeks)
    names = ", ".join(f'"{week.start[5:]}"' for week in weeks)
    return "\n".join(
        [
            "Opened (bars) and closed (line) by week:",
            "",
            "```mermaid",
            "xychart-beta",
            f"  x-axis [{names}]",
            f'  y-axis "Alerts" 0 --> {max(most, 1)}',
            f"  bar [{', '.join(str(week.opened) for week in weeks)}]",
            f"  line [{', '.join(str(week.closed) for week in weeks)}]",
            "```",
        ]
    )


def _verdicts(figures: Figures, conditions: Sequence[Condition]) -> str:
    return "\n".join(f"- {verdict(condition, figures)}" for condition in conditions)


def verdict(condition: Condition, figures: Figures) -> str:
    """Return what a condition means for the job, with the value that it compares."""
    value = condition.value(figures)
    if value is None:
        return f"Not checked: `{condition.text}`, since there is no value"
    outcome = "Failed" if condition.is_met(figures) else "Passed"
    measure = condition.measure
    of = f" of {condition.severity}" if condition.severity else ""
    return f"{outcome}: `{condition.text}`; {measure}{of} is {shown(measure, value)}"
