"""The App of an account: the one that is connected already, or a new one.

Owns the rule that there is one App for each account, also after a run that was interrupted.
"""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from github_rest import apps
from github_rest.apps import AppDetails
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from github_rest.manifest import apps_url, deletion_url, registration_url
from ingest.names import folded
from ingest.webhooks.connected_apps import ConnectedApp
from operations import github
from operations.connect import registration
from operations.connect.app_store import AppStore
from operations.connect.deadline import Deadline
from operations.connect.errors import AppRefusedError, NotInTimeError, NotStoredError
from operations.connect.guide.screen import Screen
from operations.connect.target import Target
from operations.deployment import Deployment
from operations.errors import OperationsError


@dataclass(frozen=True, slots=True)
class OwnedApp:
    """An App with its credentials, as GitHub has it now, and whether this run has made it."""

    app: ConnectedApp
    details: AppDetails
    is_new: bool


def find(store: AppStore, target: Target, screen: Screen) -> OwnedApp | None:
    """Return the connected App of the owner. One that GitHub does not have any more is removed.

    Raises:
        AppRefusedError: GitHub refuses its key.
        GitHubError: The request fails for another reason.
    """
    for app in owned_by(target, store.read()):
        try:
            details = apps.get(github.app_client(app).client)
        except RefusedError as error:
            if error.reason == "unauthorized":
                raise _refused(app, target, error) from None
            if error.reason != "not_found":
                raise
            store.remove(app)
            screen.note(f"The App {app.slug} does not exist any more.")
        else:
            screen.note(f"The App {app.slug} is connected already.")
            return OwnedApp(app, details, is_new=False)
    return None


def owned_by(target: Target, stored: tuple[ConnectedApp, ...]) -> tuple[ConnectedApp, ...]:
    """Return the Apps that belong to the owner of a target."""
    return tuple(
        app
        for app in stored
        if app.api_url == target.server.api_url and folded(app.owner) == folded(target.owner)
    )


@dataclass(frozen=True, slots=True)
class Registration:
    """The registration of a new App by a person. `stranger` is a client without credentials."""

    deployment: Deployment
    store: AppStore
    stranger: Client
    deadline: Deadline

    def run(self, target: Target, screen: Screen) -> OwnedApp:
        """Let the person create the App, and store its credentials.

        Raises:
            NotInTimeError: The person has not created it in time.
            CodeRefusedError: GitHub does not give its credentials.
            NotStoredError: The credentials cannot be stored.
            GitHubError: The request fails.
        """
        # An App whose key cannot be stored is of no use.
        self.store.check_writable()
        page = screen.page
        manifest = registration.manifest(
            target,
            webhook_url=self.deployment.url("WebhookUrl"),
            homepage_url=self._homepage_url(),
            page_url=page.url,
        )
        form = registration_url(target.server, organisation=target.organisation, state=page.state)
        screen.create(form, manifest)
        screen.note("Waiting until the App is created …")
        app, details = registration.exchange(self.stranger, self._code(target, screen), target)
        try:
            self.store.add(app)
        except (OperationsError, BotoCoreError, ClientError) as error:
            raise _not_stored(app, target, error) from error
        screen.note(f"The App {app.slug} is created, and its key is stored.")
        return OwnedApp(app, details, is_new=True)

    def _homepage_url(self) -> str:
        has_graphiql = "GraphiqlUrl" in self.deployment.outputs
        return self.deployment.url("GraphiqlUrl" if has_graphiql else "GraphqlUrl")

    def _code(self, target: Target, screen: Screen) -> str:
        for _ in self.deadline.turns(60):
            code = screen.page.take_code()
            if code is not None:
                return code
        page = apps_url(target.server, organisation=target.organisation)
        raise NotInTimeError(
            "The App was not created in time.",
            next_step=f"Run the command again. If {page} lists the App already, delete it first.",
        )


def _refused(app: ConnectedApp, target: Target, error: RefusedError) -> AppRefusedError:
    kind = "organisation" if target.is_organisation else "user"
    return AppRefusedError(
        f"GitHub refuses the key of the connected App {app.slug} ({error.message}).",
        next_step="Check the clock of this machine. If somebody has deleted the App or its key, run"
        f" gcsmttr connect --{kind} {app.owner} --remove",
    )


def _not_stored(app: ConnectedApp, target: Target, error: Exception) -> NotStoredError:
    page = deletion_url(target.server, organisation=target.organisation, slug=app.slug)
    return NotStoredError(
        f"The App {app.slug} exists now, but its key could not be stored: {error}",
        next_step=f"Delete the App at {page} and run the command again.",
    )
