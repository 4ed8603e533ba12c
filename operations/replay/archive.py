"""The archive of a deployment's event bus: how many events it keeps, and for how long.

Owns which part of a period the archive can contain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

DELAY = timedelta(minutes=10)
"""How long an event can take to reach the archive (EventBridge User Guide, "Replay events")."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive.

    Attributes:
        arn: Its ARN.
        created_at: When it was made; earlier events are not in it.
        kept_for: How long it keeps an event, None without a limit.
        events: The number of events in it; EventBridge updates it once a day.
    """

    arn: str
    created_at: datetime
    kept_for: timedelta | None
    events: int

    def oldest_at(self, now: datetime) -> datetime:
        """Return the time of the oldest event that it can contain."""
        return (
            self.created_at if self.kept_for is None else max(self.created_at, now - self.kept_for)
        )


def describe(client: "EventBridgeClient", name: str) -> Archive:
    """Return the archive with a name."""
    found = client.describe_archive(ArchiveName=name)
    days = found.get("RetentionDays", 0)
    return Archive(
        arn=found["ArchiveArn"],
        created_at=found["CreationTime"],
        kept_for=timedelta(days=days) if days else None,
        events=found.get("EventCount", 0),
    )
