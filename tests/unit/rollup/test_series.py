"""Series, compared with a recount of the alerts in every interval, group and baseline."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.lifecycle import EarlierClosing
from ingest.terms import Branch, ClosedAs, Severity
from rollup.metrics.baseline import Unit, baseline
from rollup.metrics.comparison import ComparisonPlan
from rollup.metrics.counts import CLOSED_OUTCOMES, Counts
from rollup.metrics.period import midnight_ms
from rollup.metrics.series import Series, SeriesPlan, SeriesQuery
from rollup.metrics.tally import Basis, CellSelection, GroupBy, Measure
from rollup.metrics.window import Interval, Window, intervals
from rollup.rows.contribution import AlertContribution
from rollup.rows.headline import pack as packed_headline
from rollup.rows.packed_sums import CellSums, HeadlineSums
from rollup.rows.spelling import Spelling
from tests.unit.rollup.recount import Recount, group_of, selected
from tests.unit.rollup.unpacked_rows import PeriodCounts, packed_sums

PERCENTILES = {Measure.MEDIAN_TIME_TO_REMEDIATE, Measure.P90_TIME_TO_REMEDIATE}
TODAY = date(2026, 3, 20)
FIRST = date(2025, 11, 15)
REPOSITORIES = ("octo/ant", "octo/cat")


def ms(day: date, hour: int = 9) -> int:
    return midnight_ms(day) + hour * 3_600_000


@st.composite
def alerts(draw: st.DrawFn) -> AlertContribution:
    """Draw an alert created between FIRST and TODAY, with some later closings and reopenings."""
    span = (TODAY - FIRST).days
    # Some alerts are created on the last day, which is today.
    created = draw(st.just(span) | st.integers(0, span))
    times = sorted(draw(st.lists(st.just(span) | st.integers(created, span), max_size=5)))
    closed = times.pop() if len(times) % 2 else None
    reopened = draw(st.lists(st.integers(created, span), max_size=2, unique=True))
    repository = draw(st.sampled_from(REPOSITORIES))
    return AlertContribution(
        repository=repository,
        spelling=Spelling(0, repository),
        created_ms=ms(FIRST + timedelta(days=created)),
        severity=draw(st.sampled_from([Severity.CRITICAL, Severity.LOW])),
        branch=draw(st.sampled_from(Branch)),
        tool=draw(st.sampled_from(["", "CodeQL"])),
        closed_as=None if closed is None else draw(st.sampled_from(ClosedAs)),
        closed_ms=None if closed is None else ms(FIRST + timedelta(days=closed), 15),
        reopened_ms=tuple(ms(FIRST + timedelta(days=day), 20) for day in sorted(reopened)),
        earlier_closings=tuple(
            EarlierClosing(*(ms(FIRST + timedelta(days=day), 15) for day in pair))
            for pair in zip(times[::2], times[1::2], strict=True)
        ),
        last_event_ms=0,
    )


ALERTS = st.lists(alerts(), max_size=8)
DAYS = st.just(TODAY) | st.dates(FIRST - timedelta(days=40), TODAY + timedelta(days=20))
SELECTIONS = st.builds(
    CellSelection,
    severities=st.none()
    | st.frozensets(st.sampled_from([Severity.CRITICAL, Severity.LOW]), min_size=1),
    tools=st.none() | st.just(frozenset({"CodeQL"})),
    branch=st.none() | st.sampled_from(Branch),
    group_by=st.none() | st.sampled_from(GroupBy),
    outcomes=st.none(),
    basis=st.just(Basis.CLOSED),
)
QUERIES = st.builds(
    lambda a, b, interval, selection, closed_as, unit: SeriesQuery(
        window=Window(min(a, b), max(a, b)),
        interval=interval,
        today=TODAY,
        selection=selection,
        closed_as=frozenset(closed_as),
        unit=unit,
    ),
    DAYS,
    DAYS,
    st.sampled_from(Interval),
    SELECTIONS,
    st.sets(st.sampled_from(sorted(CLOSED_OUTCOMES)), min_size=1),
    st.none() | st.sampled_from(Unit),
)


def rows_of(contributions: Iterable[AlertContribution], keys: Iterable[str]) -> list[PeriodCounts]:
    """Return the overview rows of these periods, as the rollup stores them."""
    parts: dict[tuple[str, str], list[Counts]] = {}
    for alert in contributions:
        for key, share in alert.shares().items():
            parts.setdefault(key, []).append(share.counts)
    wanted = set(keys)
    return [
        PeriodCounts(name, period, Counts.total(counts))
        for (name, period), counts in parts.items()
        if period in wanted
    ]


def sums_of(
    query: SeriesQuery, contributions: list[AlertContribution], plan: SeriesPlan | ComparisonPlan
) -> CellSums:
    """Return the sums that a plan needs, from packed rows."""
    return packed_sums(query.selection, plan, rows_of(contributions, plan.read_keys))


def series_of(query: SeriesQuery, contributions: list[AlertContribution]) -> Series:
    plan = SeriesPlan(query)
    return Series(plan, sums_of(query, contributions, plan))


@given(QUERIES, ALERTS)
def test_rows_equal_a_recount_of_the_alerts(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    wanted = selected(contributions, query.selection)
    series = series_of(query, contributions)
    rows = series.rows(series.groups())
    expected = {group_of(alert, query.selection) for alert in wanted}
    for row in rows:
        of_group = [alert for alert in wanted if group_of(alert, query.selection) == row.group]
        assert Recount(of_group, row.window, query.closed_as).agrees_with(row.tally)
    if query.selection.group_by is None:
        assert series.groups() == [None]
    else:
        assert set(series.groups()) <= expected
        whole = query.window
        for group in expected:
            of_group = [alert for alert in wanted if group_of(alert, query.selection) == group]
            found = Recount(of_group, whole, CLOSED_OUTCOMES)
            has_anything = (
                found.opened() or found.times() or found.reopened() or found.has_earlier_closing()
            )
            assert (group in series.groups()) == bool(has_anything or found.open_at_end())


@given(QUERIES, ALERTS)
def test_rows_contain_every_group_in_every_interval_by_time(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    series = series_of(query, contributions)
    groups = series.groups()
    rows = series.rows(groups)
    parts = intervals(query.window, query.interval)
    assert [(row.window, row.group) for row in rows] == [
        (part, group) for part in parts for group in groups
    ]


@given(QUERIES, ALERTS)
def test_comparisons_equal_a_recount_of_finished_days_and_baseline(
    query: SeriesQuery, contributions: list[AlertContribution]
) -> None:
    wanted = selected(contributions, query.selection)
    series, before = series_of(query, contributions), ComparisonPlan(SeriesPlan(query))
    rows = series.rows(series.groups())
    comparisons = before.comparisons(sums_of(query, contributions, before), rows)
    for row, (now, earlier, has_days) in zip(rows, comparisons, strict=True):
        of_group = [alert for alert in wanted if group_of(alert, query.selection) == row.group]
        days = baseline(row.window, query.interval, unit=query.unit, today=TODAY)
        assert has_days is (days.window is not None)
        assert now.open_at_end == row.tally.open_at_end
        level = Recount(of_group, Window(days.open_day, days.open_day), query.closed_as)
        assert earlier.open_at_end == level.open_at_end()
        over = row.window
        if row.window.first <= TODAY <= row.window.last:
            over = Window(row.window.first, max(row.window.first, TODAY - timedelta(days=1)))
        if days.window is None:
            assert not any(cell.count for cell in (*now.cells.values(), *earlier.cells.values()))
        else:
            assert Recount(of_group, over, query.closed_as).counts_as(now)
            assert Recount(of_group, days.window, query.closed_as).counts_as(earlier)


@given(QUERIES, ALERTS, st.integers(1, 3), st.sampled_from(Measure))
def test_largest_groups_are_ranked_over_the_whole_window(
    query: SeriesQuery, contributions: list[AlertContribution], number: int, by: Measure
) -> None:
    series = series_of(query, contributions)
    as_total = series_of(query.as_total, contributions)
    values = {row.group: row.tally.measure(by) for row in as_total.rows(as_total.groups())}
    order = series.groups()
    found = series.largest(number, by)
    assert len(found) == min(number, len(order))
    ranked = sorted(
        order, key=lambda group: (values[group] is None, -(values[group] or 0), order.index(group))
    )
    assert found == ranked[:number]


def test_severities_are_ordered_by_rank_and_other_groups_by_name() -> None:
    selection = CellSelection(group_by=GroupBy.SEVERITY)
    assert selection.ordered(["NOTE", "LOW", "CRITICAL"]) == ["CRITICAL", "LOW", "NOTE"]
    assert CellSelection(group_by=GroupBy.TOOL).ordered(["b", "", "a"]) == ["", "a", "b"]


@given(QUERIES, ALERTS, st.integers(1, 3), st.sampled_from(Measure))
def test_headlines_and_cells_rank_repositories_equally(
    query: SeriesQuery, contributions: list[AlertContribution], number: int, by: Measure
) -> None:
    query = query.as_total._replace(selection=CellSelection(group_by=GroupBy.REPOSITORY))
    plan = SeriesPlan(query)
    sums = HeadlineSums(plan.slots, intervals=1)
    for row in rows_of(contributions, plan.read_keys):
        sums.add(row.name, row.period, packed_headline(row.counts))
    by_headlines, by_cells = Series(plan, sums), series_of(query, contributions)
    assert by_headlines.groups() == by_cells.groups()
    if by not in PERCENTILES:
        assert by_headlines.largest(number, by) == by_cells.largest(number, by)
