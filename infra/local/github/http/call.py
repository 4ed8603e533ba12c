"""One call of the API: who sends it, for which addresses, and how the response is made.

Owns the errors that endpoints raise, and finds what an address names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from infra.local.github.apps.registry import Actor
from infra.local.github.forms.addresses import Addresses, Json
from infra.local.github.http.listing import Item, Part, link_header, numbered
from infra.local.github.world.records import Account, Repository

if TYPE_CHECKING:
    from infra.local.github.github import GitHub


@dataclass(frozen=True, slots=True)
class Reply:
    """A response before it is encoded."""

    data: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[], object] | None = None
    """What to call after the lock of the world is released, such as the sending of a webhook."""


class LostConnectionError(Exception):
    """A call gets no response."""


class RefusalError(Exception):
    """A call is refused with a status and a message."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        """Store what the response contains."""
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body: Json = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
            **extra,
        }


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the API."""

    github: "GitHub"
    actor: Actor | None
    addresses: Addresses
    path: str
    query: Mapping[str, str]

    def sender(self) -> Actor:
        """Return who sends the call. Raises RefusalError if nobody is signed in."""
        if self.actor is None:
            raise RefusalError(401, "Requires authentication")
        return self.actor

    def repository(
        self,
        owner: str | None,
        name: str | None,
        number: int | None,
        *,
        may_be_public: bool = False,
    ) -> Repository:
        """Return the repository in an address, by name or id.

        A public repository of another account is seen only where `may_be_public` is true.

        Raises:
            RefusalError: It does not exist, the sender does not see it, or it has another name.
        """
        world = self.github.world
        by_id = world.repositories.get(number) if number is not None else None
        found = by_id or (world.find(f"{owner}/{name}") if owner and name else None)
        is_public = may_be_public and found is not None and found.visibility == "public"
        if found is None or not (is_public or self.sees(found)):
            raise RefusalError(404, "Not Found")
        asked = f"{owner}/{name}".lower()
        if number is None and asked != found.full_name.lower():
            rest = self.path[len(f"/repos/{asked}") :]
            query = f"?{urlencode(self.query)}" if self.query else ""
            location = f"{self.addresses.api}/repositories/{found.id}{rest}{query}"
            moved = {"location": location}
            raise RefusalError(301, "Moved Permanently", headers=moved, url=location)
        return found

    def sees(self, repository: Repository) -> bool:
        """Return whether the sender sees a repository."""
        actor = self.sender()
        installation = actor.installation
        return installation is None or installation.sees(repository)

    def account(self, login: str | None, number: int | None = None) -> Account:
        """Return the account in an address. Raises RefusalError if it does not exist."""
        accounts = self.github.world.accounts
        found = accounts.get(login.lower()) if login is not None else None
        if found is None and number is not None:
            found = next((one for one in accounts.values() if one.id == number), None)
        if found is None:
            raise RefusalError(404, "Not Found")
        return found

    def page(self, path: str, part: Part[Item], items: object) -> Reply:
        """Return a page of a list, whose address in the API is the path."""
        link = link_header(self.addresses.api + path, self.query, part)
        return Reply(items, headers={"link": link} if link else {})

    def numbered_page(self, path: str, items: list[Json]) -> Reply:
        """Return a page of a list with page numbers."""
        part = numbered(items, self.query)
        return self.page(path, part, list(part.items))
