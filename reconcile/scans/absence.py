"""The search for alerts of one repository that GitHub does not have any more.

Owns the merge of the stored numbers with the listed ones, which is pure, and the request for a
single alert. Only that request decides: a list can be old, can repeat an alert, and can shift.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from github_rest import alerts
from github_rest.alerts import Alert
from github_rest.errors import SkippedError
from github_rest.http.pages import Page
from github_rest.repositories import Repository
from ingest.names import folded
from ingest.rest.absence import gone_of
from reconcile.progress import Counts
from reconcile.scans.github_lists import Lists, always
from reconcile.scans.runs import with_gone
from reconcile.sources import AlertList, json_of

Position = Mapping[str, Any]
MOST_ABSENT = 1_000
"""How many numbers a position contains at most. More are checked before the next page is read."""


def absent_after(
    absent: Iterable[int], *, stored: Iterable[int], listed: Iterable[int]
) -> tuple[int, ...]:
    """Return the stored numbers that no page has listed so far. Pure.

    Args:
        absent: The result for the pages before.
        stored: The stored numbers in the range of this page.
        listed: The numbers on this page, which can be those of other pages too.
    """
    return tuple(sorted({*absent, *stored} - {*listed}))


def last_number(page: Page[Alert], *, after: int) -> int | None:
    """Return the last number of a page's range, which begins `after`. None has no end. Pure."""
    return None if page.next_url is None else max(after, *numbers_of(page))


def numbers_of(page: Page[Alert]) -> tuple[int, ...]:
    """Return the numbers on a page. Pure."""
    return tuple(n for one in page.items if isinstance(n := one.get("number"), int)) or (0,)


def check(
    lists: Lists, repository: Repository, absent: tuple[int, ...], counts: Counts
) -> tuple[tuple[int, ...], Counts]:
    """Ask for the first of the absent alerts, publish what is known now, and return the others.

    Raises:
        GitHubError: A request to GitHub fails.
        IngestError: The bus does not accept the event.
        ReconcileError: The table of alerts is busy.
    """
    number, *others = absent
    asked_at = lists.now()
    try:
        alert = alerts.get(lists.client, repository.id, number)
    except SkippedError as error:
        return (), counts.with_skipped(repository.full_name, error.reason)
    if alert is not None:
        page = Page((alert,), None, asked_at, lists.client.rate)
        facts = json_of(repository)
        current = AlertList(
            repository.id,
            repository.full_name,
            lambda _: page,
            always(facts),
            repository.default_branch,
        )
        return tuple(others), lists.compare(current, page, counts)
    name = folded(repository.full_name), number
    stored = lists.stored.read([name]).get(name)
    event = None if stored is None else gone_of(stored, observed_at=asked_at)
    if event is None:
        return tuple(others), counts
    lists.bus.put_all([event])
    return tuple(others), with_gone(counts)
