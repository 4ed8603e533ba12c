"""A recount of alerts: the plain definition that series are compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.terms import ClosedAs
from rollup.metrics.counts import CLOSINGS, Outcome
from rollup.metrics.period import midnight_ms
from rollup.metrics.tally import CellSelection, Group, GroupBy, Tally
from rollup.metrics.window import Window
from rollup.rows.contribution import AlertContribution
from tests.unit.rollup.unpacked_rows import team_of


def day_of(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1_000, tz=UTC).date()


@dataclass(frozen=True)
class Recount:
    """The numbers of one group in one window, counted from its alerts."""

    alerts: list[AlertContribution]
    window: Window
    closed_as: frozenset[Outcome]

    def opened(self) -> int:
        return sum(self.contains(alert.created_ms) for alert in self.alerts)

    def times(self) -> list[int]:
        return [
            alert.closed_ms - alert.created_ms
            for alert in self.alerts
            if alert.closed_ms and alert.closed_as and self.contains(alert.closed_ms)
            if CLOSINGS[alert.closed_as] in self.closed_as
        ]

    def closed_as_count(self, closed_as: ClosedAs) -> int:
        return sum(
            alert.closed_as is closed_as and self.contains(alert.closed_ms or 0)
            for alert in self.alerts
        )

    def reopened(self) -> int:
        return sum(self.contains(at) for alert in self.alerts for at in alert.reopened_ms)

    def open_at_end(self) -> int:
        end = midnight_ms(self.window.end)
        return sum(
            alert.created_ms < end
            and (alert.closed_ms is None or alert.closed_ms >= end)
            and not any(one.closed_ms < end <= one.ended_ms for one in alert.earlier_closings)
            for alert in self.alerts
        )

    def has_earlier_closing(self) -> bool:
        return any(
            self.contains(one.closed_ms) or self.contains(one.ended_ms)
            for alert in self.alerts
            for one in alert.earlier_closings
        )

    def contains(self, at_ms: int) -> bool:
        return self.window.first <= day_of(at_ms) <= self.window.last

    def agrees_with(self, tally: Tally) -> bool:
        return self.counts_as(tally) and tally.open_at_end == self.open_at_end()

    def counts_as(self, tally: Tally) -> bool:
        times = self.times()
        return (
            tally.count(Outcome.OPENED) == self.opened()
            and all(tally.count(CLOSINGS[one]) == self.closed_as_count(one) for one in ClosedAs)
            and tally.count(Outcome.REOPENED) == self.reopened()
            and (tally.closed.count, tally.closed.total_ms) == (len(times), sum(times))
            and sum(tally.closed.bins.values()) == len(times)
        )


def selected(
    contributions: list[AlertContribution], selection: CellSelection
) -> list[AlertContribution]:
    return [
        alert
        for alert in contributions
        if (selection.severities is None or alert.severity in selection.severities)
        and (selection.tools is None or alert.tool in selection.tools)
        and (selection.branch is None or alert.branch is selection.branch)
    ]


def group_of(alert: AlertContribution, selection: CellSelection) -> Group:
    return {
        None: None,
        GroupBy.SEVERITY: alert.severity.value,
        GroupBy.TOOL: alert.tool,
        GroupBy.BRANCH: alert.branch.value,
        GroupBy.REPOSITORY: alert.repository,
        GroupBy.TEAM: team_of(alert.repository),
    }[selection.group_by]
