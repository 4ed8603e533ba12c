"""The webhooks that deliver to a deployment: those of its Apps, or one that was made by hand.

Owns how a webhook is selected, and for how long its GitHub keeps deliveries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from github_rest.deliveries import APP_HOOK, Hook, hooks_of_organisation, hooks_of_repository
from github_rest.http.client import Client
from github_rest.http.paths import repository_path, segment
from github_rest.servers import GITHUB_COM, Server
from operations import github
from operations.deployment import Deployment
from operations.errors import NoHookError

_KEPT = timedelta(days=3)
_KEPT_BY_ENTERPRISE_SERVER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NamedHook:
    """A webhook, the client that may read its deliveries, and its name for people."""

    name: str
    hook: Hook
    client: Client

    @property
    def kept_for(self) -> timedelta:
        """How long its GitHub keeps deliveries."""
        api_url = self.client.connection.server.api_url
        return _KEPT_BY_ENTERPRISE_SERVER if api_url.endswith("/api/v3") else _KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which webhooks a user wants; without an owner those of all connected Apps.

    Attributes:
        organisation: The organisation of a webhook that was made by hand.
        repository: The repository of such a webhook.
        hook_id: Its id; without one, all that deliver to the deployment.
        server: Its GitHub.
    """

    organisation: str | None = None
    repository: str | None = None
    hook_id: int | None = None
    server: Server = GITHUB_COM

    @property
    def owner(self) -> str | None:
        """The organisation or the repository."""
        return self.organisation or self.repository


def hooks_of(deployment: Deployment, selection: Selection) -> Sequence[NamedHook]:
    """Return the selected webhooks.

    Raises:
        NoHookError: There is none.
        NoTokenError: A webhook that was made by hand needs a token.
        GitHubError: A request fails.
    """
    owner = selection.owner
    if owner is None:
        return _of_apps(deployment)
    client = github.token_client(selection.server)
    if selection.hook_id is not None:
        hooks: Sequence[Hook] = [_hook(selection, selection.hook_id)]
    else:
        hooks = _delivering(client, selection, to=deployment.output("WebhookUrl"))
    return [
        NamedHook(f"webhook {one.path.rpartition('/')[2]} of {owner}", one, client) for one in hooks
    ]


def _hook(selection: Selection, hook_id: int) -> Hook:
    if selection.organisation:
        return Hook(f"/orgs/{segment(selection.organisation)}/hooks/{hook_id}")
    return Hook(f"{repository_path(selection.repository or '')}/hooks/{hook_id}")


def _delivering(client: Client, selection: Selection, *, to: str) -> Sequence[Hook]:
    """Return the webhooks of the owner that deliver to an address."""
    if selection.organisation:
        found = hooks_of_organisation(client, selection.organisation)
    else:
        found = hooks_of_repository(client, selection.repository or "")
    hooks = [one for one in found if one.url == to]
    if not hooks:
        raise NoHookError(
            f"No webhook of {selection.owner} delivers to {to}.",
            next_step="Give the id of the webhook: --hook ID.",
        )
    return hooks


def _of_apps(deployment: Deployment) -> Sequence[NamedHook]:
    secrets = deployment.aws.secretsmanager
    apps = github.apps(secrets, deployment.output("GitHubAppsSecretId"))
    if not apps:
        raise NoHookError(
            "No GitHub App is connected to this deployment.",
            next_step="Connect one with gcsmttr connect, or select a webhook that was made by hand"
            " with --organisation or --repository.",
        )
    clients = map(github.app_client, apps)
    return [NamedHook(f"App {one.app.slug}", APP_HOOK, one.client) for one in clients]
