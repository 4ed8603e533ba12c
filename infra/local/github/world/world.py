"""The world: all accounts and repositories of the fake GitHub, and its clock.

Owns ids and names, including the redirects of former names. Never sends anything: it calls its
listeners, such as the webhooks, for each event.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock

from infra.local.github.world.records import Account, Alert, Repository

_IDS = itertools.count(1001)
"""The ids of all worlds. A stack that receives two worlds must not take them for one repository."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, from which webhooks are made.

    Attributes:
        name: The name of the webhook event.
        action: What happened.
        repository: The repository, after the event.
        sender: Who did it.
        alert: The alert, after the event, if it is about one.
        changes: The former values, in the form of the webhook.
        former_owner: The owner before a transfer.
    """

    name: str
    action: str
    repository: Repository
    sender: Account
    alert: Alert | None = None
    changes: Mapping[str, object] | None = None
    former_owner: Account | None = None


class World:
    """All accounts and repositories. Hold `lock` while you read or change something."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Make an empty world."""
        self.clock = clock
        self.lock = RLock()
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[int, Repository] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self._is_silent = False
        self.revision = 0
        """Rises with every change."""
        self._names: dict[str, int] = {}

    def new_id(self) -> int:
        """Return an id that nothing else has, in this or another world of the process."""
        return next(_IDS)

    def account(
        self, login: str, *, is_organisation: bool = True, enterprise: str | None = None
    ) -> Account:
        """Return the account with this login; make it if there is none."""
        with self.lock:
            found = self.accounts.get(login.lower())
            if found is None:
                found = Account(self.new_id(), login, is_organisation, enterprise)
                self.accounts[login.lower()] = found
            return found

    def add_repository(
        self, full_name: str, *, created_at: datetime | None = None, visibility: str = "private"
    ) -> Repository:
        """Make a repository, whose owner is made an organisation if there is none yet."""
        owner, _, name = full_name.partition("/")
        with self.lock:
            made = Repository(
                self.new_id(), self.account(owner), name, created_at or self.clock(),
                visibility=visibility,
            )  # fmt: skip
            self.repositories[made.id] = made
            self.name(made)
            return made

    def name(self, repository: Repository) -> None:
        """Register the present name of a repository, so that `find` returns it."""
        self._names[repository.full_name.lower()] = repository.id
        self.revision += 1

    def remove(self, repository: Repository) -> None:
        """Delete a repository with its names, present and former."""
        del self.repositories[repository.id]
        self._names = {name: one for name, one in self._names.items() if one != repository.id}
        self.revision += 1

    def find(self, full_name: str) -> Repository | None:
        """Return the repository with this present or former name."""
        number = self._names.get(full_name.lower())
        return None if number is None else self.repositories.get(number)

    def of_owner(self, owner: Account) -> list[Repository]:
        """Return the repositories of an account, oldest first."""
        return [one for one in self.repositories.values() if one.owner.id == owner.id]

    def of_enterprise(self, slug: str) -> list[Repository]:
        """Return the repositories of all accounts of an enterprise, oldest first."""
        return [one for one in self.repositories.values() if one.owner.enterprise == slug]

    def announce(self, event: Event) -> None:
        """Call all listeners with an event."""
        if not self._is_silent:
            for listener in self.listeners:
                listener(event)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Do not call listeners inside the context, which creates the past."""
        self._is_silent = True
        try:
            yield
        finally:
            self._is_silent = False
