"""The manifest of our GitHub App, and the page of GitHub to which it is posted.

Owns the permissions and events that the App asks for (GitHub Docs, "Registering a GitHub App from a
manifest"). Pure: serving the form and receiving the code is the caller's part.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from github_rest.servers import Server

PERMISSIONS: Mapping[str, str] = {"metadata": "read", "security_events": "read"}
EVENTS = ("code_scanning_alert", "repository")


def manifest_of(  # noqa: PLR0913
    *,
    name: str,
    description: str,
    homepage_url: str,
    webhook_url: str,
    redirect_url: str,
    setup_url: str,
) -> dict[str, object]:
    """Return the manifest, for the field `manifest` of the form as JSON.

    Args:
        name: The name of the App, unique on its GitHub. The person can change it on the page.
        description: What the App is for, as GitHub shows it.
        homepage_url: The address that GitHub links to.
        webhook_url: The address that gets the events.
        redirect_url: The address that gets the code, when the App is registered.
        setup_url: The address to which GitHub sends the person who has installed the App.
    """
    return {
        "name": name,
        "description": description,
        "url": homepage_url,
        "hook_attributes": {"url": webhook_url, "active": True},
        "redirect_url": redirect_url,
        "setup_url": setup_url,
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENTS),
    }


def registration_url(server: Server, *, organisation: str | None, state: str) -> str:
    """Return the address to which the form with the manifest is posted.

    Args:
        server: The GitHub.
        organisation: The owner of the new App; None for the person's own account.
        state: A random text that returns with the code, so that no other site can send a code.
    """
    return f"{apps_url(server, organisation=organisation)}/new?{urlencode({'state': state})}"


def deletion_url(server: Server, *, organisation: str | None, slug: str) -> str:
    """Return the page on which the owner deletes an App; None is the person's own account."""
    return f"{apps_url(server, organisation=organisation)}/{quote(slug, safe='')}/advanced"


def installation_url(app_page: str) -> str:
    """Return the address where a person installs the App with this page."""
    return f"{app_page.rstrip('/')}/installations/new"


def apps_url(server: Server, *, organisation: str | None) -> str:
    """Return the page that lists the Apps of an owner; None is the person's own account."""
    owner = "" if organisation is None else f"/organizations/{quote(organisation, safe='')}"
    return f"{server.web_url}{owner}/settings/apps"
