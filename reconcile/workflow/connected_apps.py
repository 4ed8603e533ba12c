"""The Apps that are connected to the deployment, and clients that send requests as them.

Owns the read of the secret, and how long a function of the stack waits for GitHub.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App
from github_rest.http.retries import Patience
from github_rest.servers import Server, server_of
from ingest.webhooks.connected_apps import ConnectedApp, apps_of

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

PATIENCE = Patience(attempts=4, longest_wait_s=10.0)
"""A longer wait ends the run, since a waiting function costs money. The task continues later."""


def read_apps(client: "SecretsManagerClient", *, secret_id: str) -> Sequence[ConnectedApp]:
    """Return the connected Apps.

    Raises:
        ValueError: The secret does not contain a list of Apps.
    """
    return apps_of(client.get_secret_value(SecretId=secret_id)["SecretString"])


def server(app: ConnectedApp) -> Server:
    """Return the GitHub on which an App is registered. Pure."""
    return server_of(app.api_url)


def client_of(app: ConnectedApp) -> Client:
    """Return a client that sends requests as an App."""
    credentials = App(app.app_id, app.private_key)
    return Client(credentials, Connection(server(app), patience=PATIENCE))
