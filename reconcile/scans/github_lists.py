"""What both reconciliations need: an account's lists at GitHub, the stored alerts, and the bus.

Owns the comparison of one page with publishing its differences, before the caller saves how far
it is. A crash in between repeats the page, and an event that is published twice changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from github_rest.alerts import Alert
from github_rest.http.client import Client
from github_rest.http.pages import Page
from ingest import instant
from ingest.bus.event_bus import EventBus
from reconcile.comparison import drifts_of
from reconcile.page import compare_page
from reconcile.progress import Counts
from reconcile.scans.account import Account
from reconcile.scans.stored_numbers import StoredNumbers
from reconcile.scans.stored_repositories import StoredRepositories
from reconcile.sources import AlertList
from reconcile.stored_alerts import StoredAlerts

SETTLES_IN = timedelta(minutes=2)
"""The webhook of a change can be under way for so long. Until then a difference is not drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The account whose alerts are compared, with everything that the comparison uses."""

    account: Account
    client: Client
    stored: StoredAlerts
    numbers: StoredNumbers
    repositories: StoredRepositories
    bus: EventBus
    keep_actors: bool

    def now(self) -> datetime:
        """Return the present time."""
        return self.client.connection.clock()

    def compare(self, current: AlertList, page: Page[Alert], counts: Counts) -> Counts:
        """Publish the settled alerts of a page that differ, and return the counts with the page."""
        settled = tuple(one for one in page.items if is_settled(one, page.observed_at))
        compared = compare_page(
            current,
            replace(page, items=settled),
            stored=self.stored,
            keep_actors=self.keep_actors,
        )
        self.bus.put_all(one.event for one in compared.found)
        return counts.with_page(
            alerts=len(page.items),
            drifts=drifts_of(compared.found),
            unreadable=compared.unreadable,
        )


def repository_of(alert: Alert) -> object:
    """Return the short form of its repository that an alert of an organisation's list contains."""
    return alert.get("repository")


def always(repository: Mapping[str, object]) -> Callable[[Alert], object]:
    """Return a function that returns this repository for each alert."""
    return lambda _: repository


def updated_at(alert: Alert) -> datetime | None:
    """Return when an alert was changed last, None if GitHub does not report it."""
    value = alert.get("updated_at")
    try:
        return instant.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def is_settled(alert: Alert, observed_at: datetime) -> bool:
    """Return whether the webhook of an alert's last change must have arrived."""
    changed_at = updated_at(alert)
    return changed_at is None or changed_at <= observed_at - SETTLES_IN
