"""The world: all accounts and repositories of the imitated GitHub, and its clock.

Owns ids, names and what a former name leads to. Never sends anything: listeners, such as the
webhooks, hear what happens.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock

from infra.local.github.world.records import Account, Alert, Repository


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
    """All that exists. `lock` is held while something is read or changed."""

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
        self._next_id = 1000

    def new_id(self) -> int:
        """Return an id that nothing else has."""
        self._next_id += 1
        return self._next_id

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
        """Note the present name of a repository: it leads there from now on."""
        self._names[repository.full_name.lower()] = repository.id
        self.revision += 1

    def remove(self, repository: Repository) -> None:
        """Delete a repository: none of its names leads anywhere."""
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
        """Let all listeners hear what happened."""
        if not self._is_silent:
            for listener in self.listeners:
                listener(event)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let nobody hear what happens within the context: it is the past."""
        self._is_silent = True
        try:
            yield
        finally:
            self._is_silent = False
