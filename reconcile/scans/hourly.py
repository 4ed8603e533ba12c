"""The hourly reconciliation of an organisation: what changed since the watermark.

Owns the watermark and where the list ends: at the first alert that was changed before it. Without
changes it sends one request, besides the one for the token. The facts of repositories stay for the
weekly reconciliation, since they would cost a request for each 100 repositories.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from github_rest import alerts
from github_rest.alerts import AlertOrder
from ingest import instant
from reconcile.scans.github_lists import SETTLES_IN, Lists, repository_of, updated_at
from reconcile.scans.runs import Run, text_of
from reconcile.sources import AlertList

NEWEST_FIRST = AlertOrder(sort="updated", direction="desc")
OVERLAP = timedelta(minutes=10)
"""GitHub's lists can be behind for so long: changes before the watermark are read again."""


@dataclass(frozen=True, slots=True)
class Hourly:
    """The run over an organisation's list, newest change first."""

    lists: Lists

    def step(self, run: Run) -> Run:
        """Read one page, and return the run after it.

        The position has the next page, and the newest change so far. At the end it has only that.

        Raises:
            GitHubError: A request to GitHub fails.
            IngestError: The bus does not accept the events.
            ReconcileError: The table of alerts is busy.
        """
        login, url = self.lists.account.login, run.position.get("url")
        page = next(alerts.of_organisation(self.lists.client, login, order=NEWEST_FIRST, start=url))
        changed = [at for one in page.items if (at := updated_at(one)) is not None]
        current = AlertList(1, login, lambda _: page, repository_of)
        counts = self.lists.compare(current, page, run.counts)
        settled = [at for at in changed if at <= page.observed_at - SETTLES_IN]
        known = [instant.parse(text) for text in [run.position.get("newest")] if text]
        newest = max((*settled, *known), default=None)
        position = {"newest": None if newest is None else text_of(newest)}
        since = None if run.watermark is None else run.watermark - OVERLAP
        has_ended = since is not None and any(at < since for at in changed)
        if page.next_url is not None and not has_ended:
            position["url"] = page.next_url
        return replace(run, counts=counts, position=position)


def has_ended(run: Run) -> bool:
    """Return whether a run has read its last page."""
    return "newest" in run.position and "url" not in run.position


def watermark_of(run: Run) -> datetime:
    """Return the watermark after a run that has ended: never earlier than the one before it."""
    newest = run.position["newest"]
    found = run.started_at - OVERLAP if newest is None else instant.parse(newest)
    return found if run.watermark is None else max(found, run.watermark)
