"""The steps of the field `serviceLevels`: check the limits, read the rows, count the due alerts.

Owns the arguments that only this field has, and the order of the reads. The repositories of an
organisation can be many rows for each day of creation. So all of them are read once for the whole
window, and the rows of the intervals only of the repositories that are shown.
"""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api.schema.service_level_type import ServiceLevel
from graphql_api.selection.filters import Conditions
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.days import Day
from graphql_api.vocabulary.enums import Basis, GroupBy, ServiceLevelMeasure, Severity
from graphql_api.vocabulary.errors import BadDaysError, BadTargetsError, IncompleteCohortsError
from graphql_api.vocabulary.lists import distinct
from rollup.metrics.histogram import EXACT_DAYS
from rollup.metrics.tally import Group
from rollup.metrics.window import Interval, count_of
from rollup.rows.overview_row import REPOSITORY
from rollup.service_levels.due_alerts import DUE_OUTCOMES, DuePlan, DueQuery, DueSeries
from rollup.service_levels.targets import Targets


@strawberry.input(description="A service level target, in place of the one of the deployment.")
class ServiceLevelTargetInput:
    """The GraphQL input type ServiceLevelTargetInput."""

    severity: Severity = strawberry.field(description="The severity of the alerts.")
    days: int = strawberry.field(
        description="The number of days of 24 hours: 1 to 30, 45, 60, 90, 120, 180 or 365."
    )


@strawberry.input(description="Limits the rows of service levels to the largest groups.")
class ServiceLevelTop:
    """The GraphQL input type ServiceLevelTop."""

    groups: int = strawberry.field(description="The number of groups: 1 to 1,000.")
    by: ServiceLevelMeasure = strawberry.field(
        description="The measure that ranks the groups, over the whole window and all severities."
    )


FirstDueDay = Annotated[
    Day,
    strawberry.argument(
        name="from",
        description="The first day on which alerts were due, inclusive. Not in the future.",
    ),
]
LargestServiceLevels = Annotated[
    ServiceLevelTop | None,
    strawberry.argument(
        description=(
            "Only the groups with the largest values over the whole window, largest first."
        )
    ),
]
OwnTargets = Annotated[
    list[ServiceLevelTargetInput] | None,
    strawberry.argument(
        description=(
            "The targets to use instead of those of the deployment. A severity that is left out "
            "has no rows. If absent, `serviceLevelTargets` apply."
        )
    ),
]


def checked_targets(
    given: Sequence[ServiceLevelTargetInput] | None, default: Targets, conditions: Conditions
) -> Targets:
    """Return the targets of the selected severities, most severe first.

    Raises:
        EmptyListError: The list is empty.
        BadDaysError: A number of days is not accepted.
        BadTargetsError: A severity has two targets.
    """
    targets = default
    if given is not None and given is not UNSET:
        distinct([one.severity for one in given], "targets")
        targets = {}
        for one in given:
            if one.severity in targets:
                raise BadTargetsError(
                    f"targets has two targets for {one.severity}, but a severity must have one."
                )
            if one.days not in EXACT_DAYS:
                raise BadDaysError(
                    f"targets has {one.days:,} days for {one.severity}, but days must be 1 to 30, "
                    "45, 60, 90, 120, 180 or 365."
                )
            targets[one.severity] = one.days
    selected = conditions.severities
    return {
        severity: targets[severity]
        for severity in Severity
        if severity in targets and (selected is None or severity in selected)
    }


def service_levels(
    subject: Subject, query: DueQuery, conditions: Conditions, top: ServiceLevelTop | None
) -> list[ServiceLevel]:
    """Return one row for each interval, group and severity.

    Raises:
        BudgetError: The request exceeds a limit. If possible, this is found before any read.
        BusyError: DynamoDB throttles the reads.
        IncompleteCohortsError: Older code counted closings that the rows need.
    """
    return _ServiceLevels(subject, query, conditions, top).rows()


class _ServiceLevels:
    """Computes the rows of one field `serviceLevels`."""

    def __init__(
        self, subject: Subject, query: DueQuery, conditions: Conditions, top: ServiceLevelTop | None
    ) -> None:
        self._subject = subject
        self._query = query
        self._top = top
        self._budget = subject.overviews.reader.budget
        self._reading = subject.reading(conditions, query.selection.group_by, Basis.OPENED)
        self._intervals = count_of(query.window, query.interval)

    def rows(self) -> list[ServiceLevel]:
        """Return the rows of all intervals."""
        self._check(1)
        if self._ranks_first:
            groups = self._shown_groups(self._series(self._query.as_total))
            self._check(len(groups))
            if self._subject.level is not REPOSITORY:
                names = [group for group in groups if group is not None]
                self._reading = self._subject.reading_of_repositories(self._query.selection, names)
            series = self._series(self._query)
        else:
            series = self._series(self._query)
            groups = self._shown_groups(series)
        self._budget.take_rows(self._rows_of(len(groups)))
        label_of = self._subject.labels(self._query.selection.group_by)
        labels = {group: label_of(group) for group in groups}
        return [ServiceLevel(row=row, label=labels[row.group]) for row in series.rows(groups)]

    @property
    def _ranks_first(self) -> bool:
        is_by_repository = self._query.selection.group_by is GroupBy.REPOSITORY
        return is_by_repository and self._query.interval is not Interval.TOTAL

    def _series(self, query: DueQuery) -> DueSeries:
        plan = DuePlan(query)
        self._budget.take_periods(sum(map(len, plan.slots.values())))
        sums = self._reading.only(DUE_OUTCOMES).sums_by_severity(
            plan.slots,
            intervals=len(plan.windows),
            durations=True,
            check=None if self._top is not None else self._check,
        )
        series = DueSeries(plan, sums)
        IncompleteCohortsError.check(series.uncounted, needed_by="serviceLevels")
        return series

    def _shown_groups(self, series: DueSeries) -> list[Group]:
        if self._top is None:
            return series.groups()
        return series.largest(self._top.groups, self._top.by)

    def _check(self, groups: int) -> None:
        self._budget.expect_rows(self._rows_of(groups))

    def _rows_of(self, groups: int) -> int:
        is_by_severity = self._query.selection.group_by is GroupBy.SEVERITY
        return self._intervals * groups * (1 if is_by_severity else len(self._query.targets))
