"""One page of GitHub's list, compared with the stored alerts. Publishes and saves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from github_rest.alerts import Alert
from github_rest.http.pages import Page
from ingest.events.alert_event import AlertEvent
from ingest.rest.snapshot import snapshot_of
from reconcile.comparison import Difference, differences, listed_of
from reconcile.sources import AlertList
from reconcile.stored_alerts import StoredAlerts


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """What a page contains.

    Attributes:
        found: The alerts that differ from the stored ones.
        unreadable: The invalid alerts: a name for people, and the reason.
        newest: When the last alert of the page was created, None if it has none.
    """

    found: tuple[Difference, ...]
    unreadable: tuple[tuple[str, str], ...]
    newest: datetime | None


def compare_page(
    current: AlertList, page: Page[Alert], *, stored: StoredAlerts, keep_actors: bool
) -> ComparedPage:
    """Compare a page of a list with the stored alerts.

    Raises:
        StoredAlertsBusyError: The table of alerts is busy.
    """

    def event_of(alert: Mapping[str, object]) -> AlertEvent:
        return snapshot_of(
            alert,
            repository=current.repository_of(alert),
            default_branch=current.default_branch,
            observed_at=page.observed_at,
            keep_actors=keep_actors,
        )

    listed = listed_of(page.items, event_of)
    return ComparedPage(
        found=differences(listed, stored.read(listed.events)),
        unreadable=listed.unreadable,
        newest=max((event.created_at for event in listed.events.values()), default=None),
    )
