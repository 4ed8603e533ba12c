"""The event for an alert that GitHub does not have any more: the request for it gave 404.

Owns what such an event contains, all of it from the stored alert. Pure.
"""

from datetime import datetime

from ingest import instant
from ingest.alerts.alert_row import AlertRow
from ingest.events.alert_event import AlertEvent
from ingest.terms import Action, Ref

_DELIVERY = "gone"
"""The delivery id of all of these events: they have no delivery."""


def gone_of(stored: AlertRow, *, observed_at: datetime) -> AlertEvent | None:
    """Return the event for a stored alert that GitHub did not have at `observed_at`.

    Returns:
        The event, or None if the alert is not stored as existing: there is nothing to change.
    """
    alert = stored.alert
    if alert is None:
        return None
    facts = alert.facts
    return AlertEvent(
        delivery_id=_DELIVERY,
        action=Action.GONE,
        repository=facts.repository,
        number=stored.number,
        url=facts.url,
        created_at=instant.from_ms(facts.created_ms),
        happened_at=instant.cut(observed_at),
        received_at=instant.cut(observed_at),
        closed_as=None,
        severity=facts.severity,
        tool=facts.tool,
        rule=facts.rule,
        ref=Ref.NONE,
    )
