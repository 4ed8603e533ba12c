"""The connection of a target, step by step.

Owns the order of the steps. A step that an earlier run has done is skipped, so an interrupted run
continues where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from github_rest.apps import Installation
from github_rest.errors import GitHubError
from github_rest.http.client import Client
from github_rest.manifest import deletion_url, installation_url
from operations import github
from operations.connect import first_delivery, installation, owned_app
from operations.connect.app_store import AppStore
from operations.connect.deadline import Deadline
from operations.connect.guide.screen import Screen
from operations.connect.owned_app import OwnedApp, Registration
from operations.connect.target import Kind, Target
from operations.deployment import Deployment
from operations.errors import OperationsError
from reconcile.connect_records import ConnectRecord, ConnectRecords
from reconcile.connections import connection_of

_ERRORS = (OperationsError, GitHubError, BotoCoreError, ClientError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The result: the record, and whether the App sees all repositories of the account."""

    record: ConnectRecord
    all_repositories: bool


class Connecting:
    """The runs for one deployment. `now` returns the time as RFC 3339 text."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        stranger: Client,
        deadline: Deadline,
        now: Callable[[], str],
    ) -> None:
        secret_id = deployment.output("GitHubAppsSecretId")
        self._store = AppStore(
            deployment.aws.secretsmanager, secret_id=secret_id, pause=deadline.pause
        )
        self._records = ConnectRecords(
            deployment.aws.dynamodb, table=deployment.output("ConnectionsTable")
        )
        self._registration = Registration(deployment, self._store, stranger, deadline)
        self._deadline = deadline
        self._now = now

    def run(self, target: Target, screen: Screen, *, next_command: str) -> Connected:
        """Do all steps that are not done, and return the result.

        Args:
            target: What is connected.
            screen: The page and the terminal.
            next_command: The command that the page shows at the end.

        Raises:
            OperationsError: A step fails. The person can run the command again.
            GitHubError: A request to GitHub fails.
        """
        try:
            connected = self._run(target, screen)
        except _ERRORS as error:
            screen.failed(str(error))
            raise
        screen.done(next_command)
        return connected

    def _run(self, target: Target, screen: Screen) -> Connected:
        owned = owned_app.find(self._store, target, screen)
        owned = owned or self._registration.run(target, screen)
        client = github.app_client(owned.app).client
        installed = self._installation(client, owned, target, screen)
        name = connection_of(target.server, target.name)
        record = self._records.read(name)
        if record is None or record.app_id != owned.app.app_id:
            self._receive(client, owned, target, screen)
            record = ConnectRecord(
                connection=name,
                account=target.name,
                api_url=owned.app.api_url,
                app_id=owned.app.app_id,
                app_slug=owned.app.slug,
                connected_at=self._now(),
            )
            self._records.save(record)
        return Connected(record=record, all_repositories=installed.all_repositories)

    def _installation(
        self, client: Client, owned: OwnedApp, target: Target, screen: Screen
    ) -> Installation:
        found = installation.find(client, target)
        if found is None:
            link = installation_url(owned.details.html_url)
            screen.note(f"Install the App on {target.owner}: {link}")
            if target.kind is Kind.REPOSITORY:
                screen.note(f"Select only the repository {target.name}.")
            screen.install(link, is_resumed=not owned.is_new)
            screen.note("Waiting until the App is installed …")
            found = installation.wait_for(client, target, owned.details, self._deadline)
        scope = "all repositories" if found.all_repositories else "selected repositories"
        screen.note(f"The App is installed on {found.account}, for {scope}.")
        return found

    def _receive(self, client: Client, owned: OwnedApp, target: Target, screen: Screen) -> None:
        screen.delivery()
        screen.note("Waiting until the stack accepts the first delivery …")

        def seen(state: str) -> None:
            screen.delivery(state)
            screen.note(state)

        page = deletion_url(target.server, organisation=target.organisation, slug=owned.app.slug)
        accepted = first_delivery.wait_for(client, self._deadline, seen=seen, app_page=page)
        screen.note(f"The stack has accepted the event {accepted.event}.")
