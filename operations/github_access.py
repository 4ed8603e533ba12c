"""Clients of GitHub for commands: with the token of the environment, or with a connected App.

Owns which credentials a command uses, and for which server. The token goes only to github.com or
to the server that the user names. Never prints a credential.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from github_rest import apps
from github_rest.apps import Installation
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App, Credentials, Token
from github_rest.servers import GITHUB_COM, Server, server_of
from ingest.webhooks.connected_apps import ConnectedApp
from operations import github
from operations.deployment import Deployment
from operations.errors import GitHubAccessError
from operations.github import TOKEN_VARIABLE

Wait = Callable[[float], None]


class AccountKind(StrEnum):
    """What an account of GitHub is. A repository is one too, for commands that read only it."""

    ORGANISATION = "organisation"
    USER = "user"
    REPOSITORY = "repository"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of GitHub by its name."""

    kind: AccountKind
    name: str

    def __str__(self) -> str:
        return f"the {self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Access:
    """A client that can read an account, and what its credentials are called."""

    client: Client
    credentials: str


class GitHubAccess:
    """The ways of a deployment to GitHub.

    `wait` sleeps between two attempts of a request, and `environment` has the token.
    """

    def __init__(
        self,
        deployment: Deployment,
        *,
        api_url: str | None,
        wait: Wait,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._deployment = deployment
        self._server = None if api_url is None else server_of(api_url)
        self._wait = wait
        self._environment = os.environ if environment is None else environment

    def to(self, account: Account) -> Access:
        """Return a client that can read the account.

        Raises:
            GitHubAccessError: There are no credentials for it.
            GitHubError: A request for the App's installation fails.
        """
        token = self._environment.get(TOKEN_VARIABLE, "").strip()
        if token:
            client = self._client(Token(token), self._server or GITHUB_COM)
            return Access(client, f"the token in {TOKEN_VARIABLE}")
        if account.kind is AccountKind.ENTERPRISE:
            raise GitHubAccessError(
                "GitHub does not let Apps read the alerts of an enterprise.",
                next_step=f"Set {TOKEN_VARIABLE} to a classic token of an owner or security manager"
                " of the enterprise, with the scope security_events, or backfill each organisation"
                " with --organisation.",
            )
        return self._of_app(account)

    def _of_app(self, account: Account) -> Access:
        secret = self._deployment.output("GitHubAppsSecretId")
        apps_of_stack = github.apps(self._deployment.aws.secretsmanager, secret)
        connected = [app for app in apps_of_stack if self._is_wanted(app)]
        if not connected:
            where = "" if self._server is None else f" to {self._server.web_url}"
            raise GitHubAccessError(
                f"There are no credentials for GitHub: {TOKEN_VARIABLE} is not set, and no GitHub"
                f" App is connected{where}.",
                next_step=f"Connect an App with `gcsmttr connect`, or set {TOKEN_VARIABLE} to a"
                " token that can read code scanning alerts.",
            )
        for app in connected:
            client = self._client(_credentials_of(app), server_of(app.api_url))
            installation = _installation_of(client, account)
            if installation is not None:
                return Access(_installed(client, app, installation), f"the GitHub App {app.slug}")
        names = " and ".join(app.slug for app in connected)
        page = f"{server_of(connected[0].api_url).web_url}/apps/{connected[0].slug}"
        raise GitHubAccessError(
            f"The GitHub App {names} is not installed on {account}.",
            next_step=f"Install it at {page}, or set {TOKEN_VARIABLE} to a token that can read code"
            " scanning alerts.",
        )

    def _is_wanted(self, app: ConnectedApp) -> bool:
        return self._server is None or server_of(app.api_url) == self._server

    def _client(self, credentials: Credentials, server: Server) -> Client:
        return Client(credentials, Connection(server, wait=self._wait))


def _credentials_of(app: ConnectedApp) -> App:
    try:
        return App(app.app_id, app.private_key)
    except ValueError as error:
        raise GitHubAccessError(
            f"The GitHub App {app.slug} cannot be used: {error}.",
            next_step="Connect the App again with `gcsmttr connect`.",
        ) from None


def _installation_of(client: Client, account: Account) -> Installation | None:
    if account.kind is AccountKind.ORGANISATION:
        return apps.installation_of_organisation(client, account.name)
    if account.kind is AccountKind.USER:
        return apps.installation_of_user(client, account.name)
    return apps.installation_of_repository(client, account.name)


def _installed(client: Client, app: ConnectedApp, installation: Installation) -> Client:
    if installation.suspended:
        raise GitHubAccessError(
            f"The GitHub App {app.slug} is suspended on {installation.account}.",
            next_step="Unsuspend it in the account's settings at GitHub.",
        )
    return client.installation(installation.id)
