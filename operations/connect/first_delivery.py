"""The wait until the stack has accepted a delivery of the App.

Owns the requests for redelivery. GitHub pings a new App before the stack has its secret, and does
not repeat a failed delivery by itself. The receiver reads new secrets at most once a minute.
"""

from collections.abc import Callable

from github_rest.deliveries import APP_HOOK, Delivery, of_hook, redeliver
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from operations.connect.deadline import Deadline
from operations.connect.errors import NotInTimeError
from redelivery.attempts import lost_of

_PAUSE_S = 3.0
_TURNS_BETWEEN_REQUESTS = 5
_MOST_REQUESTS = 5
"""How many deliveries are repeated at a time."""
_EXPLAINED = {
    401: "The stack does not have the secret of the App yet. It reads new secrets within a minute.",
    403: "The stack does not accept deliveries from this address of GitHub. Check the setting"
    " metaUrl.",
}


def wait_for(
    client: Client, deadline: Deadline, *, seen: Callable[[str], None], app_page: str
) -> Delivery:
    """Return the first accepted delivery; ask GitHub to repeat those that failed.

    Args:
        client: A client of the App.
        deadline: The end of the wait.
        seen: Called with the state of the deliveries, whenever it changes.
        app_page: The page on which GitHub shows the deliveries.

    Raises:
        NotInTimeError: The time is up.
        GitHubError: A request fails.
    """
    shown = ""
    for turn, _ in enumerate(deadline.turns(_PAUSE_S)):
        attempts = next(of_hook(client, APP_HOOK)).items
        accepted = [one for one in attempts if one.succeeded]
        if accepted:
            return accepted[-1]
        state = state_of(attempts[0] if attempts else None)
        if state != shown:
            seen(state)
            shown = state
        if turn % _TURNS_BETWEEN_REQUESTS == 0:
            _repeat(client, attempts)
    raise NotInTimeError(
        f"The stack accepted no delivery of the App in time. {shown}",
        next_step=f"Look at the deliveries in {app_page}, and run the same command again. It goes"
        " on with this App.",
    )


def state_of(newest: Delivery | None) -> str:
    """Return what is known of the newest delivery, as a sentence."""
    if newest is None:
        return "GitHub has not sent anything yet."
    unknown = f"GitHub could not deliver the event {newest.event}: {newest.status}."
    return _EXPLAINED.get(newest.status_code, unknown)


def _repeat(client: Client, attempts: tuple[Delivery, ...]) -> None:
    for one in lost_of(attempts)[-_MOST_REQUESTS:]:
        try:
            redeliver(client, APP_HOOK, one.id)
        except RefusedError as error:
            # GitHub has removed it in the meantime.
            if error.reason != "not_found":
                raise
