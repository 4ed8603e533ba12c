"""Percentiles of the ages of open alerts, from the rows of one organisation or repository.

Owns the resolution: months before the last 311 days, and days before the last 10. The middle of
such a period is within 5 % of the age of each alert created in it. Younger alerts are read
themselves, but only for a percentile that is among them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from graphql_api.reading.budget import Budget
from graphql_api.selection.ages.age_list import AgeList
from graphql_api.selection.ages.open_alerts import OpenAlerts
from graphql_api.selection.ages.row_ages import day_of
from graphql_api.selection.reading import Reading
from graphql_api.vocabulary.days import FIRST_YEAR
from rollup.metrics.counts import Cell, Outcome
from rollup.metrics.period import day_key, midnight_ms, month_key
from rollup.metrics.sums import slots_of
from rollup.metrics.tally import Group
from rollup.metrics.window import Interval, Window, intervals

_BY_DAY, _BY_ALERT = timedelta(days=311), timedelta(days=10)
_DAY = timedelta(days=1)

_Ages = list[tuple[float, int]]


class _Counted(NamedTuple):
    """What rows contain: the number of young alerts, and the ages of all others, by group."""

    young: Counter[Group]
    older: defaultdict[Group, _Ages]


class RowPercentiles:
    """The percentiles of one backlog."""

    def __init__(
        self, reading: Reading, alerts: OpenAlerts, *, budget: Budget, now_ms: int
    ) -> None:
        self._reading = reading
        self._alerts = alerts
        self._budget = budget
        self._now_ms = now_ms
        self._lists: dict[tuple[Group, bool], AgeList] = {}

    def percentile_ms(self, percent: float, group: Group) -> float | None:
        """Return the age that `percent` of a group's alerts do not exceed; None without alerts."""
        rank = self._ages_of(group, with_young=False).rank(percent)
        is_young = rank is not None and rank < self._counted.young[group]
        return self._ages_of(group, with_young=is_young).percentile_ms(percent)

    def _ages_of(self, group: Group, *, with_young: bool) -> AgeList:
        """Return the ages of a group; without those of its young alerts, each of them is 0."""
        key = (group, with_young)
        if key not in self._lists:
            number = self._counted.young[group]
            young = self._young[group] if with_young else [(0.0, number)] if number else []
            self._lists[key] = AgeList([*young, *self._counted.older[group]])
        return self._lists[key]

    @cached_property
    def _counted(self) -> _Counted:
        today = day_of(self._now_ms)
        periods = dict(_periods(today))
        self._budget.take_periods(len(periods))
        slots = slots_of([key] for key in periods)
        sums = self._reading.sums(periods, slots, durations=False)
        found = _Counted(Counter(), defaultdict(list))
        for slot, window in enumerate(periods.values()):
            for group, cells in sums.cells(slot).items():
                still_open = cells.get(Outcome.OPEN, Cell())
                if still_open.count > 0 and window.first >= today - _BY_ALERT:
                    found.young[group] += still_open.count
                elif still_open.count > 0:
                    age_ms = self._now_ms - _created_ms(still_open, window)
                    found.older[group].append((age_ms, still_open.count))
        return found

    @cached_property
    def _young(self) -> Mapping[Group, _Ages]:
        first_ms = midnight_ms(day_of(self._now_ms) - _BY_ALERT)
        found: defaultdict[Group, _Ages] = defaultdict(list)
        for alert in self._alerts.between(first_ms, self._now_ms):
            found[alert.group].append((self._now_ms - alert.created_ms, 1))
        return found


def _periods(today: date) -> Iterator[tuple[str, Window]]:
    """Yield the months and days that contain all creations, with their keys."""
    first_day = (today - _BY_DAY).replace(day=1)
    for month in intervals(Window(date(FIRST_YEAR, 1, 1), first_day - _DAY), Interval.MONTH):
        yield month_key(month.first), month
    for day in intervals(Window(first_day, today), Interval.DAY):
        yield day_key(day.first), day


def _created_ms(still_open: Cell, window: Window) -> float:
    """Return the creation that represents the alerts of a period: exact for a single alert."""
    if still_open.count == 1:
        return still_open.total_ms
    return (midnight_ms(window.first) + midnight_ms(window.end)) / 2
