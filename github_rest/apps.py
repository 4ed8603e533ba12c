"""GitHub Apps: the App itself, its installations, and the exchange of a manifest's code.

Owns the requests of a client with the credentials of an App. The content of a manifest belongs to
`manifest`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from github_rest.errors import RefusedError
from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.pages import Listing, Page, pages
from github_rest.http.paths import repository_path, segment


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDetails:
    """A registered App.

    Attributes:
        id: Its id.
        slug: Its name in addresses.
        html_url: Its page, where it can be installed.
        owner: The login of its owner, None for an App of an enterprise.
        events: The events that its webhook gets.
        permissions: What it may read or write.
    """

    id: int
    slug: str
    html_url: str
    owner: str | None
    events: tuple[str, ...]
    permissions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApp:
    """An App that was just registered, with its secrets, which GitHub shows once."""

    details: AppDetails
    private_key: str = field(repr=False)
    webhook_secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation of an App.

    Attributes:
        id: Its id.
        account: The login of the organisation or user.
        account_type: `Organization`, `User` or `Enterprise`.
        all_repositories: Whether it sees all repositories, also future ones.
        suspended: Whether its tokens are refused at present.
    """

    id: int
    account: str
    account_type: str
    all_repositories: bool
    suspended: bool


def get(client: Client) -> AppDetails:
    """Return the App of the client.

    Raises:
        GitHubError: The request fails.
    """
    return _details_of(fields.mapping(client.get("/app").data, "app"))


def convert_manifest(client: Client, code: str) -> NewApp:
    """Exchange the code of GitHub's redirection for the App and its secrets. A code works once.

    Raises:
        GitHubError: The request fails; an unknown or used code is `not_found`.
    """
    data = fields.mapping(client.post(f"/app-manifests/{segment(code)}/conversions").data, "app")
    return NewApp(
        details=_details_of(data),
        private_key=fields.text(data, "pem"),
        webhook_secret=fields.text_or_none(data, "webhook_secret"),
    )


def installations(client: Client, *, start: str | None = None) -> Iterator[Page[Installation]]:
    """Yield the installations of the client's App."""
    return pages(client, Listing("/app/installations", _installation_of), start=start)


def installation_of_organisation(client: Client, login: str) -> Installation | None:
    """Return the installation on an organisation, or None if there is none."""
    return _installation(client, f"/orgs/{segment(login)}/installation")


def installation_of_user(client: Client, login: str) -> Installation | None:
    """Return the installation on a user's account, or None if there is none."""
    return _installation(client, f"/users/{segment(login)}/installation")


def installation_of_repository(client: Client, repository: str) -> Installation | None:
    """Return the installation that sees a repository, or None if there is none."""
    return _installation(client, f"{repository_path(repository)}/installation")


def _installation(client: Client, path: str) -> Installation | None:
    try:
        data = client.get(path).data
    except RefusedError as error:
        if error.reason == "not_found":
            return None
        raise
    return _installation_of(fields.mapping(data, "installation"))


def _details_of(data: Mapping[str, object]) -> AppDetails:
    owner = fields.mapping(data.get("owner") or {}, "owner")
    permissions = fields.mapping(data.get("permissions"), "permissions")
    return AppDetails(
        id=fields.integer(data, "id"),
        slug=fields.text(data, "slug"),
        html_url=fields.text(data, "html_url"),
        owner=fields.text_or_none(owner, "login"),
        events=fields.texts(data, "events"),
        permissions={name: level for name, level in permissions.items() if isinstance(level, str)},
    )


def _installation_of(data: Mapping[str, object]) -> Installation:
    account = fields.mapping(data.get("account"), "account")
    login = fields.text_or_none(account, "login") or fields.text(account, "slug")
    return Installation(
        id=fields.integer(data, "id"),
        account=login,
        account_type=fields.text(data, "target_type"),
        all_repositories=fields.text(data, "repository_selection") == "all",
        suspended=data.get("suspended_at") is not None,
    )
