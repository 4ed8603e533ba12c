"""The lifecycle of one alert: a set of changes, and the state that follows from the set.

Owns what GitHub's events *mean*. The state is a pure fold of the set, so any order and any
duplication of the same events end in the same alert. Never reads a clock, a row or the network.

The rules (`fold`), each there because a simpler one was found to depend on the order of arrival:

- only a creation, an appearance in a branch or a snapshot enters an alert; a set without any of
  these is not an alert yet, and the fold takes all of it as soon as one arrives;
- a change that was seen on the default branch, or shows that the alert is there, puts the alert
  there for good; then fixes and reopenings of other refs do not count, whichever arrived first;
- changes apply in the order of time, then rank, then the whole key, so that ties have one winner;
- a closing whose time is only that of its receipt closes an open alert, and never moves a closing
  that is already known;
- a closing that no longer holds (undone by a reopening or an open snapshot, or replaced by a later
  closing) is an earlier closing, from its own time to the time at which it ended;
- a snapshot sets the whole state, and silences changes known by their receipt that arrived before
  it was observed (it has seen them); their reopenings still count;
- severity, tool and the other facts are those of the newest change;
- the newest time that GitHub reported for the alert never comes from a receipt, so it does not
  depend on which delivery of the same event was recorded first; the spelling of the repository is
  that of the change with this time. A further change moves neither back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.alerts.change import ENTERING_KINDS, Change, Closing, Facts, Kind
from ingest.terms import AlertState, Branch, Ref

LAST_KEPT = 12
"""How many of an alert's last reopenings, and of its last earlier closings, its state holds."""


@dataclass(frozen=True, slots=True)
class EarlierClosing:
    """A closing that no longer holds: the alert was closed from `closed_ms` to `ended_ms`."""

    closed_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The present state of an alert.

    `reopened_ms` holds the times of its last reopenings, and `earlier_closings` its last closings
    that no longer hold; both ascend, and the latter do not overlap. `last_change_ms` is the newest
    time that GitHub reported. `spelled_ms` is the time of the spelling in `facts.repository`: the
    creation if every change spells the repository alike, else the newest time.
    """

    facts: Facts
    branch: Branch
    closing: Closing | None
    reopened_ms: tuple[int, ...]
    earlier_closings: tuple[EarlierClosing, ...]
    last_change_ms: int
    spelled_ms: int

    @property
    def state(self) -> AlertState:
        """Open unless a closing holds."""
        return AlertState.CLOSED if self.closing else AlertState.OPEN


def fold(changes: Iterable[Change]) -> Alert | None:
    """The state that follows from a set of changes; None if no change of it enters an alert."""
    ordered = sorted(changes, key=lambda change: change.order)
    if not any(change.kind in ENTERING_KINDS for change in ordered):
        return None
    on_default = any(change.ref is Ref.DEFAULT or change.on_default for change in ordered)
    observed_ms = max((c.observed_ms for c in ordered if c.observed_ms is not None), default=-1)
    closings = _Closings()
    reopened_ms: set[int] = set()
    for change in ordered:
        if on_default and change.concerns_another_ref:
            continue
        if change.kind is Kind.REOPENED:
            reopened_ms.add(change.at_ms)
        if change.receipt is None or change.at_ms > observed_ms:
            closings.apply(change)
    last_change_ms, spelling = max((c.reported_ms, c.facts.repository) for c in ordered)
    is_respelled = any(change.facts.repository != spelling for change in ordered)
    created_ms = max(change.facts.created_ms for change in ordered)
    return Alert(
        facts=replace(ordered[-1].facts, repository=spelling),
        branch=Branch.DEFAULT if on_default else Branch.OTHER,
        closing=closings.holding,
        reopened_ms=tuple(sorted(reopened_ms)[-LAST_KEPT:]),
        earlier_closings=tuple(closings.earlier[-LAST_KEPT:]),
        last_change_ms=last_change_ms,
        spelled_ms=last_change_ms if is_respelled else created_ms,
    )


class _Closings:
    """The closing that holds after some changes, and the ones that no longer do."""

    def __init__(self) -> None:
        self.holding: Closing | None = None
        self.earlier: list[EarlierClosing] = []

    def apply(self, change: Change) -> None:
        """Apply the next change in order."""
        match change.kind:
            case Kind.CREATED:
                return
            case Kind.CLOSED if change.receipt is not None and self.holding is not None:
                return
            case Kind.CLOSED | Kind.SNAPSHOT:
                self._hold(change.closing, change.at_ms)
            case Kind.REOPENED:
                self._hold(None, change.at_ms)

    def _hold(self, closing: Closing | None, at_ms: int) -> None:
        """Let `closing` hold, from its own time; None: let the alert be open, from `at_ms`.

        A snapshot can report a closing from before what was known to happen after it. Then that did
        not happen: earlier closings end where the closing that holds begins, so none overlap.
        """
        from_ms = at_ms if closing is None else closing.closed_ms
        if self.holding is not None:
            self.earlier.append(EarlierClosing(self.holding.closed_ms, from_ms))
        while self.earlier and self.earlier[-1].closed_ms >= from_ms:
            self.earlier.pop()
        if self.earlier and self.earlier[-1].ended_ms > from_ms:
            self.earlier[-1] = EarlierClosing(self.earlier[-1].closed_ms, from_ms)
        self.holding = closing
