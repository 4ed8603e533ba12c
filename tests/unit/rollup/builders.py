"""Short builders of events, alerts and ledger entries, with times in days after BASE_MS."""

from datetime import UTC, datetime, timedelta

from ingest.alerts.change import Closing, Facts
from ingest.alerts.lifecycle import Alert, EarlierClosing
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source

DAY_MS = 86_400_000
BASE_MS = 1_767_225_600_000  # 2026-01-01


def event(
    repository: str,
    number: int,
    action: Action,
    *,
    created: int = 0,
    at: int | None = 0,
    received: int | None = None,
    delivery: str = "d",
    digest: str | None = None,
    closed_as: ClosedAs | None = None,
    severity: Severity = Severity.HIGH,
    tool: str | None = "CodeQL",
    ref: Ref = Ref.DEFAULT,
) -> AlertEvent:
    """Return an event on the bus; times are days after BASE_MS."""

    def day(number: int) -> datetime:
        return datetime.fromtimestamp(BASE_MS / 1_000, UTC) + timedelta(days=number)

    return AlertEvent(
        delivery_id=delivery,
        action=action,
        repository=repository,
        number=number,
        url="https://x",
        created_at=day(created),
        happened_at=None if at is None else day(at),
        received_at=day((at or 0) if received is None else received),
        closed_as=closed_as,
        severity=severity,
        tool=tool,
        rule=None,
        ref=ref,
        body_digest=digest,
    )


def alert(
    *,
    created: int = 0,
    closed: int | None = None,
    closed_as: ClosedAs = ClosedAs.FIXED,
    reopened: tuple[int, ...] = (),
    earlier: tuple[tuple[int, int], ...] = (),
    repository: str = "octo/cat",
    severity: Severity = Severity.HIGH,
    tool: str | None = "CodeQL",
    branch: Branch = Branch.DEFAULT,
) -> Alert:
    def ms(day: int) -> int:
        return BASE_MS + day * DAY_MS

    return Alert(
        facts=Facts(ms(created), repository, "https://x", severity, tool, None),
        branch=branch,
        closing=None if closed is None else Closing(closed_as, ms(closed)),
        reopened_ms=tuple(ms(day) for day in reopened),
        earlier_closings=tuple(EarlierClosing(ms(start), ms(end)) for start, end in earlier),
        last_change_ms=ms(max(created, closed or 0)),
        spelled_ms=ms(created),
    )


def entry(repository: str, number: int, revision: int, state: Alert) -> Entry:
    contribution = AlertContribution.of(repository, state)
    return Entry(alert_source(repository, number), revision, contribution)
