"""The GraphQL types ServiceLevel and ServiceLevelTarget."""

from typing import Self

import strawberry

from graphql_api.schema.fields import field
from graphql_api.vocabulary.enums import Severity
from graphql_api.vocabulary.rounding import ratio
from graphql_api.vocabulary.scalars import DateTime
from ingest.instant import to_text
from rollup.metrics.period import midnight_ms
from rollup.metrics.tally import Group
from rollup.service_levels.due_alerts import DueRow
from rollup.service_levels.targets import Targets


@strawberry.type(description="The service level target of one severity.")
class ServiceLevelTarget:
    """The GraphQL type ServiceLevelTarget."""

    severity: Severity = strawberry.field(description="The severity of the alerts.")
    days: int = strawberry.field(
        description="An alert is due this number of days of 24 hours after its creation."
    )

    @classmethod
    def list_of(cls, targets: Targets) -> list[Self]:
        """Return the targets, most severe first."""
        return [cls(severity=severity, days=days) for severity, days in targets.items()]


@strawberry.type(
    description="The alerts of one severity, in one group, that are due in one interval."
)
class ServiceLevel:
    """The GraphQL type ServiceLevel."""

    row: strawberry.Private[DueRow]
    label: strawberry.Private[Group]

    @field("The start of the interval, at midnight UTC.")
    def period_start(self) -> DateTime:
        return DateTime(to_text(midnight_ms(self.row.window.first)))

    @field("The end of the interval, at midnight UTC. Exclusive.")
    def period_end(self) -> DateTime:
        return DateTime(to_text(midnight_ms(self.row.window.end)))

    @field(
        "The name of the group. Depending on `groupBy`, it is a severity, a tool, `DEFAULT` or "
        "`OTHER`, or `owner/name`. Null without `groupBy`."
    )
    def group(self) -> str | None:
        return self.label

    @field("The severity of the alerts.")
    def severity(self) -> Severity:
        return self.row.severity

    @field("The service level target of the severity, in days of 24 hours.")
    def target_days(self) -> int:
        return self.row.target_days

    @field(
        "The number of alerts that are due in the interval: `met`, `late` and `open` together. In "
        "an interval that is not over, it includes those that are due later."
    )
    def due(self) -> int:
        return self.row.counts.due

    @field("The number of these alerts that were closed in time, in any way.")
    def met(self) -> int:
        return self.row.counts.met

    @field("The number of these alerts that were closed after their due date.")
    def late(self) -> int:
        return self.row.counts.late

    @field(
        "The number of these alerts that are open now. They are overdue, except for those whose "
        "due date is still to come."
    )
    def open(self) -> int:
        return self.row.counts.still_open

    @field("`met` divided by `due`, 0 to 1, to 4 decimals. Null if `due` is 0.")
    def compliance(self) -> float | None:
        return ratio(self.row.counts.compliance)
