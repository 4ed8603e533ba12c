"""Alerts by due date, compared with a recount in every interval, group and severity."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import ClosedAs, Severity
from rollup.metrics.histogram import EXACT_DAYS
from rollup.metrics.tally import Basis, GroupBy
from rollup.metrics.window import Interval, Window, intervals
from rollup.rows.contribution import AlertContribution
from rollup.rows.counts_codec import pack
from rollup.rows.packed_sums import CellSums
from rollup.service_levels.due_alerts import (
    DueCounts,
    DuePlan,
    DueQuery,
    DueSeries,
    ServiceLevelMeasure,
)
from rollup.service_levels.targets import DAY_MS
from tests.unit.rollup.recount import day_of, group_of, selected
from tests.unit.rollup.test_series import DAYS, FIRST, SELECTIONS, TODAY, alerts, rows_of
from tests.unit.rollup.unpacked_rows import row_group

TARGETS = st.fixed_dictionaries(
    {Severity.CRITICAL: st.sampled_from((1, 2, 7, 30, 45))},
    optional={Severity.LOW: st.sampled_from((3, 8, 60))},
)
WINDOWS = st.just(Window(FIRST - timedelta(days=1), TODAY + timedelta(days=60))) | st.builds(
    lambda a, b: Window(min(a, b), max(a, b)), DAYS, DAYS
)


@st.composite
def histories(draw: st.DrawFn) -> list[AlertContribution]:
    """Draw alerts, some of them closed exactly at their due time or a millisecond from it."""
    found = []
    for alert in draw(st.lists(alerts(), max_size=8)):
        if draw(st.booleans()):
            days, off = draw(st.sampled_from(EXACT_DAYS[:10])), draw(st.integers(-1, 1))
            closed_ms = alert.created_ms + days * DAY_MS + off
            alert = replace(alert, closed_ms=closed_ms, closed_as=ClosedAs.WONT_FIX)  # noqa: PLW2901
        found.append(alert)
    return found


QUERIES = st.builds(
    lambda window, interval, selection, targets: DueQuery(
        window,
        interval,
        TODAY,
        selection._replace(basis=Basis.OPENED),
        targets,
    ),
    WINDOWS,
    st.sampled_from(Interval),
    SELECTIONS,
    TARGETS,
)


def series_of(query: DueQuery, contributions: list[AlertContribution]) -> DueSeries:
    """Return the series of a query from packed rows."""
    plan = DuePlan(query)
    sums: dict[Severity | None, CellSums] = {}
    for severity, slots in plan.slots.items():
        sums[severity] = CellSums(
            query.selection.only(severity), slots, group_of=row_group(query.selection)
        )
        for row in rows_of(contributions, slots):
            sums[severity].add(row.name, row.period, pack(row.counts))
    return DueSeries(plan, sums)


def recount(alerts: list[AlertContribution], window: Window, days: int) -> DueCounts:
    """Return the counts of the alerts that are due in a window: the plain definition."""
    due = [
        alert
        for alert in alerts
        if window.first <= day_of(alert.created_ms + days * DAY_MS) <= window.last
    ]
    closed = [one.closed_ms - one.created_ms for one in due if one.closed_ms is not None]
    met = sum(time_ms <= days * DAY_MS for time_ms in closed)
    return DueCounts(len(due), met, len(closed) - met, len(due) - len(closed))


@given(QUERIES, histories())
def test_rows_equal_a_recount_of_the_alerts(
    query: DueQuery, contributions: list[AlertContribution]
) -> None:
    series = series_of(query, contributions)
    chosen = selected(contributions, query.selection)
    assert series.uncounted == 0
    expected = [
        (window, group, severity, days, recount(_of(chosen, query, group, severity), window, days))
        for window in intervals(query.window, query.interval)
        for group in series.groups()
        for severity, days in query.targets.items()
        if query.selection.group_by is not GroupBy.SEVERITY or group == severity
    ]
    assert series.rows(series.groups()) == expected
    due = {
        group_of(alert, query.selection)
        for alert in chosen
        if (days := query.targets.get(alert.severity)) is not None
        and recount([alert], query.window, days).due
    }
    if query.selection.group_by is not None:
        assert series.groups() == query.selection.ordered(due)


def _of(
    chosen: list[AlertContribution], query: DueQuery, group: str | None, severity: Severity
) -> list[AlertContribution]:
    return [
        alert
        for alert in chosen
        if alert.severity is severity and group_of(alert, query.selection) == group
    ]


@given(QUERIES, histories(), st.sampled_from(ServiceLevelMeasure), st.integers(1, 3))
def test_largest_groups_are_ranked_over_the_whole_window(
    query: DueQuery, contributions: list[AlertContribution], by: ServiceLevelMeasure, limit: int
) -> None:
    series = series_of(query, contributions)

    def total(group: str | None) -> int:
        return sum(row.counts.measure(by) for row in series.rows([group]))

    expected = sorted(series.groups(), key=lambda group: -total(group))[:limit]
    assert series.largest(limit, by) == expected
    assert series_of(query.as_total, contributions).largest(limit, by) == expected


def test_compliance_is_the_share_that_was_closed_in_time() -> None:
    assert DueCounts().compliance is None
    assert DueCounts(due=8, met=6, late=1, still_open=1).compliance == 0.75
    assert measures(DueCounts(due=8, met=6, late=1, still_open=1)) == {
        ServiceLevelMeasure.DUE: 8,
        ServiceLevelMeasure.LATE: 1,
        ServiceLevelMeasure.OPEN: 1,
        ServiceLevelMeasure.NOT_MET: 2,
    }


def measures(counts: DueCounts) -> Mapping[ServiceLevelMeasure, int]:
    return {measure: counts.measure(measure) for measure in ServiceLevelMeasure}
