"""Series by creation, compared with a recount of the alerts created in each interval."""

import math
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given

from ingest.terms import ClosedAs
from rollup.metrics.baseline import baseline
from rollup.metrics.comparison import ComparisonPlan
from rollup.metrics.counts import CLOSINGS, Outcome
from rollup.metrics.histogram import EXACT_DAYS, bin_of
from rollup.metrics.period import midnight_ms
from rollup.metrics.series import SeriesPlan, SeriesQuery
from rollup.metrics.tally import Basis, Tally
from rollup.metrics.window import Window
from rollup.rows.contribution import AlertContribution
from tests.unit.rollup.builders import DAY_MS
from tests.unit.rollup.recount import Recount, group_of, selected
from tests.unit.rollup.test_percentile import exact_percentile
from tests.unit.rollup.test_series import ALERTS, QUERIES, TODAY, series_of, sums_of

NOW_MS = midnight_ms(TODAY) + DAY_MS - 1
BY_CREATION = QUERIES.map(
    lambda query: query._replace(
        now_ms=NOW_MS, selection=query.selection._replace(basis=Basis.OPENED)
    )
)


@dataclass(frozen=True)
class CohortRecount(Recount):
    """The numbers of the alerts created in one window, counted from these alerts."""

    def created(self) -> list[AlertContribution]:
        return [alert for alert in self.alerts if self.contains(alert.created_ms)]

    def all_times(self) -> list[float]:
        """Return the time of each alert, infinite if it is open or closed in another way."""
        return sorted(
            (alert.closed_ms or 0) - alert.created_ms
            if alert.closed_as and CLOSINGS[alert.closed_as] in self.closed_as
            else math.inf
            for alert in self.created()
        )

    def closed_as_count(self, closed_as: ClosedAs) -> int:
        return sum(alert.closed_as is closed_as for alert in self.created())

    def times(self) -> list[int]:
        return [int(ms) for ms in self.all_times() if ms < math.inf]

    def age_ms(self) -> int:
        return NOW_MS - midnight_ms(self.window.end)

    def share_within(self, days: int) -> float | None:
        times = self.all_times()
        if not times or self.age_ms() < days * DAY_MS:
            return None
        return sum(ms <= days * DAY_MS for ms in times) / len(times)

    def mean_ms(self) -> float | None:
        is_open = any(alert.closed_as is None for alert in self.created())
        times = self.times()
        return None if is_open or self.age_ms() < 0 or not times else sum(times) / len(times)

    def has_percentile_of(self, tally: Tally, percent: float) -> bool:
        times, found = self.all_times(), tally.percentile_ms(percent)
        worst = times[math.ceil((len(times) - 1) * percent / 100)] if times else math.inf
        is_open = any(alert.closed_as is None for alert in self.created())
        if self.age_ms() < 0 or worst == math.inf:
            return found is None
        if is_open and bin_of(int(worst)) == bin_of(self.age_ms()):
            return True  # Depends on whether the bin is over; `test_cohort` checks that.
        if is_open and worst > self.age_ms():
            return found is None
        exact = exact_percentile([int(min(ms, 10**15)) for ms in times], percent)
        return found == pytest.approx(exact, rel=0.1, abs=1)

    def matches(self, tally: Tally) -> bool:
        times = self.times()
        return (
            tally.count(Outcome.OPENED) == self.opened()
            and all(tally.closings(CLOSINGS[one]) == self.closed_as_count(one) for one in ClosedAs)
            and tally.count(Outcome.REOPENED) == self.reopened()
            and (tally.closed.count, tally.closed.total_ms) == (len(times), sum(times))
            and tally.mean_ms == self.mean_ms()
            and all(tally.share_within(days) == self.share_within(days) for days in EXACT_DAYS)
            and all(self.has_percentile_of(tally, percent) for percent in (10, 50, 90))
            and tally.uncounted_closings == 0
        )


@given(BY_CREATION, ALERTS)
def test_rows_equal_a_recount_of_the_alerts_created_in_each_interval(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    wanted = selected(contributions, query.selection)
    series = series_of(query, contributions)
    assert series.uncounted_closings == 0
    for row in series.rows(series.groups()):
        of_group = [alert for alert in wanted if group_of(alert, query.selection) == row.group]
        found = CohortRecount(of_group, row.window, query.closed_as)
        assert found.matches(row.tally)
        assert row.tally.open_at_end == found.open_at_end()


@given(BY_CREATION, ALERTS)
def test_comparisons_equal_a_recount_of_finished_days_and_baseline(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    wanted = selected(contributions, query.selection)
    series, before = series_of(query, contributions), ComparisonPlan(SeriesPlan(query))
    rows = series.rows(series.groups())
    comparisons = before.comparisons(sums_of(query, contributions, before), rows)
    for row, (now, earlier, _) in zip(rows, comparisons, strict=True):
        of_group = [alert for alert in wanted if group_of(alert, query.selection) == row.group]
        days = baseline(row.window, query.interval, unit=query.unit, today=TODAY)
        if days.window is None:
            assert not now.count(Outcome.OPENED)
            assert not earlier.count(Outcome.OPENED)
            continue
        over = row.window
        if row.window.first <= TODAY <= row.window.last:
            over = Window(row.window.first, max(row.window.first, TODAY - timedelta(days=1)))
        assert CohortRecount(of_group, over, query.closed_as).matches(now)
        assert CohortRecount(of_group, days.window, query.closed_as).matches(earlier)


@given(BY_CREATION, ALERTS)
def test_groups_are_the_same_on_both_bases(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    by_closing = query._replace(selection=query.selection._replace(basis=Basis.CLOSED))
    one, other = series_of(query, contributions), series_of(by_closing, contributions)
    assert one.groups() == other.groups()
    for left, right in zip(one.rows(one.groups()), other.rows(other.groups()), strict=True):
        assert left.tally.count(Outcome.OPENED) == right.tally.count(Outcome.OPENED)
        assert left.tally.open_at_end == right.tally.open_at_end
