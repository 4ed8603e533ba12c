"""How commands reach GitHub: with the connected Apps, or with the token of the environment.

Owns the credentials of commands, and GitHub's errors in plain words. Never sends a request itself.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from github_rest.errors import GitHubError, RefusedError, TemporaryError
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App, Token
from github_rest.http.retries import Patience
from github_rest.servers import Server, server_of
from ingest.webhooks.connected_apps import ConnectedApp, apps_of
from operations.errors import AwsError, GitHubFailedError, NoTokenError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

TOKEN_VARIABLE = "GITHUB_TOKEN"  # noqa: S105
_NEXT_STEPS = {
    "unauthorized": "Check that the token is valid, or that the App still exists.",
    "forbidden": "Use credentials that may do this; docs/connecting.md lists the permissions.",
    "not_found": "Check the name, and that the credentials can see it.",
}


@dataclass(frozen=True, slots=True)
class AppClient:
    """A connected App, and a client with its credentials."""

    app: ConnectedApp
    client: Client


def apps(secrets: "SecretsManagerClient", secret_id: str) -> Sequence[ConnectedApp]:
    """Return the Apps that are connected to a deployment.

    Raises:
        AwsError: The secret does not contain a list of Apps.
    """
    try:
        return apps_of(secrets.get_secret_value(SecretId=secret_id)["SecretString"])
    except ValueError as error:
        raise AwsError(
            f"In {secret_id}, {error}.", next_step="Correct the secret in Secrets Manager."
        ) from None


def app_client(app: ConnectedApp, patience: Patience | None = None) -> AppClient:
    """Return the client of a connected App, which sends nothing yet."""
    connection = Connection(server_of(app.api_url), patience=patience)
    return AppClient(app, Client(App(app.app_id, app.private_key), connection))


def token_client(server: Server, patience: Patience | None = None) -> Client:
    """Return a client with the token of the environment.

    Raises:
        NoTokenError: The environment has none.
    """
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        raise NoTokenError(TOKEN_VARIABLE)
    return Client(Token(token), Connection(server, patience=patience))


def explained(error: GitHubError) -> GitHubFailedError:
    """Return an error of GitHub as one that names the next step."""
    next_step = "Run the command again. If that fails too, check the message."
    if isinstance(error, TemporaryError):
        next_step = f"Run the command again after {error.resume_at:%Y-%m-%d %H:%M:%S} UTC."
    elif isinstance(error, RefusedError):
        next_step = _NEXT_STEPS.get(error.reason, next_step)
    return GitHubFailedError(f"GitHub: {error}", next_step=next_step)
