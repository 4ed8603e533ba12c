"""What a badge shows: one metric of one organisation, team or repository. Pure."""

from enum import StrEnum
from typing import NamedTuple

from ingest.terms import Severity

DEFAULT_DAYS = 90
MOST_DAYS = 366
LONGEST_LABEL = 60
"""Characters of the text on the left."""


class Metric(StrEnum):
    """The number of a badge."""

    MEDIAN = "median"
    P90 = "p90"
    OPEN = "open"
    OVERDUE = "overdue"
    COMPLIANCE = "compliance"


LABELS = {
    Metric.MEDIAN: "median time to remediate",
    Metric.P90: "p90 time to remediate",
    Metric.OPEN: "open alerts",
    Metric.OVERDUE: "overdue alerts",
    Metric.COMPLIANCE: "service level",
}
"""The label of a badge without one of its own."""


class Badge(NamedTuple):
    """The number that a badge shows, and its label.

    Attributes:
        metric: The number.
        subject: An organisation, or a repository as `owner/name`.
        team: Only the repositories of this team of the organisation. None means all.
        severity: Only alerts of this severity. None means all.
        days: The days until today whose closings or due alerts count.
        label: The text on the left. None means that of the metric.
    """

    metric: Metric
    subject: str
    team: str | None = None
    severity: Severity | None = None
    days: int = DEFAULT_DAYS
    label: str | None = None

    @property
    def is_of_repository(self) -> bool:
        """Whether the subject is a repository."""
        return "/" in self.subject

    @property
    def organisation(self) -> str:
        """The organisation whose rows the badge reads."""
        return self.subject.partition("/")[0]

    @property
    def text(self) -> str:
        """The text on the left."""
        return self.label or LABELS[self.metric]
