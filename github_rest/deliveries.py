"""Deliveries of webhooks: their list, and the request to redeliver one.

Owns which hook has which path: the hook of the client's App, of an organisation or of a repository.
GitHub keeps deliveries for 3 days, Enterprise Server for 7.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.pages import Listing, Page, pages
from github_rest.http.paths import repository_path, segment

_DELIVERED = "OK"


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook that has deliveries.

    Attributes:
        path: Its path in the API.
        url: The address that it delivers to, None for the hook of an App.
    """

    path: str
    url: str | None = None


APP_HOOK = Hook("/app/hook")
"""The hook of the client's App."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to deliver an event.

    Attributes:
        id: The id of the attempt.
        guid: The id of the event: all attempts to deliver it have the same one.
        delivered_at: The time of the attempt.
        redelivery: Whether this attempt was requested.
        status: `OK`, or a text such as `failed to connect to host`.
        status_code: The HTTP status of the receiver; GitHub sets one if there is none.
        event: The name of the event.
        action: The action in the payload.
        installation_id: The installation whose event it is.
        repository_id: The repository whose event it is.
    """

    id: int
    guid: str
    delivered_at: datetime
    redelivery: bool
    status: str
    status_code: int
    event: str
    action: str | None
    installation_id: int | None
    repository_id: int | None

    @property
    def succeeded(self) -> bool:
        """Whether the receiver accepted it."""
        return self.status == _DELIVERED


def of_hook(client: Client, hook: Hook, *, start: str | None = None) -> Iterator[Page[Delivery]]:
    """Yield the deliveries of a hook, newest first.

    The `status` parameter of the API is not used: `failure` leaves out deliveries that timed out
    or found no receiver.
    """
    return pages(client, Listing(f"{hook.path}/deliveries", _delivery_of), start=start)


def redeliver(client: Client, hook: Hook, delivery_id: int) -> None:
    """Ask GitHub to deliver an event again. The new attempt appears in the list later.

    Wait for a second between two of these requests: GitHub limits requests that change something.

    Raises:
        GitHubError: The request fails.
    """
    client.post(f"{hook.path}/deliveries/{delivery_id}/attempts")


def hooks_of_organisation(client: Client, login: str) -> Iterator[Hook]:
    """Yield the webhooks of an organisation, which only its owners can read."""
    return _hooks(client, f"/orgs/{segment(login)}/hooks")


def hooks_of_repository(client: Client, repository: str) -> Iterator[Hook]:
    """Yield the webhooks of a repository, by `owner/name`."""
    return _hooks(client, f"{repository_path(repository)}/hooks")


def _hooks(client: Client, path: str) -> Iterator[Hook]:
    def hook_of(data: Mapping[str, object]) -> Hook:
        config = fields.mapping(data.get("config"), "config")
        return Hook(f"{path}/{fields.integer(data, 'id')}", fields.text_or_none(config, "url"))

    for page in pages(client, Listing(path, hook_of)):
        yield from page.items


def _delivery_of(data: Mapping[str, object]) -> Delivery:
    return Delivery(
        id=fields.integer(data, "id"),
        guid=fields.text(data, "guid"),
        delivered_at=fields.instant(data, "delivered_at"),
        redelivery=fields.flag(data, "redelivery"),
        status=fields.text(data, "status"),
        status_code=fields.integer(data, "status_code"),
        event=fields.text(data, "event"),
        action=fields.text_or_none(data, "action"),
        installation_id=fields.integer_or_none(data, "installation_id"),
        repository_id=fields.integer_or_none(data, "repository_id"),
    )
