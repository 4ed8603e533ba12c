"""The GraphQL type Backlog: the open alerts of one group.

Owns the fields of a group. `backlog_groups` owns which groups there are.
"""

from typing import Annotated

import strawberry

from graphql_api.schema.arguments import Percent, Unit
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field
from graphql_api.selection.ages.ages import Ages
from graphql_api.vocabulary.enums import DurationUnit
from graphql_api.vocabulary.errors import BadDaysError
from graphql_api.vocabulary.percents import checked_percent
from graphql_api.vocabulary.rounding import duration_or_none
from rollup.metrics import ratios
from rollup.metrics.counts import Cell
from rollup.metrics.tally import Group

MOST_DAYS = 3_650
"""The maximum of the argument `days` of `olderThan` and `dueWithin`."""

_Days = Annotated[int, strawberry.argument(description="The number of days: 0 to 3,650.")]


@strawberry.type(description="The open alerts of one group.")
class Backlog:
    """The GraphQL type Backlog."""

    ages: strawberry.Private[Ages]
    name: strawberry.Private[Group]
    label: strawberry.Private[Group]
    open_alerts: strawberry.Private[Cell]

    @field(
        "The name of the group. Depending on `groupBy`, it is a severity, a tool, `DEFAULT` or "
        "`OTHER`, or `owner/name`. Null without `groupBy`."
    )
    def group(self) -> str | None:
        return self.label

    @field("The number of alerts that are open now.")
    def open(self) -> int:
        return self.open_alerts.count

    @field("The mean time since the open alerts were created, in `unit`. Null if no alert is open.")
    def mean_age(self, info: Info, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        age_ms = ratios.mean_age_ms(self.open_alerts, now_ms=info.context.now_ms)
        return duration_or_none(age_ms, unit)

    @field(
        "The median time since the open alerts were created, in `unit`, within 5 %. Null if no "
        "alert is open."
    )
    def median_age(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.ages.percentile_ms(50, self.name), unit)

    @field(
        "Any percentile of the age: `percent` % of the open alerts were created at most this time "
        "ago, in `unit`, within 5 %. Null if no alert is open."
    )
    def percentile_age(
        self,
        percent: Percent,
        unit: Unit = DurationUnit.MILLISECONDS,
    ) -> float | None:
        age_ms = self.ages.percentile_ms(checked_percent(percent), self.name)
        return duration_or_none(age_ms, unit)

    @field(
        "The number of open alerts that were created more than `days` days of 24 hours ago. As in "
        "timeToRemediate, the time starts at the creation, even if the alert was reopened. Alerts "
        "of tools that are grouped under `(other)` count there."
    )
    def older_than(self, days: _Days) -> int:
        return max(0, self.open_alerts.count - self.ages.younger(_checked(days), self.name))

    @field(
        "The number of open alerts that are past their due date: those that were created longer "
        "ago than the service level target of their severity."
    )
    def overdue(self) -> int:
        return min(self.open_alerts.count, self.ages.overdue(self.name))

    @field(
        "The number of open alerts that are not overdue yet, but are due in the next `days` days "
        "of 24 hours."
    )
    def due_within(self, days: _Days) -> int:
        return min(self.open_alerts.count, self.ages.due_within(_checked(days), self.name))


def _checked(days: int) -> int:
    if not 0 <= days <= MOST_DAYS:
        raise BadDaysError(f"days is {days:,}, but must be 0 to {MOST_DAYS:,}.")
    return days
