"""The accounts that a connected App is installed on.

Owns the stored copy of GitHub's list: hourly tasks read the copy, so that they do not ask GitHub
each time. A copy without an account is not used, since the App can be installed at any time.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from github_rest import apps
from github_rest.http.client import Client
from ingest import instant
from ingest.webhooks.connected_apps import ConnectedApp
from reconcile.connections import connection_of
from reconcile.scans.account import Account
from reconcile.workflow.connected_apps import server
from reconcile.workflow.task_states import State, TaskStates

_ENTERPRISE = "Enterprise"


class Installations:
    """The installations of Apps, with their stored copies."""

    def __init__(self, states: TaskStates) -> None:
        self._states = states

    def of(
        self, app: ConnectedApp, client: Client, *, now: datetime, is_new: bool = False
    ) -> Sequence[Account]:
        """Return the accounts of an App.

        Args:
            app: The App.
            client: A client with its credentials.
            now: The present time.
            is_new: Whether to ask GitHub although there is a copy.

        Raises:
            GitHubError: A request to GitHub fails.
            OvertakenError: Another run stored the list in the meantime.
        """
        host, task = urlsplit(server(app).web_url).netloc, f"installations#{app.app_id}"
        kept = self._states.read(host, task)
        accounts = [_account_of(app, one) for one in kept.state.get("installations", ())]
        if accounts and not is_new:
            return accounts
        listed = [
            {
                "id": one.id,
                "login": one.account,
                "isOrganisation": one.account_type == "Organization",
                "seesAll": one.all_repositories,
            }
            for page in apps.installations(client)
            for one in page.items
            if not one.suspended and one.account_type != _ENTERPRISE
        ]
        if listed != kept.state.get("installations"):
            read_at = instant.to_text(instant.to_ms(now))
            state = {"app": app.slug, "installations": listed, "readAt": read_at}
            self._states.save(host, task, state, revision=kept.revision)
        return [_account_of(app, one) for one in listed]


def _account_of(app: ConnectedApp, stored: State) -> Account:
    return Account(
        app=app.identity,
        connection=connection_of(server(app), stored["login"]),
        login=stored["login"],
        is_organisation=stored["isOrganisation"],
        installation_id=stored["id"],
        sees_all=stored["seesAll"],
    )
