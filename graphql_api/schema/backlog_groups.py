"""The steps of the field `backlog`: the groups, their open alerts, and the largest of them.

Owns which groups there are and their order. The rows for all time contain the number of open alerts
and the sum of their creation times. `selection.ages` counts the alerts of a given age.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

import strawberry

from graphql_api.schema.backlog import Backlog
from graphql_api.schema.context import Context
from graphql_api.selection.ages.ages import Ages
from graphql_api.selection.ages.open_alerts import OpenAlerts
from graphql_api.selection.filters import Conditions
from graphql_api.selection.reading import Reading
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.enums import BacklogMeasure, GroupBy
from rollup.metrics import ratios
from rollup.metrics.counts import Cell, Outcome
from rollup.metrics.period import ALL
from rollup.metrics.tally import Cells, Group


@strawberry.input(description="Limits the rows of a backlog to the largest groups.")
class BacklogTop:
    """The GraphQL input type BacklogTop."""

    groups: int = strawberry.field(description="The number of groups: 1 to 1,000.")
    by: BacklogMeasure = strawberry.field(
        description="The measure that ranks the groups. Groups without a value come last."
    )


LargestBacklogs = Annotated[
    BacklogTop | None,
    strawberry.argument(description="Only the groups with the largest values, largest first."),
]


def backlogs(
    context: Context,
    subject: Subject,
    conditions: Conditions,
    group_by: GroupBy | None,
    top: BacklogTop | None,
) -> list[Backlog]:
    """Return one row for each group.

    Raises:
        BudgetError: The request exceeds a limit.
        BusyError: DynamoDB throttles the reads.
    """
    return _Groups(context, subject, conditions, group_by).rows(top)


class _Groups:
    """The groups of one field `backlog`."""

    def __init__(
        self,
        context: Context,
        subject: Subject,
        conditions: Conditions,
        group_by: GroupBy | None,
    ) -> None:
        self._context = context
        self._subject = subject
        self._conditions = conditions
        self._reading = subject.reading(conditions, group_by)

    def rows(self, top: BacklogTop | None) -> list[Backlog]:
        """Return the rows in order: by name or severity, or the largest first with `top`."""
        selection = self._reading.selection
        label_of = self._subject.labels(selection.group_by)
        sums = self._reading.sums([ALL], {ALL: [0]}, durations=False)
        total = sums.cells(0)
        groups, ages = self._groups(sums.names, total), self._ages(self._reading)
        if top is not None:
            largest = self._largest(groups, total, ages, top)
            if len(largest) < len(groups) and selection.group_by is GroupBy.REPOSITORY:
                # Only these repositories are read for the fields of the rows.
                names = [group for group in largest if group is not None]
                ages = self._ages(self._subject.reading_of_repositories(selection, names))
            groups = largest
        return [
            Backlog(
                ages=ages,
                name=group,
                label=label_of(group),
                open_alerts=_open(total.get(group, {})),
            )
            for group in groups
        ]

    def _groups(self, repositories: Iterable[str], known: Iterable[Group]) -> list[Group]:
        selection = self._reading.selection
        match selection.group_by:
            case None:
                return [None]
            case GroupBy.REPOSITORY | GroupBy.TEAM:
                # Each of them has a row, even if the filter selects none of its alerts.
                group_of = self._reading.group_of
                groups = repositories if group_of is None else map(group_of, repositories)
                return selection.ordered(set(groups))
            case _:
                return selection.ordered(known)

    def _largest(
        self, groups: list[Group], total: Mapping[Group, Cells], ages: Ages, top: BacklogTop
    ) -> list[Group]:
        """Return the largest groups; equal ones keep their order."""

        def measure(group: Group) -> float | None:
            still_open = _open(total.get(group, {}))
            match top.by:
                case BacklogMeasure.OPEN:
                    return still_open.count
                case BacklogMeasure.OVERDUE:
                    return ages.overdue(group)
                case BacklogMeasure.MEAN_AGE:
                    return ratios.mean_age_ms(still_open, now_ms=self._context.now_ms)

        def rank(group: Group) -> tuple[bool, float]:
            value = measure(group)
            return (value is None, -(value or 0))

        return sorted(groups, key=rank)[: top.groups]

    def _ages(self, reading: Reading) -> Ages:
        context, severities = self._context, self._conditions.severities
        targets = {
            severity: days
            for severity, days in context.targets.items()
            if severities is None or severity in severities
        }
        return Ages(
            reading,
            OpenAlerts(self._subject, self._conditions, reading, context.tables),
            targets,
            budget=context.budget,
            now_ms=context.now_ms,
        )


def _open(cells: Cells) -> Cell:
    return cells.get(Outcome.OPEN, Cell())
