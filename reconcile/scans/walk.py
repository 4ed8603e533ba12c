"""The walk over the repositories of an account, and over the alerts of each on all branches.

Owns the position: the page of the repositories, the last one of it that was read completely, and
where the list of the next one continues. A repository that is added during a walk is read by the
next walk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from github_rest import alerts, repositories
from github_rest.alerts import OLDEST_FIRST, Alert
from github_rest.errors import Skipped, SkippedError
from github_rest.http.pages import Page
from github_rest.repositories import Repository
from reconcile.scans import absence
from reconcile.scans.github_lists import Lists, always, updated_at
from reconcile.scans.hourly import NEWEST_FIRST, OVERLAP
from reconcile.scans.observations import is_moved, observation_of
from reconcile.scans.runs import Run
from reconcile.sources import AlertList, json_of

Position = Mapping[str, Any]
RENAMED = "renamed"
"""Why a repository is skipped: its alerts are on the way to its new name."""


@dataclass(slots=True)
class Walk:
    """One walk. A complete one also looks for alerts that GitHub does not have any more."""

    lists: Lists
    is_complete: bool
    _page: tuple[str | None, Page[Repository]] | None = field(default=None)

    def step(self, run: Run) -> Run:
        """Read one page of alerts or check one alert, and return the run after it.

        Raises:
            GitHubError: A request to GitHub fails.
            IngestError: The bus does not accept the events.
            ReconcileError: A table is busy.
        """
        at = run.position
        page = self._repositories(at.get("repositories"))
        if not at:
            self._observe(page)
        waiting = sorted(
            (one for one in page.items if one.id > at.get("after", 0)), key=lambda one: one.id
        )
        if not waiting:
            return self._next_page(run, page)
        current, absent = waiting[0], tuple(at.get("absent", ()))
        if absent and (at.get("isListed") or len(absent) >= absence.MOST_ABSENT):
            left, counts = absence.check(self.lists, current, absent, run.counts)
            return run.moved(counts, {**at, "absent": left})
        if at.get("isListed"):
            return run.moved(run.counts, _after(at, current))
        return self._list(run, current)

    def _repositories(self, url: str | None) -> Page[Repository]:
        if self._page is None or self._page[0] != url:
            found = next(repositories.of_installation(self.lists.client, start=url))
            self._page = url, found
        return self._page[1]

    def _next_page(self, run: Run, page: Page[Repository]) -> Run:
        if page.next_url is None:
            return run.moved(run.counts, {"isWalked": True})
        self._observe(self._repositories(page.next_url))
        return run.moved(run.counts, {"repositories": page.next_url})

    def _observe(self, page: Page[Repository]) -> None:
        """Publish the repositories of a page that are not stored as GitHub has them."""
        if not self.is_complete:
            return
        known = self.lists.repositories.read({one.id for one in page.items})
        for one in page.items:
            event = observation_of(one, known.get(one.id), observed_at=page.observed_at)
            if event is not None:
                self.lists.bus.put_repository(event)

    def _list(self, run: Run, current: Repository) -> Run:
        at, since = run.position, run.watermark
        known = self.lists.repositories.read([current.id]).get(current.id)
        if known is not None and (known.moving_from or is_moved(current, known)):
            return run.moved(
                run.counts.with_skipped(current.full_name, RENAMED), _after(at, current)
            )
        order = OLDEST_FIRST if self.is_complete else NEWEST_FIRST
        listing = alerts.of_repository(
            self.lists.client, current.id, order=order, start=at.get("alerts")
        )
        try:
            page = next(listing)
        except SkippedError as error:
            counts = run.counts.with_skipped(current.full_name, error.reason)
            if error.skipped is not Skipped.NO_ANALYSIS or not self.is_complete:
                return run.moved(counts, _after(at, current))
            page = Page((), None, self.lists.now(), self.lists.client.rate)
        else:
            counts = run.counts
        facts = json_of(current)
        source = AlertList(
            current.id, current.full_name, lambda _: page, always(facts), current.default_branch
        )
        counts = self.lists.compare(source, page, counts)
        if not self.is_complete:
            if page.next_url is None or _reaches(page, since):
                return run.moved(counts, _after(at, current))
            return run.moved(counts, {**at, "alerts": page.next_url})
        return run.moved(counts, self._merged(at, current, page))

    def _merged(self, at: Position, current: Repository, page: Page[Alert]) -> Position:
        """Return the position after a page, with the stored numbers that no page has listed."""
        after = at.get("listed", 0)
        last = absence.last_number(page, after=after)
        absent = absence.absent_after(
            at.get("absent", ()),
            stored=self.lists.numbers.between(current.full_name, after, last),
            listed=absence.numbers_of(page),
        )
        return {
            **at,
            "alerts": page.next_url,
            "listed": last,
            "absent": absent,
            "isListed": page.next_url is None,
        }


def _after(at: Position, current: Repository) -> Position:
    return {"repositories": at.get("repositories"), "after": current.id}


def _reaches(page: Page[Alert], since: datetime | None) -> bool:
    """Return whether a page, newest change first, goes back to what was known."""
    changed = [found for one in page.items if (found := updated_at(one)) is not None]
    return since is not None and any(found < since - OVERLAP for found in changed)
