"""The type Backlog: what is open now, of one group.

Owns its groups and what each shows. The ALL rows hold how many alerts are open and the sum of the
times at which they were created; how many are older than some days belongs to `ages`.
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


class Backlogs:
    """The open alerts of one question, group by group."""

    def __init__(self, reading: Reading, ages: Ages, label_of: Labels) -> None:
        self._reading = reading
        self.ages = ages
        self.label_of = label_of

    def rows(self) -> "list[Backlog]":
        """Return one row for every known group, in order."""
        sums = self._reading.sums([ALL], {ALL: [0]}, durations=False)
        whole = sums.cells(0)
        return [
            Backlog(of=self, name=group, still_open=_open(whole.get(group, {})))
            for group in self._groups(sums.names, whole)
        ]

    def _groups(self, repositories: Iterable[str], known: Iterable[Group]) -> list[Group]:
        selection = self._reading.selection
        match selection.group_by:
            case None:
                return [None]
            case GroupBy.REPOSITORY:
                # Also those of which nothing is chosen: a list of repositories leaves none out.
                return selection.ordered(repositories)
            case _:
                return selection.ordered(known)


@strawberry.type(description="The open alerts of one group.")
class Backlog:
    of: strawberry.Private[Backlogs]
    name: strawberry.Private[Group]
    still_open: strawberry.Private[Cell]

    @field(
        "The group, as divided by `groupBy`: a severity, a tool, `DEFAULT` or `OTHER`, or "
        "`owner/name`. Null without `groupBy`."
    )
    def group(self) -> str | None:
        return self.of.label_of(self.name)

    @field("The number of alerts that are open now.")
    def open(self) -> int:
        return self.still_open.count

    @field("The mean time since the open alerts were created, in `unit`. Null if no alert is open.")
    def mean_age(self, info: Info, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        age_ms = ratios.mean_age_ms(self.still_open, now_ms=info.context.now_ms)
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
        return max(0, self.still_open.count - self.of.ages.younger(days, self.name))


def _open(cells: Cells) -> Cell:
    return cells.get(Outcome.OPEN, Cell())
