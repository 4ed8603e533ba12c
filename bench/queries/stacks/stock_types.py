"""The typed objects of the stock stack, and how each is made from a row.

They follow Strawberry's documentation and take no measure for speed.
"""

from enum import Enum
from typing import Any

import strawberry

Row = dict[str, Any]
"""An item as boto3's Table resource returns it, or a finished row of metrics."""


@strawberry.enum
class DurationUnit(Enum):
    """The unit of a duration."""

    DAYS = 86_400_000


@strawberry.enum
class Interval(Enum):
    """How the window is divided."""

    DAY = 1
    TOTAL = 2


@strawberry.enum
class GroupBy(Enum):
    """How the rows are grouped."""

    REPOSITORY = 1


@strawberry.type
class Alert:
    """A code scanning alert."""

    id: strawberry.ID
    alert_url: str = strawberry.field(name="alertURL")
    organisation_name: str
    repository_name: str
    state: str
    severity: str
    tool: str | None
    rule: str | None
    created_at: str
    closed_at: str | None


@strawberry.type
class RepositoryOverview:
    """A month of a repository."""

    id: strawberry.ID
    repository_name: str
    organisation_name: str
    monthly_period: str
    open_alerts: int
    number_fixed: int
    number_manually_closed: int
    total_time_to_remediate: float
    mean_time_to_remediate: float | None


@strawberry.type
class MetricsPoint:
    """A row of a series or of a table by repository."""

    mean: strawberry.Private[float | None]
    median: strawberry.Private[float | None]
    group: str | None
    period_start: str | None
    opened: int
    closed: int
    open_at_end: int

    @strawberry.field
    def mean_time_to_remediate(self, unit: DurationUnit) -> float | None:
        """Return the finished mean."""
        return self.mean

    @strawberry.field
    def median_time_to_remediate(self, unit: DurationUnit) -> float | None:
        """Return the finished median."""
        return self.median


def alert_of(row: Row) -> Alert:
    """Make an alert from its item."""
    return Alert(
        id=strawberry.ID(f"{row['repositoryName']}/{row['alertID']}"),
        alert_url=row["alertURL"],
        organisation_name=row["organisationName"],
        repository_name=row["repositoryName"],
        state=row["state"],
        severity=row["severity"],
        tool=row.get("tool"),
        rule=row.get("rule"),
        created_at=row["createdAt"],
        closed_at=row.get("closedAt"),
    )


def overview_of(row: Row) -> RepositoryOverview:
    """Make an overview from its item."""
    mean = row.get("meanTimeToRemediate")
    return RepositoryOverview(
        id=strawberry.ID(f"{row['monthlyPeriod']}/{row['repositoryName']}"),
        repository_name=row["repositoryName"],
        organisation_name=row["organisationName"],
        monthly_period=row["monthlyPeriod"],
        open_alerts=int(row["openAlerts"]),
        number_fixed=int(row["numberFixed"]),
        number_manually_closed=int(row["numberManuallyClosed"]),
        total_time_to_remediate=float(row["totalTimeToRemediate"]),
        mean_time_to_remediate=None if mean is None else float(mean),
    )


def point_of(row: Row) -> MetricsPoint:
    """Make a row of metrics from its finished values."""
    return MetricsPoint(
        mean=row.get("meanTimeToRemediate"),
        median=row.get("medianTimeToRemediate"),
        group=row.get("group"),
        period_start=row.get("periodStart"),
        opened=row["opened"],
        closed=row["closed"],
        open_at_end=row["openAtEnd"],
    )
