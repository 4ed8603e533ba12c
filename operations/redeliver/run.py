"""The redelivery of what the receiver never accepted, for one webhook.

Owns the counts, also after an error of GitHub, so that one webhook does not stop the others. Never
prints.
"""

from collections.abc import Callable
from datetime import datetime

from github_rest.deliveries import Delivery
from github_rest.errors import GitHubError
from operations.redeliver.hooks import NamedHook
from redelivery import run


class Redelivery:
    """The lost deliveries of one webhook since a time.

    Attributes:
        name: The name of the webhook for people.
        attempts: The attempts to deliver that GitHub listed.
        events: The events among them.
        requested: The lost events whose redelivery GitHub accepted.
        expired: The lost events that GitHub does not have any more.
        error: Why GitHub refused to continue.
    """

    def __init__(self, named: NamedHook, *, since: datetime) -> None:
        """Read the deliveries."""
        self.name = named.name
        self.attempts = self.events = self.requested = self.expired = 0
        self.error: GitHubError | None = None
        self._named = named
        self._lost: tuple[Delivery, ...] = ()
        try:
            found = run.find(named.client, named.hook, since=since)
        except GitHubError as error:
            self.error = error
        else:
            self.attempts, self.events, self._lost = found.attempts, found.events, found.lost

    @property
    def lost(self) -> int:
        """The number of events that no attempt has delivered."""
        return len(self._lost)

    def request(self, *, seen: Callable[[], None]) -> None:
        """Ask for the redelivery of all lost events; `seen` is called after each request."""
        try:
            for is_accepted in run.requests(self._named.client, self._named.hook, self._lost):
                if is_accepted:
                    self.requested += 1
                else:
                    self.expired += 1
                seen()
        except GitHubError as error:
            self.error = error
