"""One change of an alert: what an event did to it, and what else it reported of the alert.

Owns what each action *is* (`Kind`), the total order of changes, and when two events are the same
change (`add`). What a set of changes amounts to is `alert`'s. Pure.
"""

from dataclasses import dataclass
from enum import IntEnum

from ingest.event import AlertEvent
from ingest.instant import to_ms
from ingest.terms import Action, ClosedAs, Ref, Severity

ENTERING_ACTIONS = frozenset({Action.CREATED, Action.APPEARED_IN_BRANCH, Action.RECONCILED})
"""Only these enter an alert; all others change one that another event enters."""


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
ENTERING_KINDS = frozenset(_KINDS[action] for action in ENTERING_ACTIONS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What every event reports of its alert besides the change.

    `repository` is spelled as GitHub spells it.
    """

    created_ms: int
    repository: str
    url: str
    severity: Severity
    tool: str | None
    rule: str | None

    @property
    def key(self) -> tuple[int, str, str, str, str, str]:
        """Orders facts totally, so that a tie between changes has one winner."""
        return (
            self.created_ms,
            self.repository,
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

    `receipt` identifies the event where the payload has no time for it, and `at_ms` is then the
    earliest receipt of that event; else it is None. `observed_ms` is when a snapshot was taken.
    `closing` is that of a closing, or of a snapshot of a closed alert. `on_default` is whether the
    event showed that the alert is on the default branch, wherever the change was seen.
    """

    at_ms: int
    kind: Kind
    ref: Ref
    facts: Facts
    closing: Closing | None = None
    receipt: str | None = None
    on_default: bool = False
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
            self.on_default,
            self.facts.key,
        )

    @property
    def reported_ms(self) -> int:
        """The newest time that GitHub itself reported with this change, never a receipt."""
        times = [self.facts.created_ms]
        if self.receipt is None:
            if self.observed_ms is None or self.at_ms < self.observed_ms:
                times.append(self.at_ms)
            if self.closing is not None:
                times.append(self.closing.closed_ms)
        return max(times)

    @property
    def concerns_another_ref(self) -> bool:
        """Whether this is a fix or reopening that an alert on the default branch disregards."""
        if self.ref is not Ref.OTHER:
            return False
        is_fix = self.closing is not None and self.closing.closed_as is ClosedAs.FIXED
        return self.kind is Kind.REOPENED or (self.kind is Kind.CLOSED and is_fix)


def change_of(event: AlertEvent) -> Change:
    """The change that an event reports."""
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
            repository=event.repository,
            url=event.url,
            severity=event.severity,
            tool=event.tool,
            rule=event.rule,
        ),
        closing=closing,
        receipt=event.identity if event.happened_at is None and not is_snapshot else None,
        on_default=event.on_default_branch,
        observed_ms=received_ms if is_snapshot else None,
    )


def add(changes: frozenset[Change], change: Change) -> frozenset[Change]:
    """The set with one more change; the same set if it is there already.

    An event without a time of its own keeps its earliest receipt.
    """
    if change.receipt is None:
        return changes | {change}
    for known in changes:
        if known.receipt == change.receipt:
            if known.order <= change.order:
                return changes
            return changes - {known} | {change}
    return changes | {change}
