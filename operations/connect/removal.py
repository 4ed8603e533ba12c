"""The removal of an App from a deployment.

Owns what is forgotten: the credentials and the records of the connections. GitHub has no request
that deletes an App, so the owner deletes it on GitHub's page.
"""

from dataclasses import dataclass

from github_rest.manifest import deletion_url
from operations.connect.app_store import AppStore
from operations.connect.errors import NotConnectedError
from operations.connect.owned_app import owned_by
from operations.connect.target import Target
from operations.deployment import Deployment
from reconcile.connect_records import ConnectRecords


@dataclass(frozen=True, slots=True)
class Removed:
    """The name of a removed App, and the page on which the owner deletes it."""

    slug: str
    deletion_url: str


def remove(deployment: Deployment, target: Target, store: AppStore) -> tuple[Removed, ...]:
    """Remove the Apps of the owner, and return them.

    Raises:
        NotConnectedError: No App of the owner is connected.
    """
    found = owned_by(target, store.read())
    if not found:
        raise NotConnectedError(
            f"No App of {target.owner} on {target.host} is connected.",
            next_step="Check the name, --enterprise-server and --stack.",
        )
    records = ConnectRecords(deployment.aws.dynamodb, table=deployment.output("ConnectionsTable"))
    for app in found:
        store.remove(app)
        for record in records.all():
            if (record.api_url, record.app_id) == app.identity:
                records.remove(record.connection)
    # The receiver also accepts the version before the current one.
    store.renew()
    return tuple(
        Removed(
            app.slug,
            deletion_url(target.server, organisation=target.organisation, slug=app.slug),
        )
        for app in found
    )
