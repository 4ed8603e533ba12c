"""The way of a question about history: which rows to read, the series they make, its bounds.

Owns the choice between the rows of a name and those of its repositories, and the reading of the
fewest rows where groups are repositories: their totals first, days only of those that are shown.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from graphql_api.conditions import Conditions, Top
from graphql_api.errors import TooManyRowsError
from graphql_api.metrics_point import Changes, MetricsPoint
from graphql_api.overviews import Overviews, Read
from rollup.overview_row import REPOSITORY, Level
from rollup.period import ALL
from rollup.series import Before, Comparison, Plan, Question, Row, Series
from rollup.tally import Group, GroupBy, PeriodCounts
from rollup.window import Interval, count_of

Labels = Callable[[Group], Group]
"""Returns what a group is called in answers."""

MOST_ROWS = 10_000
MOST_NAMED = 40
"""Repositories that are read one by one rather than among all of their organisation."""


class Subject(NamedTuple):
    """Whose history is asked for: an organisation or a repository, or some of its repositories."""

    level: Level
    name: str
    overviews: Overviews

    def is_left_out(self, conditions: Conditions) -> bool:
        """Whether this is a repository, and not one of those that the conditions name."""
        wanted = conditions.repositories
        return self.level is REPOSITORY and wanted is not None and self.name not in wanted

    def reading(self, conditions: Conditions, group_by: GroupBy | None = None) -> Read:
        """Return what reads the rows that a question is about, by the keys of their periods."""
        names = conditions.repositories
        if self.is_left_out(conditions):
            return _nothing
        if self.level is REPOSITORY:
            return lambda keys: self.overviews.of_name(REPOSITORY, self.name, keys)
        if names is not None:
            return self.reading_some(names)
        if group_by is GroupBy.REPOSITORY:
            return lambda keys: self.overviews.of_organisation(self.name, keys)
        return lambda keys: self.overviews.of_name(self.level, self.name, keys)

    def labels(self, group_by: GroupBy | None) -> Labels:
        """Return what calls repositories by their newest spelling, and other groups as they are."""
        if group_by is not GroupBy.REPOSITORY:
            return lambda group: group
        return lambda group: group and self.overviews.spelled(group)

    def reading_some(self, names: Iterable[str]) -> Read:
        """Return what reads the rows of some of an organisation's repositories."""
        wanted = tuple(names)
        return lambda keys: self.overviews.of_repositories(self.name, wanted, keys)


def points(
    subject: Subject, question: Question, conditions: Conditions, top: Top | None
) -> list[MetricsPoint]:
    """Return the rows of a series.

    Raises:
        TooManyRowsError: they would be more than 10,000.
        TooManyReadsError: the request as a whole has used up its reads.
        BusyError: DynamoDB throttles.
    """
    count = count_of(question.window, question.interval)
    _check(count, groups=1)
    read = subject.reading(conditions, question.choice.group_by)
    if _has_days_of_repositories(question):
        groups = _shown(_series(question.as_one, read), top)
        _check(count, groups=len(groups))
        if len(groups) <= MOST_NAMED and subject.level is not REPOSITORY:
            read = subject.reading_some(group for group in groups if group is not None)
        series = _series(question, read)
    else:
        series = _series(question, read)
        groups = _shown(series, top)
        _check(count, groups=len(groups))
    rows = series.rows(groups)
    changes = Changes(lambda: _changes(series.plan, read, rows))
    label_of = subject.labels(question.choice.group_by)
    labels = {group: label_of(group) for group in groups}
    return [
        MetricsPoint(row=row, label=labels[row.group], place=place, changes=changes)
        for place, row in enumerate(rows)
    ]


def _nothing(_keys: Iterable[str]) -> list[PeriodCounts]:
    return []


def _has_days_of_repositories(question: Question) -> bool:
    by_repository = question.choice.group_by is GroupBy.REPOSITORY
    return by_repository and question.interval in {Interval.DAY, Interval.WEEK}


def _series(question: Question, read: Read) -> Series:
    plan = Plan(question)
    return Series(plan, rows=read(plan.read_keys), whole=read([ALL]))


def _shown(series: Series, top: Top | None) -> list[Group]:
    return series.groups() if top is None else series.largest(top.groups, top.by)


def _changes(plan: Plan, read: Read, rows: list[Row]) -> list[Comparison]:
    before = Before(plan)
    return before.comparisons(read(before.read_keys), rows)


def _check(intervals: int, *, groups: int) -> None:
    rows = intervals * groups
    if rows > MOST_ROWS:
        raise TooManyRowsError(
            f"{rows:,} rows are more than {MOST_ROWS:,}: ask for top, a coarser interval or a "
            "shorter window."
        )
