"""The fake GitHub: the world, Apps and tokens, webhooks, limits and faults in one object.

Owns how these work together: each event of the world is sent as a webhook to its hooks.
"""

import copy
from collections.abc import Callable
from datetime import UTC, datetime

from infra.local import client
from infra.local.github.apps.hooks import Courier, Hook, Send
from infra.local.github.apps.registry import App, Installation, Registry
from infra.local.github.forms import apps, webhooks
from infra.local.github.forms.addresses import Addresses
from infra.local.github.http.app_calls import LOOPBACK
from infra.local.github.http.limits import Faults, Limits
from infra.local.github.world.records import Account, Repository
from infra.local.github.world.world import Event, World

DEFAULT_EVENTS = ("code_scanning_alert", "repository")
# "GitHub Apps and repository webhooks will not receive this event" (GitHub Docs).
_FOR_ORGANISATIONS_ONLY = ("repository", "deleted")


class GitHub:
    """The fake GitHub. `infra.local.github.http.application` makes it a WSGI application."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        send: Send = client.deliver,
        web_url: str = "https://github.test",
    ) -> None:
        """Begin with an empty world.

        Args:
            clock: The time at GitHub.
            send: Delivers a webhook, with the arguments of `infra.local.client.deliver`.
            web_url: The address of the pages in webhooks; serving sets it.
        """
        self.world = World(clock)
        self.registry = Registry(clock, self.world.new_id)
        self.courier = Courier(clock, send)
        self.limits = Limits(clock)
        self.faults = Faults()
        self.addresses = Addresses(web=web_url, api=f"{web_url}/api/v3")
        self.hooks: dict[str, list[Hook]] = {}
        """The webhooks of `organisation ID` and `repository ID`."""
        self.hook_ranges: tuple[str, ...] = LOOPBACK
        """The addresses in the meta document."""
        self.requests: list[str] = []
        """The method and path of each call of the API."""
        self.remembered: list[Repository] = []
        self.world.listeners.append(self._on_event)

    def remember(self) -> None:
        """Keep the present repositories, for the next `faults.stale_pages` lists."""
        with self.world.lock:
            self.remembered = copy.deepcopy(list(self.world.repositories.values()))

    def add_hook(
        self,
        owner: Account | Repository,
        url: str,
        secret: str,
        events: tuple[str, ...] = DEFAULT_EVENTS,
    ) -> Hook:
        """Make a webhook of an organisation or a repository, and ping it."""
        kind = "Organization" if isinstance(owner, Account) else "Repository"
        hook = Hook(self.world.new_id(), kind, url, secret, events, self.world.clock())
        self.hooks.setdefault(_owner_name(owner), []).append(hook)
        self.ping(hook)
        return hook

    def ping(self, hook: Hook, app: App | None = None) -> None:
        """Send the first event of a new webhook."""
        payload = apps.ping(hook, self.addresses, app_id=app.id if app else None)
        self.courier.deliver(hook, "ping", payload)

    def announce_installation(self, installation: Installation, sender: Account) -> None:
        """Tell the App that it is installed, which every App hears."""
        with self.world.lock:
            payload = webhooks.installed(
                installation, self.world.of_owner(installation.account), sender, self.addresses
            )
        hook = installation.app.hook
        self.courier.deliver(hook, "installation", payload, installation_id=installation.id)

    def _on_event(self, event: Event) -> None:
        """Send webhooks: those of a transfer go to the new owner only."""
        owner = event.repository.owner
        for hook in self.hooks.get(_owner_name(owner), []):
            self._send(event, hook, None)
        if (event.name, event.action) == _FOR_ORGANISATIONS_ONLY:
            return
        for hook in self.hooks.get(_owner_name(event.repository), []):
            self._send(event, hook, None)
        for installation in list(self.registry.installations.values()):
            if installation.sees(event.repository) and installation.suspended_at is None:
                self._send(event, installation.app.hook, installation.id)

    def _send(self, event: Event, hook: Hook, installation_id: int | None) -> None:
        with self.world.lock:
            payload = webhooks.payload(event, self.addresses, installation_id=installation_id)
        self.courier.deliver(hook, event.name, payload, installation_id=installation_id)


def _owner_name(owner: Account | Repository) -> str:
    kind = "organisation" if isinstance(owner, Account) else "repository"
    return f"{kind} {owner.id}"
