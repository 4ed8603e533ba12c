"""Alerts by rule or by CWE: exact counts and times to remediate, without a histogram.

Owns which figures an alert counts for, the exact mean and median, and the order of the rows. Pure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from graphql_api.reading.attribute_values import Item, text
from graphql_api.vocabulary.enums import ClosedAs, RuleOrder
from ingest.alerts import attributes as of_alert
from ingest.instant import from_text, to_text
from rollup.metrics import ratios
from rollup.metrics.counts import Outcome
from rollup.metrics.period import midnight_ms
from rollup.metrics.window import Window


class Group(NamedTuple):
    """What an alert is counted under: the ID of a rule and its tool, or a CWE without a tool.

    Two tools can have rules with the same ID. An empty key contains the alerts without a rule.
    """

    key: str
    tool: str | None = None


GroupsOf = Callable[[Item], Iterable[Group]]
"""Returns the groups of an alert."""


class Counting(NamedTuple):
    """The window of the figures as two inclusive timestamps, and the closings that count."""

    first: str
    last: str
    closed_as: frozenset[str]

    @classmethod
    def of(cls, window: Window, closed_as: frozenset[Outcome]) -> Self:
        """Return what is counted in a window of days."""
        return cls(
            first=to_text(midnight_ms(window.first)),
            last=to_text(midnight_ms(window.end) - 1),
            closed_as=frozenset(outcome.value for outcome in closed_as),
        )

    def contains(self, at: str | None) -> bool:
        """Return whether a timestamp is in the window."""
        return at is not None and self.first <= at <= self.last


@dataclass(slots=True)
class RuleTally:
    """The figures of one group.

    Attributes:
        group: The rule or the CWE.
        open: The alerts that are open now.
        opened: The alerts created in the window.
        closings: The alerts closed in the window, in any way.
        false_positives: Those of them that are dismissed as false positives.
        times_ms: The times to remediate of the alerts closed in the window in a way that counts.
        newest: The alert of the group that was created last.
    """

    group: Group
    newest: Item
    open: int = 0
    opened: int = 0
    closings: int = 0
    false_positives: int = 0
    times_ms: list[int] = field(default_factory=list)

    def add(self, alert: Item, counting: Counting) -> None:
        """Count an alert."""
        created, closed = alert[of_alert.CREATED_AT]["S"], text(alert, of_alert.CLOSED_AT)
        self.open += closed is None
        self.opened += counting.contains(created)
        if closed is not None and counting.contains(closed):
            closed_as = alert[of_alert.CLOSED_AS]["S"]
            self.closings += 1
            self.false_positives += closed_as == ClosedAs.FALSE_POSITIVE
            if closed_as in counting.closed_as:
                self.times_ms.append(max(0, from_text(closed) - from_text(created)))
        if _age_order(self.newest) < _age_order(alert):
            self.newest = alert

    @property
    def closed(self) -> int:
        """The number of alerts closed in the window in a way that counts."""
        return len(self.times_ms)

    @property
    def false_positive_share(self) -> float | None:
        """The share of false positives among all closings; None if there are not any."""
        return ratios.rate(self.false_positives, self.closings)

    @property
    def mean_ms(self) -> float | None:
        """The exact mean time to remediate; None if no alert was closed."""
        return sum(self.times_ms) / self.closed if self.closed else None

    @property
    def median_ms(self) -> float | None:
        """The exact median time to remediate; None if no alert was closed."""
        if not self.times_ms:
            return None
        ordered, middle = sorted(self.times_ms), self.closed // 2
        return (ordered[middle] + ordered[-middle - 1]) / 2


def tallies(alerts: Iterable[Item], groups_of: GroupsOf, counting: Counting) -> list[RuleTally]:
    """Return the figures of each group that has at least one of the alerts."""
    found: dict[Group, RuleTally] = {}
    for alert in alerts:
        for group in groups_of(alert):
            tally = found.get(group)
            if tally is None:
                tally = found[group] = RuleTally(group, newest=alert)
            tally.add(alert, counting)
    return list(found.values())


_VALUES: dict[RuleOrder, Callable[[RuleTally], float | None]] = {
    RuleOrder.OPEN: lambda tally: tally.open,
    RuleOrder.OPENED: lambda tally: tally.opened,
    RuleOrder.CLOSED: lambda tally: tally.closed,
    RuleOrder.FALSE_POSITIVE_SHARE: lambda tally: tally.false_positive_share,
    RuleOrder.MEDIAN_TIME_TO_REMEDIATE: lambda tally: tally.median_ms,
}


def largest(found: Iterable[RuleTally], order: RuleOrder, number: int) -> Sequence[RuleTally]:
    """Return the groups with the largest values, largest first.

    Groups without a value come last. Of equal values, the group with more closed alerts comes
    first, then the one with more open alerts, then the first by key and tool.
    """
    value_of = _VALUES[order]

    def rank(tally: RuleTally) -> tuple[object, ...]:
        value = value_of(tally)
        key, tool = tally.group
        return (value is None, -(value or 0), -tally.closed, -tally.open, key, tool or "")

    return sorted(found, key=rank)[:number]


def _age_order(alert: Item) -> tuple[str, str, int]:
    number = int(alert[of_alert.ALERT_ID]["N"])
    return alert[of_alert.CREATED_AT]["S"], alert[of_alert.REPOSITORY_NAME]["S"], number
