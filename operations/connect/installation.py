"""The wait until a person has installed the App on the account.

Owns which installation counts: for one repository the one that sees it.
"""

from collections.abc import Callable

from github_rest import apps
from github_rest.apps import AppDetails, Installation
from github_rest.http.client import Client
from github_rest.manifest import installation_url
from operations.connect.deadline import Deadline
from operations.connect.errors import NotInTimeError
from operations.connect.target import Kind, Target

_PAUSE_S = 3.0


def find(client: Client, target: Target) -> Installation | None:
    """Return the installation of the client's App on the target, if GitHub sends its events.

    Raises:
        GitHubError: The request fails.
    """
    finders: dict[Kind, Callable[[Client, str], Installation | None]] = {
        Kind.ORGANISATION: apps.installation_of_organisation,
        Kind.USER: apps.installation_of_user,
        Kind.REPOSITORY: apps.installation_of_repository,
    }
    found = finders[target.kind](client, target.name)
    return None if found is None or found.suspended else found


def wait_for(
    client: Client, target: Target, details: AppDetails, deadline: Deadline
) -> Installation:
    """Return the installation as soon as there is one.

    Raises:
        NotInTimeError: The time is up.
        GitHubError: A request fails.
    """
    for _ in deadline.turns(_PAUSE_S):
        found = find(client, target)
        if found is not None:
            return found
    raise NotInTimeError(
        f"The App {details.slug} was not installed on {target.name} in time.",
        next_step=f"Install it at {installation_url(details.html_url)}, or end its suspension, and"
        " run the same command again. It continues with this App.",
    )
