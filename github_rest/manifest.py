"""The manifest of our GitHub App, and the page of GitHub to which it is posted.

Owns the permissions and events that the App asks for (GitHub Docs, "Registering a GitHub App from a
manifest"). Pure: serving the form and receiving the code is the caller's part.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from github_rest.servers import Server

PERMISSIONS: Mapping[str, str] = {"metadata": "read", "security_events": "read"}
EVENTS = ("code_scanning_alert", "repository")


def manifest_of(
    *, name: str, homepage_url: str, webhook_url: str, redirect_url: str
) -> dict[str, object]:
    """Return the manifest, for the field `manifest` of the form as JSON.

    Args:
        name: The name of the App, unique on its GitHub. The person can change it on the page.
        homepage_url: The address that GitHub links to.
        webhook_url: The address that gets the events.
        redirect_url: The address that gets the code, when the App is registered.
    """
    return {
        "name": name,
        "url": homepage_url,
        "hook_attributes": {"url": webhook_url, "active": True},
        "redirect_url": redirect_url,
        "public": False,
        "default_permissions": dict(PERMISSIONS),
        "default_events": list(EVENTS),
    }


def registration_url(server: Server, *, organisation: str | None, state: str) -> str:
    """Return the address to which the form with the manifest is posted.

    Args:
        server: The GitHub.
        organisation: The owner of the new App; None for the person's own account.
        state: A random text that comes back with the code, so that nobody else can send one.
    """
    owner = "" if organisation is None else f"/organizations/{quote(organisation, safe='')}"
    return f"{server.web_url}{owner}/settings/apps/new?{urlencode({'state': state})}"


def installation_url(app_page: str) -> str:
    """Return the address where a person installs the App with this page."""
    return f"{app_page.rstrip('/')}/installations/new"
