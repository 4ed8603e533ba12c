"""The GraphQL type Backlog: the open alerts of one group.

Owns the groups of a backlog and their fields. The rows for all time contain the number of open
alerts and the sum of their creation times. The module `ages` counts the alerts of a given age.
"""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from graphql_api.schema.arguments import Unit
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field
from graphql_api.selection.ages import Ages
from graphql_api.selection.subject import Labels, Reading
from graphql_api.vocabulary.enums import DurationUnit, GroupBy
from graphql_api.vocabulary.errors import BadDaysError
from graphql_api.vocabulary.rounding import duration_or_none
from rollup.metrics import ratios
from rollup.metrics.counts import Cell, Outcome
from rollup.metrics.period import ALL
from rollup.metrics.tally import Cells, Group

MOST_DAYS = 3_650
"""The maximum of the argument `days` of `olderThan`."""


class BacklogGroups:
    """The open alerts of one field `backlog`, divided into groups."""

    def __init__(self, reading: Reading, ages: Ages, label_of: Labels) -> None:
        self._reading = reading
        self.ages = ages
        self.label_of = label_of

    def rows(self) -> "list[Backlog]":
        """Return one row for each known group, in order."""
        sums = self._reading.sums([ALL], {ALL: [0]}, durations=False)
        total = sums.cells(0)
        return [
            Backlog(groups=self, name=group, open_alerts=_open(total.get(group, {})))
            for group in self._groups(sums.names, total)
        ]

    def _groups(self, repositories: Iterable[str], known: Iterable[Group]) -> list[Group]:
        selection = self._reading.selection
        match selection.group_by:
            case None:
                return [None]
            case GroupBy.REPOSITORY:
                # Every known repository has a row, even if the filter selects none of its alerts.
                return selection.ordered(repositories)
            case _:
                return selection.ordered(known)


@strawberry.type(description="The open alerts of one group.")
class Backlog:
    """The GraphQL type Backlog."""

    groups: strawberry.Private[BacklogGroups]
    name: strawberry.Private[Group]
    open_alerts: strawberry.Private[Cell]

    @field(
        "The name of the group. Depending on `groupBy`, it is a severity, a tool, `DEFAULT` or "
        "`OTHER`, or `owner/name`. Null without `groupBy`."
    )
    def group(self) -> str | None:
        return self.groups.label_of(self.name)

    @field("The number of alerts that are open now.")
    def open(self) -> int:
        return self.open_alerts.count

    @field("The mean time since the open alerts were created, in `unit`. Null if no alert is open.")
    def mean_age(self, info: Info, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        age_ms = ratios.mean_age_ms(self.open_alerts, now_ms=info.context.now_ms)
        return duration_or_none(age_ms, unit)

    @field(
        "The number of open alerts that were created more than `days` days of 24 hours ago. As in "
        "timeToRemediate, the time starts at the creation, even if the alert was reopened. Alerts "
        "of tools that are grouped under `(other)` count there."
    )
    def older_than(
        self,
        days: Annotated[int, strawberry.argument(description="The number of days: 0 to 3,650.")],
    ) -> int:
        if not 0 <= days <= MOST_DAYS:
            raise BadDaysError(f"days is {days:,}, but must be 0 to {MOST_DAYS:,}.")
        return max(0, self.open_alerts.count - self.groups.ages.younger(days, self.name))


def _open(cells: Cells) -> Cell:
    return cells.get(Outcome.OPEN, Cell())
