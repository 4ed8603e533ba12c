"""The steps of the field `metrics`: check the limits, read the rows, compute the series.

Owns the order of the reads. If the groups are repositories of an organisation, the first step ranks
all of them with as little data as possible. The second step reads whole rows, but only of the
repositories that are shown.
"""

from graphql_api.schema.changes import Changes
from graphql_api.schema.context import Info
from graphql_api.schema.metrics_point import MetricsPoint
from graphql_api.schema.selected import needs_durations
from graphql_api.selection.filters import Conditions, Top
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.errors import IncompleteCohortsError
from rollup.metrics.comparison import Comparison, ComparisonPlan
from rollup.metrics.series import Row, Series, SeriesPlan, SeriesQuery
from rollup.metrics.sums import Sums
from rollup.metrics.tally import MEASURES_OF_CLOSINGS, PERCENTS, Basis, Group, GroupBy
from rollup.metrics.window import Interval, count_of, month_number
from rollup.rows.overview_row import REPOSITORY

_OPENED = "basis OPENED"


def points(
    info: Info, subject: Subject, query: SeriesQuery, conditions: Conditions, top: Top | None
) -> list[MetricsPoint]:
    """Return the rows of a series.

    Raises:
        BudgetError: The request exceeds a limit. If possible, this is found before any read.
        BusyError: DynamoDB throttles the reads.
        IncompleteCohortsError: The basis is OPENED, and older code wrote some of the counts.
    """
    by_facts = query.selection.group_by is GroupBy.TEAM or conditions.is_about_facts
    durations = not by_facts or needs_durations(info)
    return _History(subject, query, conditions, top, durations=durations).rows()


class _History:
    """Computes the rows of one field `metrics`.

    Without `durations`, no field of the rows may depend on the histogram of the times. All
    repositories of an organisation are then added up from their headlines.
    """

    def __init__(
        self,
        subject: Subject,
        query: SeriesQuery,
        conditions: Conditions,
        top: Top | None,
        *,
        durations: bool,
    ) -> None:
        by_percentile = top is not None and top.by in PERCENTS
        self._durations = durations or by_percentile
        self._subject = subject
        self._query = query
        self._top = top
        self._budget = subject.overviews.reader.budget
        self._reading = subject.reading(conditions, query.selection.group_by, query.selection.basis)
        self._intervals = count_of(query.window, query.interval)

    def rows(self) -> list[MetricsPoint]:
        """Return the rows of the series."""
        self._check(1)
        self._budget.take_periods(_periods_of(self._query))
        if self._ranks_first:
            groups = self._shown_groups(self._ranking())
            self._check(len(groups))
            if self._subject.level is not REPOSITORY:
                names = [group for group in groups if group is not None]
                self._reading = self._subject.reading_of_repositories(self._query.selection, names)
            series = self._series()
        else:
            series = self._series()
            groups = self._shown_groups(series)
        self._budget.take_rows(self._intervals * len(groups))
        rows = series.rows(groups)
        changes = Changes(lambda: self._changes(series.plan, rows))
        label_of = self._subject.labels(self._query.selection.group_by)
        labels = {group: label_of(group) for group in groups}
        return [
            MetricsPoint(row=row, label=labels[row.group], position=position, changes=changes)
            for position, row in enumerate(rows)
        ]

    @property
    def _ranks_first(self) -> bool:
        """Whether to rank by totals first, since days times repositories can be many rows."""
        if self._query.selection.group_by is not GroupBy.REPOSITORY:
            return False
        has_days = self._query.interval in {Interval.DAY, Interval.WEEK}
        return has_days or (self._top is not None and self._reading.read_headlines is not None)

    def _ranking(self) -> Series:
        plan = SeriesPlan(self._query.as_total)
        by = None if self._top is None else self._top.by
        reading = self._reading
        if by not in MEASURES_OF_CLOSINGS:
            reading = reading.by_closing
        sums = reading.sums(
            plan.read_keys,
            plan.slots,
            intervals=1,
            durations=by in PERCENTS,
            check=None if self._top is not None else self._check,
        )
        return _series_of(plan, sums, reading.selection.basis)

    def _series(self) -> Series:
        plan = SeriesPlan(self._query)
        sums = self._reading.sums(
            plan.read_keys,
            plan.slots,
            intervals=self._intervals,
            durations=self._durations,
            check=None if self._top is not None else self._check,
        )
        return _series_of(plan, sums, self._query.selection.basis)

    def _shown_groups(self, series: Series) -> list[Group]:
        if self._top is None:
            return series.groups()
        return series.largest(self._top.groups, self._top.by)

    def _changes(self, plan: SeriesPlan, rows: list[Row]) -> list[Comparison]:
        self._budget.take_periods(_periods_of(self._query))
        baselines = ComparisonPlan(plan)
        sums = self._reading.sums(baselines.read_keys, baselines.slots, durations=self._durations)
        comparisons = baselines.comparisons(sums, rows)
        missing = sum(one.before.uncounted_closings for one in comparisons)
        IncompleteCohortsError.check(missing, needed_by=_OPENED)
        return comparisons

    def _check(self, groups: int) -> None:
        self._budget.expect_rows(self._intervals * groups)


def _series_of(plan: SeriesPlan, sums: Sums, basis: Basis) -> Series:
    """Return a series. Raises IncompleteCohortsError if it needs closings that are missing."""
    series = Series(plan, sums)
    if basis is Basis.OPENED:
        IncompleteCohortsError.check(series.uncounted_closings, needed_by=_OPENED)
    return series


def _periods_of(query: SeriesQuery) -> int:
    """Return the maximum number of days and months of a series, without listing them."""
    window = query.window
    if query.interval in {Interval.DAY, Interval.WEEK}:
        return window.days
    return month_number(window.last) - month_number(window.first) + 62
