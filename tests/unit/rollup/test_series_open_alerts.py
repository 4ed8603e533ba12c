"""The alerts open at the end of past intervals, compared with a recount of the events.

The recount is a timeline of hours: each event, in order of time, sets whether the alert is open
from some hour on. It uses neither the fold of the ingest side nor any counts.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.change import change_of
from ingest.alerts.lifecycle import fold
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, ClosedAs
from rollup.metrics.counts import Counts
from rollup.metrics.series import Series, SeriesPlan, SeriesQuery
from rollup.metrics.tally import CellSelection, GroupBy
from rollup.metrics.window import Interval, Window
from rollup.rollup_step import step
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, SourceKey, alert_source
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey
from tests.unit.rollup.builders import event
from tests.unit.rollup.unpacked_rows import PeriodCounts, packed_sums

START = datetime(2026, 1, 20, tzinfo=UTC)
DAYS = 60
TODAY = (START + timedelta(days=DAYS)).date()
REPOSITORIES = ("octo/cat", "octo/dog")
_CLOSINGS: dict[Action, list[ClosedAs | None]] = {
    Action.FIXED: [ClosedAs.FIXED],
    Action.CLOSED_BY_USER: [ClosedAs.WONT_FIX, ClosedAs.FALSE_POSITIVE],
    Action.RECONCILED: [None, ClosedAs.FIXED],
}
_ACTIONS = [*_CLOSINGS, Action.REOPENED, Action.REOPENED_BY_USER]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


@dataclass(frozen=True)
class History:
    """The events of one alert by time, and whether it was open in each hour."""

    repository: str
    number: int
    events: list[AlertEvent]
    is_open: list[bool]

    def open_at_end_of(self, day: date) -> bool:
        hour = ((day - START.date()).days + 1) * 24 - 1
        return hour >= 0 and self.is_open[min(hour, len(self.is_open) - 1)]


@st.composite
def histories(draw: st.DrawFn, number: int) -> History:
    """Draw an alert with up to ten more events, each in a different hour."""
    repository = draw(st.sampled_from(REPOSITORIES))
    hours = sorted(draw(st.sets(st.integers(0, DAYS * 24 - 1), min_size=1, max_size=11)))
    created, *later = hours
    one = event(repository, number, Action.CREATED)
    one = replace(one, created_at=at(created), happened_at=at(created), received_at=at(created))
    events, is_open = [one], [False] * (DAYS * 24)
    is_open[created:] = [True] * (DAYS * 24 - created)
    for hour in later:
        action = draw(st.sampled_from(_ACTIONS))
        closed_as = draw(st.sampled_from(_CLOSINGS.get(action, [None])))
        since = hour
        changed = replace(
            one, action=action, happened_at=at(hour), received_at=at(hour), closed_as=closed_as
        )
        if action is Action.RECONCILED and closed_as:
            since = draw(st.integers(created, hour))
            changed = replace(changed, closed_at=at(since))
        events.append(changed)
        is_open[since:] = [closed_as is None] * (DAYS * 24 - since)
    return History(repository, number, events, is_open)


def rows_after(deliveries: list[tuple[History, AlertEvent]]) -> dict[RowKey, OverviewRow]:
    """Return the rows after these events, each applied on arrival."""
    rows: dict[RowKey, OverviewRow] = {}
    ledger: dict[SourceKey, Entry] = {}
    changes: dict[SourceKey, set[AlertEvent]] = {}
    for revision, (history, one) in enumerate(deliveries, start=1):
        source = alert_source(history.repository, history.number)
        changes.setdefault(source, set()).add(one)
        alert = fold(map(change_of, changes[source]))
        if alert is not None:
            entry = Entry(source, revision, AlertContribution.of(history.repository, alert))
            rows |= {row.key: row for row in step([entry], ledger=ledger, rows=rows).rows}
            ledger[source] = entry
    return rows


_DAYS = st.integers(-10, DAYS).map(lambda days: START.date() + timedelta(days=days))
_QUERIES = st.builds(
    lambda one, other, interval, group_by: SeriesQuery(
        Window(min(one, other), max(one, other)), interval, TODAY, CellSelection(group_by=group_by)
    ),
    _DAYS,
    _DAYS,
    st.sampled_from(Interval),
    st.sampled_from([None, GroupBy.REPOSITORY]),
)


@given(
    st.lists(st.integers(1, 99), max_size=4, unique=True).flatmap(
        lambda numbers: st.tuples(*map(histories, numbers))
    ),
    _QUERIES,
    st.data(),
)
def test_open_alerts_at_the_end_of_any_interval_are_exact(
    alerts: tuple[History, ...], query: SeriesQuery, data: st.DataObject
) -> None:
    deliveries = data.draw(st.permutations([(alert, e) for alert in alerts for e in alert.events]))
    rows = [PeriodCounts(*row.key, row.counts) for row in rows_after(deliveries).values()]
    plan = SeriesPlan(query)
    series = Series(plan, packed_sums(query.selection, plan, rows))
    groups: list[str | None] = [*REPOSITORIES] if query.selection.group_by else [None]
    for row in series.rows(groups):
        open_then = [
            alert.open_at_end_of(row.window.last)
            for alert in alerts
            if row.group in {None, alert.repository}
        ]
        assert row.tally.open_at_end == sum(open_then)


def test_reopened_alert_is_not_open_in_months_while_it_was_closed() -> None:
    alert = History("octo/cat", 1, [], [])
    created = event("octo/cat", 1, Action.CREATED)
    fixed = event("octo/cat", 1, Action.FIXED, at=9, closed_as=ClosedAs.FIXED)
    reopened = event("octo/cat", 1, Action.REOPENED, at=310)
    found = rows_after([(alert, one) for one in (created, fixed, reopened)])
    rows = [PeriodCounts(*row.key, row.counts) for row in found.values()]
    window = Window(date(2026, 1, 1), date(2026, 12, 31))
    plan = SeriesPlan(SeriesQuery(window, Interval.MONTH, date(2026, 12, 31), CellSelection()))
    series = Series(plan, packed_sums(CellSelection(), plan, rows))
    assert [row.tally.open_at_end for row in series.rows([None])] == [0] * 10 + [1, 1]
    assert found[RowKey("octo/cat", "MONTH#2026-01")].counts != Counts()
