"""The sources of alerts: an organisation, an enterprise, a repository, or a user's repositories.

Owns which lists of GitHub a source consists of, and the repository that belongs to each listed
alert. Lists of a source have ascending ids, so that a cursor can name the last one that was read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from github_rest import alerts, repositories
from github_rest.alerts import Alert
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from github_rest.http.pages import Page
from github_rest.repositories import Repository
from reconcile.progress import Branches

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AlertList:
    """A list of alerts.

    Attributes:
        id: The id of its repository; 1 for the list of a whole organisation or enterprise.
        name: The name of what it lists.
        page: Returns the page with this address, or the first page for None.
        repository_of: Returns the repository of a listed alert, as GitHub's JSON.
        default_branch: The default branch of the repository, None if the list contains only
            alerts of default branches.
    """

    id: int
    name: str
    page: Callable[[str | None], Page[Alert]]
    repository_of: Callable[[Alert], object]
    default_branch: str | None = None


class Source(Protocol):
    """A source of alerts. `name` identifies it on its server."""

    @property
    def branches(self) -> Branches:
        """Which alerts of its repositories it lists."""
        ...

    @property
    def name(self) -> str:
        """The name, such as `acme` or `acme/web`."""
        ...

    @property
    def lists(self) -> Sequence[AlertList]:
        """The lists by ascending id. The first access can send requests."""
        ...


class OrganisationSource:
    """The alerts on the default branches of an organisation: one list.

    Its alerts contain only a short form of their repositories, so the list of the repositories
    adds the facts, one request for each 100 of them.
    """

    branches: ClassVar = Branches.DEFAULT

    def __init__(self, client: Client, login: str) -> None:
        self._client = client
        self.name = login

    @cached_property
    def lists(self) -> Sequence[AlertList]:
        """The list of the organisation."""

        def page(start: str | None) -> Page[Alert]:
            return next(alerts.of_organisation(self._client, self.name, start=start))

        return (AlertList(1, self.name, page, self._repository_of),)

    def _repository_of(self, alert: Alert) -> object:
        """Return the repository with its facts, and with the name that the alert has."""
        listed = alert.get("repository")
        if not isinstance(listed, dict):
            return listed
        return {
            **listed,
            **self._facts.get(listed.get("id"), {}),
            "full_name": listed.get("full_name"),
        }

    @cached_property
    def _facts(self) -> Mapping[object, Json]:
        found = repositories.of_organisation(self._client, self.name)
        return {one.id: json_of(one) for page in found for one in page.items}


class RepositoriesSource:
    """The alerts of all repositories of an organisation, on all their branches.

    It has a list for each repository: at least one request each, and one for 100 of them.
    """

    branches: ClassVar = Branches.ALL

    def __init__(self, client: Client, login: str) -> None:
        self._client = client
        self.name = login

    @cached_property
    def lists(self) -> Sequence[AlertList]:
        """The lists of the repositories, oldest repository first."""
        found = repositories.of_organisation(self._client, self.name)
        return _lists_of(self._client, found)


class EnterpriseSource:
    """The alerts on the default branches of an enterprise: one list, which Apps cannot read."""

    branches: ClassVar = Branches.DEFAULT

    def __init__(self, client: Client, slug: str) -> None:
        self._client = client
        self.name = f"enterprises/{slug}"
        self._slug = slug

    @cached_property
    def lists(self) -> Sequence[AlertList]:
        """The list of the enterprise."""

        def page(start: str | None) -> Page[Alert]:
            return next(alerts.of_enterprise(self._client, self._slug, start=start))

        return (AlertList(1, self.name, page, lambda alert: alert.get("repository")),)


class RepositorySource:
    """The alerts of a repository, on all its branches."""

    branches: ClassVar = Branches.ALL

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self.name = name

    @cached_property
    def lists(self) -> Sequence[AlertList]:
        """The list of the repository, after one request for its default branch."""
        return (_list_of(self._client, repositories.get(self._client, self.name)),)


class UserSource:
    """The alerts of all repositories that a user owns, on all their branches.

    Private repositories are among them if the credentials are those of the user, or of an App that
    is installed on the user's account.
    """

    branches: ClassVar = Branches.ALL

    def __init__(self, client: Client, login: str) -> None:
        self._client = client
        self.name = login

    @cached_property
    def lists(self) -> Sequence[AlertList]:
        """The lists of the repositories, oldest repository first."""
        for listing in (repositories.of_token, repositories.of_installation):
            own = self._own(listing(self._client))
            if own:
                return own
        return _lists_of(self._client, repositories.of_user(self._client, self.name))

    def _own(self, pages: Iterator[Page[Repository]]) -> Sequence[AlertList]:
        """Return the lists of the credentials' repositories, none if they are somebody else's."""
        try:
            return _lists_of(self._client, pages, owner=self.name.lower())
        except RefusedError as error:
            if error.reason != "forbidden":
                raise
            return ()


def json_of(repository: Repository) -> Json:
    """Return the facts of a repository in the form of GitHub's JSON. Pure."""
    properties = repository.properties
    return {
        "id": repository.id,
        "full_name": repository.full_name,
        "default_branch": repository.default_branch,
        "visibility": repository.visibility,
        "archived": repository.archived,
        "topics": list(repository.topics),
        "custom_properties": None
        if properties is None
        else {
            name: value if isinstance(value, str) else list(value)
            for name, value in properties.items()
        },
    }


def _lists_of(
    client: Client, pages: Iterator[Page[Repository]], *, owner: str | None = None
) -> Sequence[AlertList]:
    """Return the lists of repositories by their ids, none if one of them has another owner."""
    found: dict[int, AlertList] = {}
    for page in pages:
        for one in page.items:
            if owner is not None and one.owner.lower() != owner:
                return ()
            found[one.id] = _list_of(client, one)
    return tuple(found[number] for number in sorted(found))


def _list_of(client: Client, repository: Repository) -> AlertList:
    number, facts = repository.id, json_of(repository)

    def page(start: str | None) -> Page[Alert]:
        return next(alerts.of_repository(client, number, start=start))

    return AlertList(number, repository.full_name, page, lambda _: facts, repository.default_branch)
