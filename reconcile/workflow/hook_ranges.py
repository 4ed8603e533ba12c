"""The download of GitHub's hook ranges, as a connected App where there is one.

GitHub counts anonymous requests by address, 60 an hour, and functions of many AWS accounts share
addresses. The requests of an installation have a limit of their own. Credentials that fail are not
needed: the anonymous request follows.
"""

from collections.abc import Callable, Sequence
from contextlib import closing

from botocore.exceptions import BotoCoreError, ClientError

from github_rest import apps as github_apps
from github_rest.errors import GitHubError
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import App
from github_rest.http.retries import Patience
from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.meta_document import fetch
from ingest.webhooks.connected_apps import ConnectedApp
from reconcile.workflow.connected_apps import server

REQUEST_TIMEOUT_S = 10.0
_META = "/meta"


def download(
    meta_url: str,
    *,
    read_apps: Callable[[], Sequence[ConnectedApp]],
    refused: Callable[[Exception], None],
) -> HookRanges:
    """Return GitHub's present ranges.

    Args:
        meta_url: The address of the meta document.
        read_apps: Returns the connected Apps. Those of other GitHubs are not used.
        refused: Is called with the error if the document cannot be read as an App.

    Raises:
        HookRangesError: `hook_ranges_unreachable`, or `hook_ranges_malformed`.
    """
    try:
        for app in read_apps():
            if server(app).api_url + _META == meta_url and (ranges := _as_app(app)):
                return ranges
    except (GitHubError, HookRangesError, ValueError, ClientError, BotoCoreError) as error:
        refused(error)
    return HookRanges.parse(fetch(meta_url))


def _as_app(app: ConnectedApp) -> HookRanges | None:
    """Return the ranges that an installation of the App reads, None without an installation."""
    connection = Connection(server(app), patience=Patience(attempts=1), timeout_s=REQUEST_TIMEOUT_S)
    with closing(connection):
        client = Client(App(app.app_id, app.private_key), connection)
        for page in github_apps.installations(client):
            for one in page.items:
                if not one.suspended:
                    return HookRanges.of(client.installation(one.id).get(_META).data)
    return None
