"""The figures of a report, from the response of the API. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from ingest.terms import Severity
from operations.report.query import DUE_SOON_DAYS, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of all alerts, or of one severity.

    Times are in days. `compliance` is the share of the alerts due in the window that were closed in
    time. A value is None if nothing was closed, or nothing was due.
    """

    severity: str | None
    target_days: int | None
    open: int
    overdue: int
    due_soon: int
    opened: int
    closed: int
    net: int
    mean: float | None
    median: float | None
    p90: float | None
    compliance: float | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.open or self.opened or self.closed) and self.compliance is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week, or a part of one at the edge of the window."""

    start: date
    opened: int
    closed: int
    open_at_end: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository with its open alerts. `median_age` is in days."""

    name: str
    open: int
    overdue: int
    median_age: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAlert:
    """An alert past its due date."""

    id: str
    url: str
    repository: str
    severity: str
    rule: str
    created_at: str
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a report shows.

    `first` and `last` are days, both in the window. `changes` are relative to the days before the
    window, by the name of a field of `Row`: 0.25 means 25 % more.
    """

    first: date
    last: date
    total: Row
    changes: Mapping[str, float | None]
    severities: Sequence[Row]
    weeks: Sequence[Week]
    repositories: Sequence[Repository]
    overdue_alerts: Sequence[OverdueAlert]
    warnings: Sequence[str]

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return the figures in a response."""
        scope = response.scope
        (metrics,), (backlog,) = scope["metrics"], scope["backlog"]
        levels = scope["serviceLevels"]
        return cls(
            first=_day(metrics["periodStart"]),
            last=date.fromordinal(_day(metrics["periodEnd"]).toordinal() - 1),
            total=_row(None, backlog, metrics, levels),
            changes={
                name: metrics[f"changeOf{name.capitalize()}"]
                for name in ("open", "opened", "closed", "mean", "median", "p90")
            },
            severities=_severities(scope),
            weeks=[
                Week(
                    start=_day(one["periodStart"]),
                    opened=one["opened"],
                    closed=one["closed"],
                    open_at_end=one["openAtEnd"],
                    median=one["median"],
                    p90=one["p90"],
                )
                for one in scope["weeks"]
            ],
            repositories=[
                Repository(
                    name=one["group"],
                    open=one["open"],
                    overdue=one["overdue"],
                    median_age=one["medianAge"],
                )
                for one in scope.get("worst", ())
                if one["open"]
            ],
            overdue_alerts=[
                OverdueAlert(
                    id=one["id"],
                    url=one["alertURL"],
                    repository=one["repositoryName"],
                    severity=one["severity"],
                    rule=one["ruleDescription"] or one["rule"] or "",
                    created_at=one["createdAt"][:10],
                    due_at=one["dueAt"][:10],
                )
                for one in scope["alerts"]["data"]
            ],
            warnings=response.warnings,
        )

    def to_document(self) -> dict[str, object]:
        """Return the figures for JSON, with the names of the fields in camel case."""
        found: dict[str, object] = _camel(asdict(self))
        return {**found, "dueSoonDays": DUE_SOON_DAYS}


def _severities(scope: Mapping[str, Any]) -> list[Row]:
    backlog = {one["group"]: one for one in scope["bySeverity"]}
    times = {one["group"]: one for one in scope["timesBySeverity"]}
    levels = {one["severity"]: one for one in scope["serviceLevels"]}
    rows = (
        _row(
            name,
            backlog.get(name, {}),
            times.get(name, {}),
            [levels[name]] if name in levels else [],
        )
        for name in (severity.name for severity in Severity)
    )
    return [row for row in rows if not row.is_empty]


def _row(
    severity: str | None,
    backlog: Mapping[str, Any],
    times: Mapping[str, Any],
    levels: Sequence[Mapping[str, Any]],
) -> Row:
    due = sum(level["due"] for level in levels)
    met = sum(level["met"] for level in levels)
    return Row(
        severity=severity,
        target_days=levels[0]["targetDays"] if severity and levels else None,
        open=backlog.get("open", 0),
        overdue=backlog.get("overdue", 0),
        due_soon=backlog.get("dueSoon", 0),
        opened=times.get("opened", 0),
        closed=times.get("closed", 0),
        net=times.get("net", 0),
        mean=times.get("mean"),
        median=times.get("median"),
        p90=times.get("p90"),
        compliance=round(met / due, 4) if due else None,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _camel(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {_camel_name(name): _camel(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_camel(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
