"""One run: reads the deliveries of a hook, and asks GitHub to redeliver the lost ones.

Owns the pace of the requests and the counts of a run. Safe to repeat: the receiver's pipeline
counts an event once, however often it is delivered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from github_rest.deliveries import Delivery, Hook, of_hook, redeliver
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from redelivery.attempts import lost_of

PAUSE_S = 1.0
"""The seconds between two requests to redeliver, as GitHub advises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the deliveries of a hook contain.

    Attributes:
        attempts: The number of attempts to deliver.
        events: The number of events that they deliver.
        lost: The newest attempt of each event that no attempt has delivered, oldest event first.
    """

    attempts: int
    events: int
    lost: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of a run.

    Attributes:
        events: The events that GitHub tried to deliver.
        lost: The events among them that no attempt has delivered.
        requested: The lost events whose redelivery GitHub accepted.
        expired: The lost events that GitHub does not have any more.
        left: The lost events for which there was no time.
    """

    events: int
    lost: int
    requested: int
    expired: int
    left: int = 0


def redeliver_lost(
    client: Client,
    hook: Hook,
    *,
    since: datetime,
    until: datetime | None = None,
    is_dry_run: bool = False,
) -> Summary:
    """Ask for the redelivery of every lost event with an attempt since a time.

    Args:
        client: A client that may read the hook and its deliveries.
        hook: The hook.
        since: The start of the period.
        until: When to stop, None if there is enough time.
        is_dry_run: Whether to count only, and to ask for nothing.

    Raises:
        GitHubError: A request fails.
    """
    found = find(client, hook, since=since)
    lost = () if is_dry_run else found.lost
    accepted = list(requests(client, hook, lost, until=until))
    return Summary(
        events=found.events,
        lost=len(found.lost),
        requested=accepted.count(True),
        expired=accepted.count(False),
        left=len(lost) - len(accepted),
    )


def find(client: Client, hook: Hook, *, since: datetime) -> Found:
    """Read the deliveries of a hook since a time.

    Raises:
        GitHubError: A request fails.
    """
    attempts = tuple(_attempts(client, hook, since))
    events = len({one.guid for one in attempts})
    return Found(attempts=len(attempts), events=events, lost=lost_of(attempts))


def requests(
    client: Client, hook: Hook, lost: Iterable[Delivery], *, until: datetime | None = None
) -> Iterator[bool]:
    """Ask for one redelivery after the other, at most one a second, until a time.

    Yields:
        Whether GitHub accepted the request; if not, it does not have the delivery any more.

    Raises:
        GitHubError: A request fails.
    """
    for number, one in enumerate(lost):
        if until is not None and client.connection.clock() >= until:
            return
        if number:
            client.connection.wait(PAUSE_S)
        try:
            redeliver(client, hook, one.id)
        except RefusedError as error:
            if error.reason != "not_found":
                raise
            yield False
        else:
            yield True


def _attempts(client: Client, hook: Hook, since: datetime) -> Iterator[Delivery]:
    """Yield the attempts since a time. They are listed from the newest on."""
    for page in of_hook(client, hook):
        for one in page.items:
            if one.delivered_at < since:
                return
            yield one
