"""The type Backlog: what is open now, of one group.

Owns how ages are told: the ALL rows hold how many are open and when they were created on the whole;
how many are older than some days follows from the days since, which are read when they are asked
for.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated

import strawberry

from graphql_api.arguments import Unit
from graphql_api.context import Info
from graphql_api.errors import BadDaysError
from graphql_api.fields import field
from graphql_api.history import Labels
from graphql_api.overviews import Read
from graphql_api.rounding import duration_or_none
from graphql_api.words import DurationUnit, GroupBy
from rollup import metrics
from rollup.counts import Cell, Outcome
from rollup.period import ALL
from rollup.tally import Cells, Choice, Group, PeriodCounts
from rollup.window import Interval, Window, cover

MOST_DAYS = 3_650


class Backlogs:
    """The open alerts of one question, group by group."""

    def __init__(self, read: Read, choice: Choice, today: date, labels: Labels) -> None:
        self.read = read
        self.choice = choice
        self.today = today
        self.labels = labels
        self._since: dict[int, Mapping[Group, Cells]] = {}

    def rows(self) -> "list[Backlog]":
        """Return one row for every known group, in order."""
        rows = self.read([ALL])
        whole = self.choice.sums(rows)
        return [
            Backlog(of=self, name=group, still_open=_open(whole.get(group, {})))
            for group in self._groups(rows, whole)
        ]

    def _groups(self, rows: Iterable[PeriodCounts], known: Iterable[Group]) -> list[Group]:
        match self.choice.group_by:
            case None:
                return [None]
            case GroupBy.REPOSITORY:
                # Also those of which nothing is chosen: a list of repositories leaves none out.
                return self.choice.ordered(row.name for row in rows)
            case _:
                return self.choice.ordered(known)

    def created_since(self, days: int, group: Group) -> int:
        """Return how many that are open now were created on or after the day `days` days ago."""
        if days not in self._since:
            window = Window(self.today - timedelta(days=days), self.today)
            keys = cover(window, Interval.TOTAL, today=self.today)
            self._since[days] = self.choice.sums(self.read(keys))
        return _open(self._since[days].get(group, {})).number


@strawberry.type(description="The alerts of one group that are open now.")
class Backlog:
    of: strawberry.Private[Backlogs]
    name: strawberry.Private[Group]
    still_open: strawberry.Private[Cell]

    @field("By groupBy: a severity, a tool, `DEFAULT` or `OTHER`, `owner/name`. Null without it.")
    def group(self) -> str | None:
        return self.of.labels(self.name)

    @field("Open alerts now.")
    def open(self) -> int:
        return self.still_open.number

    @field("The mean of the times since they were created, in `unit`. Null where none is open.")
    def mean_age(self, info: Info, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        age_ms = metrics.mean_age_ms(self.still_open, now_ms=info.context.now_ms)
        return duration_or_none(age_ms, unit)

    @field("Open alerts created before the UTC day that was so many days ago.")
    def older_than(
        self, days: Annotated[int, strawberry.argument(description="0 to 3,650.")]
    ) -> int:
        if not 0 <= days <= MOST_DAYS:
            raise BadDaysError(f"days must be 0 to {MOST_DAYS:,}.")
        return max(0, self.still_open.number - self.of.created_since(days, self.name))


def _open(cells: Cells) -> Cell:
    return cells.get(Outcome.OPEN, Cell())
