"""The registration of a GitHub App: its manifest, and the exchange of the code for its secrets.

Owns the App's default name and description. Which events and permissions it has belongs to
`github_rest.manifest`.
"""

from github_rest import apps
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from github_rest.manifest import apps_url, manifest_of
from ingest.webhooks.connected_apps import ConnectedApp
from operations.connect.errors import CodeRefusedError
from operations.connect.target import Target

_LONGEST_NAME = 34
"""GitHub's limit for the name of an App."""
_PREFIX = "GCSMTTR "
_DESCRIPTION = "Measures how fast code scanning alerts are remediated. It reads alerts only."


def name_of(owner: str) -> str:
    """Return the name of an App that its owner sees first, and can change."""
    return (_PREFIX + owner)[:_LONGEST_NAME].strip("-")


def manifest(
    target: Target, *, webhook_url: str, homepage_url: str, page_url: str
) -> dict[str, object]:
    """Return the manifest of the App of a target.

    Args:
        target: What is connected.
        webhook_url: The address of the stack that gets the events.
        homepage_url: A page of the stack.
        page_url: The address of the page of this command, with a final slash.
    """
    return manifest_of(
        name=name_of(target.owner),
        description=_DESCRIPTION,
        homepage_url=homepage_url,
        webhook_url=webhook_url,
        redirect_url=f"{page_url}registered",
        setup_url=f"{page_url}installed",
    )


def exchange(client: Client, code: str, target: Target) -> tuple[ConnectedApp, apps.AppDetails]:
    """Exchange the code for the new App.

    Raises:
        CodeRefusedError: The code was used before, or it is older than an hour.
        GitHubError: The request fails for another reason.
    """
    try:
        made = apps.convert_manifest(client, code)
    except RefusedError as error:
        if error.reason != "not_found":
            raise
        raise _refused("the code was used before, or it is older than an hour", target) from None
    if made.webhook_secret is None:
        raise _refused("the new App has no webhook secret", target)
    details = made.details
    app = ConnectedApp(
        api_url=target.server.api_url,
        app_id=details.id,
        slug=details.slug,
        owner=details.owner or target.owner,
        private_key=made.private_key,
        webhook_secret=made.webhook_secret,
    )
    return app, details


def _refused(reason: str, target: Target) -> CodeRefusedError:
    page = apps_url(target.server, organisation=target.organisation)
    return CodeRefusedError(
        f"GitHub does not give the credentials of the new App: {reason}.",
        next_step=f"Delete the App in {page}, and run the command again.",
    )
