"""One change of an alert: what an event did to the alert, and the facts that it reported.

Owns the kind of change of each action (`Kind`), the total order of changes, and when two events are
the same change (`add`). The state that follows from a set of changes belongs to `lifecycle`. Pure.
"""

from dataclasses import dataclass
from enum import IntEnum

from ingest.events.alert_event import AlertEvent
from ingest.facts.details import DetailsReport
from ingest.instant import to_ms
from ingest.origin import Origin
from ingest.terms import OWN_ACTIONS, Action, ClosedAs, Ref, Severity

ENTERING_ACTIONS = frozenset({Action.CREATED, Action.APPEARED_IN_BRANCH, Action.RECONCILED})
"""The actions that create an alert. All others change an alert that one of these creates."""


class Kind(IntEnum):
    """What a change does. The number is the rank among changes of the same millisecond."""

    CREATED = 0
    CLOSED = 1
    REOPENED = 2
    SNAPSHOT = 3
    GONE = 4


_KINDS = {
    Action.CREATED: Kind.CREATED,
    Action.APPEARED_IN_BRANCH: Kind.CREATED,
    Action.FIXED: Kind.CLOSED,
    Action.CLOSED_BY_USER: Kind.CLOSED,
    Action.REOPENED: Kind.REOPENED,
    Action.REOPENED_BY_USER: Kind.REOPENED,
    Action.RECONCILED: Kind.SNAPSHOT,
    Action.GONE: Kind.GONE,
}
ENTERING_KINDS = frozenset(_KINDS[action] for action in ENTERING_ACTIONS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What every event reports about its alert besides the change.

    `repository` has GitHub's spelling.
    """

    created_ms: int
    repository: str
    url: str
    severity: Severity
    tool: str | None
    rule: str | None

    @property
    def key(self) -> tuple[int, str, str, str, str, str]:
        """A total order of facts, so that changes of the same time have one winner."""
        return (
            self.created_ms,
            self.repository,
            self.url,
            self.severity,
            self.tool or "",
            self.rule or "",
        )


NO_FACTS = Facts(0, "", "", Severity.NONE, None, None)
"""The facts of an observation that an alert is gone.

So two observations of the same time are one change, whoever reports them.
"""


@dataclass(frozen=True, slots=True)
class Closing:
    """How and when an alert was closed."""

    closed_as: ClosedAs
    closed_ms: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to an alert.

    Attributes:
        at_ms: When it happened; for an event without a time, the earliest receipt of that event.
        kind: What the change does.
        ref: Where the change happened.
        facts: What the event reported besides the change.
        closing: How and when the alert was closed, for a closing or a snapshot of a closed alert.
        receipt: The identity of an event whose payload has no time for its action, else None.
        on_default: Whether the event showed that the alert is on the default branch. This does not
            depend on `ref`.
        observed_ms: When a snapshot was taken.
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
        """A total order: time, then rank, then all other fields. Different changes never tie.

        Of two snapshots of the same time, the one that was taken later is applied last.
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
        """The newest time that GitHub reported with this change. It is never a receipt."""
        times = [self.facts.created_ms]
        if self.receipt is None:
            if self.observed_ms is None or self.at_ms < self.observed_ms:
                times.append(self.at_ms)
            if self.closing is not None:
                times.append(self.closing.closed_ms)
        return max(times)

    @property
    def seen_ms(self) -> int:
        """When the alert was seen with this change: the observation of a snapshot or its time."""
        return self.at_ms if self.observed_ms is None else self.observed_ms

    @property
    def lacks_closing_time(self) -> bool:
        """Whether a snapshot reports that the alert is closed, but not since when."""
        return self.closing is not None and self.closing.closed_ms == self.observed_ms

    @property
    def concerns_another_ref(self) -> bool:
        """Whether an alert on the default branch ignores this fix or reopening of another ref."""
        if self.ref is not Ref.OTHER:
            return False
        is_fix = self.closing is not None and self.closing.closed_as is ClosedAs.FIXED
        return self.kind is Kind.REOPENED or (self.kind is Kind.CLOSED and is_fix)


def change_of(event: AlertEvent) -> Change:
    """Return the change that an event reports."""
    action = event.action
    received_ms = to_ms(event.received_at)
    at_ms = received_ms if event.happened_at is None else to_ms(event.happened_at)
    closing = None
    if event.closed_as is not None:
        closed_ms = at_ms if event.closed_at is None else to_ms(event.closed_at)
        closing = Closing(event.closed_as, closed_ms)
    is_own = action in OWN_ACTIONS
    return Change(
        at_ms=at_ms,
        kind=_KINDS[action],
        ref=event.ref,
        facts=NO_FACTS if action is Action.GONE else _facts_of(event),
        closing=closing,
        receipt=event.identity if event.happened_at is None and not is_own else None,
        on_default=event.on_default_branch,
        observed_ms=received_ms if action is Action.RECONCILED else None,
    )


def _facts_of(event: AlertEvent) -> Facts:
    return Facts(
        created_ms=to_ms(event.created_at),
        repository=event.repository,
        url=event.url,
        severity=event.severity,
        tool=event.tool,
        rule=event.rule,
    )


def absence(at_ms: int) -> Change:
    """Return the observation that an alert was gone at a time. It equals that of any event."""
    return Change(at_ms=at_ms, kind=Kind.GONE, ref=Ref.NONE, facts=NO_FACTS)


def details_of(event: AlertEvent) -> DetailsReport | None:
    """Return the details that an event reports, with the time that decides which are the newest.

    It is the observation of a snapshot, and otherwise the newest time that GitHub reported.
    """
    if event.details is None:
        return None
    change = change_of(event)
    observed_ms = change.observed_ms
    return DetailsReport(change.reported_ms if observed_ms is None else observed_ms, event.details)


def origin_of(event: AlertEvent) -> Origin:
    """Return an event as the origin of a state. Only the events of a delivery have a time."""
    if event.happened_at is None or event.action in OWN_ACTIONS:
        return Origin(event.delivery_id)
    return Origin(event.delivery_id, to_ms(event.happened_at))


def add(changes: frozenset[Change], change: Change) -> frozenset[Change]:
    """Return the set with the change added, or the same set if it contains the change already.

    Of an event without a time, the set contains the earliest receipt.
    """
    if change.receipt is None:
        return changes | {change}
    for known in changes:
        if known.receipt == change.receipt:
            if known.order <= change.order:
                return changes
            return changes - {known} | {change}
    return changes | {change}
