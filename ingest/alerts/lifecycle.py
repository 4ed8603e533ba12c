"""The lifecycle of one alert: a set of changes, and the state that follows from the set.

Owns the meaning of GitHub's events. The state is a pure fold of the set: the same events, in any
order and any number of times, give the same alert. Never reads a clock, a row or the network.

The rules of `fold` do not depend on the order of arrival:

- Only a creation, an appearance in a branch or a snapshot creates an alert. A set without any of
  these is not an alert yet. As soon as one arrives, the fold applies the whole set.
- A change that happened on the default branch, or that shows the alert there, puts the alert on the
  default branch permanently. Then fixes and reopenings of other refs do not count, even if they
  arrived first.
- An alert is gone if nothing was seen of it after the newest time at which GitHub did not have it
  any more. Then it has no state. It returns with a later change, as if it had never been gone.
- Changes are applied by time, then by rank, then by all other fields. So ties have one winner.
- A closing whose only time is its receipt closes an open alert. It never changes an existing
  closing.
- A snapshot of a closed alert that does not report the time of the closing never changes an
  existing closing of the same kind, and overrides nothing.
- A closing no longer applies if a reopening or an open snapshot undoes it, or if a later closing
  replaces it. Then it is an earlier closing, from its own time to the time when it ended.
- A snapshot sets the whole state. It overrides changes without a time that were received before the
  snapshot was taken, since the snapshot contains them. Their reopenings still count.
- Severity, tool and the other facts are those of the newest change.
- The newest time that GitHub reported is never a receipt, so it does not depend on which delivery
  of an event was recorded first. The repository has the spelling of the change with this time. A
  further change never makes either of them older.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ingest.alerts.change import ENTERING_KINDS, Change, Closing, Facts, Kind
from ingest.terms import AlertState, Branch, Ref

LAST_KEPT = 12
"""How many of its last reopenings and of its last earlier closings an alert's state contains."""


@dataclass(frozen=True, slots=True)
class EarlierClosing:
    """A closing that no longer applies: the alert was closed from `closed_ms` to `ended_ms`."""

    closed_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Alert:
    """The present state of an alert.

    Attributes:
        facts: The newest facts.
        branch: Whether the alert is on the default branch.
        closing: How and when the alert was closed; None if it is open.
        reopened_ms: The times of the last reopenings, ascending.
        earlier_closings: The last closings that no longer apply, ascending; they do not overlap.
        last_change_ms: The newest time that GitHub reported.
        spelled_ms: The time of the spelling in `facts.repository`: the creation if all changes
            have the same spelling, else the newest time.
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
        """CLOSED if the alert has a closing, else OPEN."""
        return AlertState.CLOSED if self.closing else AlertState.OPEN


def is_created(changes: Iterable[Change]) -> bool:
    """Return whether a change of the set creates the alert."""
    return any(change.kind in ENTERING_KINDS for change in changes)


def gone_ms_of(changes: Collection[Change]) -> int | None:
    """Return when GitHub did not have the alert any more, or None if the alert is not gone.

    Of several such observations, this is the newest.
    """
    gone_ms = max((change.at_ms for change in changes if change.kind is Kind.GONE), default=None)
    if gone_ms is None:
        return None
    is_seen_later = any(c.seen_ms > gone_ms for c in changes if c.kind is not Kind.GONE)
    return None if is_seen_later else gone_ms


def fold(changes: Iterable[Change]) -> Alert | None:
    """Return the state that follows from a set of changes.

    It is None if no change creates the alert, or if the alert is gone.
    """
    known = tuple(changes)
    if not is_created(known) or gone_ms_of(known) is not None:
        return None
    ordered = sorted(
        (change for change in known if change.kind is not Kind.GONE),
        key=lambda change: change.order,
    )
    on_default = any(change.ref is Ref.DEFAULT or change.on_default for change in ordered)
    observations = (c.observed_ms for c in ordered if not c.lacks_closing_time)
    observed_ms = max((ms for ms in observations if ms is not None), default=-1)
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
        closing=closings.current,
        reopened_ms=tuple(sorted(reopened_ms)[-LAST_KEPT:]),
        earlier_closings=tuple(closings.earlier[-LAST_KEPT:]),
        last_change_ms=last_change_ms,
        spelled_ms=last_change_ms if is_respelled else created_ms,
    )


class _Closings:
    """The closing that applies after some changes, and the earlier ones."""

    def __init__(self) -> None:
        self.current: Closing | None = None
        self.earlier: list[EarlierClosing] = []

    def apply(self, change: Change) -> None:
        """Apply the next change in order."""
        match change.kind:
            case Kind.CREATED:
                return
            case Kind.CLOSED if change.receipt is not None and self.current is not None:
                return
            case Kind.SNAPSHOT if self._confirms_current(change):
                return
            case Kind.CLOSED | Kind.SNAPSHOT:
                self._replace(change.closing, change.at_ms)
            case Kind.REOPENED:
                self._replace(None, change.at_ms)
            case Kind.GONE:
                return

    def _confirms_current(self, change: Change) -> bool:
        """Return whether a snapshot reports the current closing, but not its time."""
        if not change.lacks_closing_time or change.closing is None or self.current is None:
            return False
        return change.closing.closed_as is self.current.closed_as

    def _replace(self, closing: Closing | None, at_ms: int) -> None:
        """Make `closing` current from its own time, or open the alert from `at_ms` if it is None.

        A snapshot can report a closing that is older than known earlier closings. The snapshot
        wins: earlier closings end when the current closing begins, so they never overlap.
        """
        from_ms = at_ms if closing is None else closing.closed_ms
        if self.current is not None:
            self.earlier.append(EarlierClosing(self.current.closed_ms, from_ms))
        while self.earlier and self.earlier[-1].closed_ms >= from_ms:
            self.earlier.pop()
        if self.earlier and self.earlier[-1].ended_ms > from_ms:
            self.earlier[-1] = EarlierClosing(self.earlier[-1].closed_ms, from_ms)
        self.current = closing
