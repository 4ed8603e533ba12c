"""How a report writes numbers, times and changes, in Markdown and in HTML. Pure."""

from operations.report.figures import Figures, Repository, Row
from operations.report.query import DUE_SOON_DAYS

NONE = "\N{EN DASH}"
SEVERITY_HEADS = (
    *("Severity", "Target", "Open", "Overdue", f"Due in {DUE_SOON_DAYS} days", "Opened", "Closed"),
    *("Median", "90th percentile", "Closed in time"),
)
REPOSITORY_HEADS = ("Repository", "Open", "Overdue", "Median age")
ALERT_HEADS = ("Alert", "Severity", "Rule", "Created", "Due")


def days(value: float | None) -> str:
    """Return a time in days, such as `4.2 d`."""
    return NONE if value is None else f"{value:,.1f} d"


def share(value: float | None) -> str:
    """Return a share in per cent, such as `93.5 %`."""
    return NONE if value is None else f"{value * 100:.1f}".removesuffix(".0") + " %"


def change(value: float | None) -> str:
    """Return a relative change, such as `+25 %`; an empty text if there is not any."""
    return "" if value is None else f"{value * 100:+.0f} %"


def period(figures: Figures) -> str:
    """Return the window, such as `2026-09-01 to 2026-11-29`."""
    return f"{figures.first.isoformat()} to {figures.last.isoformat()}"


def headlines(figures: Figures) -> list[tuple[str, str, str]]:
    """Return the names, the values and the changes of the most important figures."""
    total, changes = figures.total, figures.changes
    return [
        ("Open", f"{total.open:,}", change(changes["open"])),
        ("Overdue", f"{total.overdue:,}", ""),
        ("Opened", f"{total.opened:,}", change(changes["opened"])),
        ("Closed", f"{total.closed:,}", change(changes["closed"])),
        ("Median time", days(total.median), change(changes["median"])),
        ("90th percentile", days(total.p90), change(changes["p90"])),
        ("Closed in time", share(total.compliance), ""),
    ]


def severity_cells(row: Row) -> list[str]:
    """Return the cells of a row of the table by severity."""
    return [
        row.severity.capitalize() if row.severity else "All",
        NONE if row.target_days is None else f"{row.target_days} d",
        *(f"{value:,}" for value in (row.open, row.overdue, row.due_soon)),
        *(f"{value:,}" for value in (row.opened, row.closed)),
        days(row.median),
        days(row.p90),
        share(row.compliance),
    ]


def repository_cells(one: Repository) -> list[str]:
    """Return the cells of a row of the table of repositories."""
    return [one.name, f"{one.open:,}", f"{one.overdue:,}", days(one.median_age)]
