"""Code scanning alerts: those of an organisation, an enterprise or a repository, and a single one.

Owns the requests, and the refusals that are a reason to skip a repository. An alert is returned
as the JSON that GitHub sends.

The lists of an organisation and of an enterprise contain the alerts of default branches only. The
list of an enterprise is not open to Apps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from github_rest import repositories
from github_rest.errors import RefusedError, Skipped, SkippedError
from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.pages import Listing, Page, pages
from github_rest.http.paths import repository_path, segment
from github_rest.http.responses import skip_of

Alert = Mapping[str, object]
AlertPages = Iterator[Page[Alert]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOrder:
    """The order and the choice of a list of alerts.

    Attributes:
        sort: The time to sort by.
        direction: Oldest first keeps earlier pages as they are while alerts are added.
        state: Only open, closed, dismissed or fixed ones; all if None.
        tool: Only those of this tool; all if None.
    """

    sort: Literal["created", "updated"] = "created"
    direction: Literal["asc", "desc"] = "asc"
    state: Literal["open", "closed", "dismissed", "fixed"] | None = None
    tool: str | None = None

    def parameters(self) -> dict[str, str]:
        """Return the query parameters."""
        chosen = {"state": self.state, "tool_name": self.tool}
        given = {name: value for name, value in chosen.items() if value is not None}
        return {"sort": self.sort, "direction": self.direction, **given}


OLDEST_FIRST = AlertOrder()


def of_organisation(
    client: Client, login: str, *, order: AlertOrder = OLDEST_FIRST, start: str | None = None
) -> AlertPages:
    """Yield the alerts of all repositories of an organisation."""
    path = f"/orgs/{segment(login)}/code-scanning/alerts"
    return pages(client, Listing(path, _as_is, order.parameters()), start=start)


def of_enterprise(
    client: Client, slug: str, *, order: AlertOrder = OLDEST_FIRST, start: str | None = None
) -> AlertPages:
    """Yield the alerts of all repositories of an enterprise. Apps get the error `forbidden`."""
    path = f"/enterprises/{segment(slug)}/code-scanning/alerts"
    return pages(client, Listing(path, _as_is, order.parameters()), start=start)


def of_repository(
    client: Client,
    repository: str | int,
    *,
    ref: str | None = None,
    order: AlertOrder = OLDEST_FIRST,
    start: str | None = None,
) -> AlertPages:
    """Yield the alerts of a repository.

    Args:
        client: Sends the requests.
        repository: `owner/name` or the id.
        ref: Only alerts of this ref, for example `refs/heads/main`; without it, of all refs, with
            the instance on the default branch.
        order: The order and the choice.
        start: The `next_url` of a page, to continue after that page.

    Raises:
        SkippedError: The repository has no alerts to read, which is not a failure.
        GitHubError: A request fails.
    """
    parameters = order.parameters() | ({} if ref is None else {"ref": ref})
    path = f"{repository_path(repository)}/code-scanning/alerts"
    try:
        yield from pages(client, Listing(path, _as_is, parameters), start=start)
    except RefusedError as error:
        raise skip_of(error) from error


def get(client: Client, repository: str | int, number: int) -> Alert | None:
    """Return one alert, or None if it does not exist in a repository that the client can see.

    A repository that cannot be seen has the same status as an alert that does not exist, so a 404
    costs a second request.

    Raises:
        SkippedError: The repository has no alerts to read, or is gone.
        GitHubError: A request fails.
    """
    try:
        response = client.get(f"{repository_path(repository)}/code-scanning/alerts/{number}")
    except RefusedError as error:
        refusal = skip_of(error)
        if not isinstance(refusal, SkippedError):
            raise
        if refusal.skipped not in {Skipped.REPOSITORY_GONE, Skipped.NO_ANALYSIS}:
            raise refusal from error
        repositories.get(client, repository)
        return None
    return fields.mapping(response.data, "alert")


def _as_is(alert: Alert) -> Alert:
    return alert
