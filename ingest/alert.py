"""The lifecycle of one alert: a set of changes, and the state that follows from the set.

Owns what GitHub's events *mean*. The state is a pure fold of the set, so any order and any
duplication of the same events end in the same alert. Never reads a clock, a row or the network.

The rules (`fold`), each there because a simpler one was found to depend on the order of arrival:

- a change seen on the default branch puts the alert there for good; from then on fixes and
  reopenings told of other refs do not count, whichever arrived first;
- changes apply in the order of time, then rank, then the whole key, so that ties have one winner;
- a closing whose time is only that of its receipt closes an open alert, and never moves a closing
  that is already known;
- a snapshot sets the whole state, and silences changes known by their receipt that arrived before
  it was observed (it has seen them); their reopenings still count;
- severity, tool and the other facts are those of the newest change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from ingest.event import AlertEvent
from ingest.instant import to_ms
from ingest.terms import Action, AlertState, Branch, ClosedAs, Ref, Severity

ENTERING_ACTIONS = frozenset({Action.CREATED, Action.APPEARED_IN_BRANCH, Action.RECONCILED})
"""Only these may store an alert that was never stored; all others leave it unknown."""


class Kind(IntEnum):
    """What a change does. The number is its rank among changes of the same instant."""

    CREATED = 0
    CLOSED = 1
    REOPENED = 2
    SNAPSHOT = 3


_KINDS = {
    Action.CREATED: Kind.CREATED,
    Action.APPEARED_IN_BRANCH: Kind.CREATED,
    Action.FIXED: Kind.CLOSED,
    Action.CLOSED_BY_USER: Kind.CLOSED,
    Action.REOPENED: Kind.REOPENED,
    Action.REOPENED_BY_USER: Kind.REOPENED,
    Action.RECONCILED: Kind.SNAPSHOT,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What every event tells of its alert besides the change itself."""

    created_ms: int
    organisation: str
    url: str
    severity: Severity
    tool: str | None
    rule: str | None

    @property
    def key(self) -> tuple[int, str, str, str, str, str]:
        """Orders facts totally, so that a tie between changes has one winner."""
        return (
            self.created_ms,
            self.organisation,
            self.url,
            self.severity,
            self.tool or "",
            self.rule or "",
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """How and when an alert was closed."""

    closed_as: ClosedAs
    closed_ms: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to an alert.

    `receipt` is the delivery id where the payload gave no time, and `at_ms` then the earliest
    receipt of that delivery; else None. `observed_ms` is when a snapshot was taken. `closing` is
    that of a closing, or of a snapshot of a closed alert.
    """

    at_ms: int
    kind: Kind
    ref: Ref
    facts: Facts
    closing: Closing | None = None
    receipt: str | None = None
    observed_ms: int | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Time, then rank, then everything else: no two different changes are equal in it.

        Of two snapshots of the same time, the one that was observed later has the last word.
        """
        closing = (self.closing.closed_ms, self.closing.closed_as) if self.closing else (-1, "")
        return (
            self.at_ms,
            self.kind,
            -1 if self.observed_ms is None else self.observed_ms,
            self.ref,
            closing,
            self.receipt or "",
            self.facts.key,
        )

    @property
    def is_told_of_another_ref(self) -> bool:
        """Whether this is a fix or reopening that an alert on the default branch disregards."""
        if self.ref is not Ref.OTHER:
            return False
        is_fix = self.closing is not None and self.closing.closed_as is ClosedAs.FIXED
        return self.kind is Kind.REOPENED or (self.kind is Kind.CLOSED and is_fix)


@dataclass(frozen=True, slots=True)
class Alert:
    """The present state of an alert. `reopened_ms` holds the times of its reopenings, ascending."""

    facts: Facts
    branch: Branch
    closing: Closing | None
    reopened_ms: tuple[int, ...]
    last_change_ms: int

    @property
    def state(self) -> AlertState:
        """Open until a closing stands."""
        return AlertState.CLOSED if self.closing else AlertState.OPEN


def change_of(event: AlertEvent) -> Change:
    """The change that an event tells of."""
    action = event.action
    received_ms = to_ms(event.received_at)
    at_ms = received_ms if event.happened_at is None else to_ms(event.happened_at)
    closing = None
    if event.closed_as is not None:
        closed_ms = at_ms if event.closed_at is None else to_ms(event.closed_at)
        closing = Closing(event.closed_as, closed_ms)
    is_snapshot = action is Action.RECONCILED
    return Change(
        at_ms=at_ms,
        kind=_KINDS[action],
        ref=event.ref,
        facts=Facts(
            created_ms=to_ms(event.created_at),
            organisation=event.organisation,
            url=event.url,
            severity=event.severity,
            tool=event.tool,
            rule=event.rule,
        ),
        closing=closing,
        receipt=event.delivery_id if event.happened_at is None and not is_snapshot else None,
        observed_ms=received_ms if is_snapshot else None,
    )


def add(changes: frozenset[Change], change: Change) -> frozenset[Change]:
    """The set with one more change; the same set if it is there already.

    A delivery that is known by its receipt keeps its earliest one.
    """
    if change.receipt is None:
        return changes | {change}
    for known in changes:
        if known.receipt == change.receipt:
            if known.order <= change.order:
                return changes
            return changes - {known} | {change}
    return changes | {change}


def fold(changes: Iterable[Change]) -> Alert:
    """The state that follows from a set of changes. Raises ValueError for an empty one."""
    ordered = sorted(changes, key=lambda change: change.order)
    if not ordered:
        raise ValueError("an alert has at least one change")
    on_default = any(change.ref is Ref.DEFAULT for change in ordered)
    observed_ms = max((c.observed_ms for c in ordered if c.observed_ms is not None), default=-1)
    closing: Closing | None = None
    reopened_ms: set[int] = set()
    for change in ordered:
        if on_default and change.is_told_of_another_ref:
            continue
        if change.kind is Kind.REOPENED:
            reopened_ms.add(change.at_ms)
        if change.receipt is not None and change.at_ms <= observed_ms:
            continue
        closing = _after(change, closing)
    newest = ordered[-1]
    return Alert(
        facts=newest.facts,
        branch=Branch.DEFAULT if on_default else Branch.OTHER,
        closing=closing,
        reopened_ms=tuple(sorted(reopened_ms)),
        last_change_ms=newest.at_ms,
    )


def _after(change: Change, closing: Closing | None) -> Closing | None:
    match change.kind:
        case Kind.CREATED:
            return closing
        case Kind.CLOSED if change.receipt is not None and closing is not None:
            return closing
        case Kind.CLOSED | Kind.SNAPSHOT:
            return change.closing
        case Kind.REOPENED:
            return None
