"""A created alert and the times around it, for tests of what happens to an alert later."""

from datetime import UTC, datetime, timedelta

from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, Ref, Severity

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Return the time that many minutes after the creation."""
    return START + timedelta(minutes=minutes)


CREATED = AlertEvent(
    delivery_id="d",
    action=Action.CREATED,
    repository="octo/cat",
    number=7,
    url="https://github.com/octo/cat/security/code-scanning/7",
    created_at=START,
    happened_at=START,
    received_at=START,
    closed_as=None,
    severity=Severity.HIGH,
    tool="CodeQL",
    rule="js/xss",
    ref=Ref.DEFAULT,
)
