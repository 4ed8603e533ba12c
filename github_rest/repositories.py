"""Repositories: one by its name or id, those of an organisation, a user or an installation.

Owns the facts that are read of a repository. Custom properties come with the repository where
GitHub sends them, and else from the list of an organisation's values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from github_rest.errors import RefusedError
from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.pages import Listing, Page, pages
from github_rest.http.paths import repository_path, segment
from github_rest.http.responses import skip_of

_OLDEST_FIRST = {"sort": "created", "direction": "asc"}

Properties = Mapping[str, str | tuple[str, ...]]
"""Custom properties. A property with several values is a tuple; one without a value is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The facts of a repository.

    Attributes:
        id: The id, which a rename or a transfer does not change.
        full_name: `owner/name` in GitHub's spelling.
        owner: The login of the owner.
        default_branch: The default branch, None where GitHub does not send it.
        visibility: `public`, `private` or `internal`.
        archived: Whether it is archived.
        topics: Its topics.
        properties: Its custom properties, None where GitHub does not send them.
        document: GitHub's object, for callers that read more of it.
    """

    id: int
    full_name: str
    owner: str
    default_branch: str | None
    visibility: str
    archived: bool
    topics: tuple[str, ...]
    properties: Properties | None
    document: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryProperties:
    """The custom properties of one repository of an organisation."""

    repository_id: int
    full_name: str
    properties: Properties


def get(client: Client, repository: str | int) -> Repository:
    """Return a repository, by `owner/name` or id. A former name finds it under its present one.

    Raises:
        SkippedError: The repository is gone.
        GitHubError: The request fails.
    """
    try:
        response = client.get(repository_path(repository))
    except RefusedError as error:
        raise skip_of(error) from error
    return repository_of(fields.mapping(response.data, "repository"))


def of_organisation(
    client: Client, login: str, *, start: str | None = None
) -> Iterator[Page[Repository]]:
    """Yield the repositories of an organisation that the client can see."""
    listing = Listing(f"/orgs/{segment(login)}/repos", repository_of, _OLDEST_FIRST)
    return pages(client, listing, start=start)


def of_user(client: Client, login: str, *, start: str | None = None) -> Iterator[Page[Repository]]:
    """Yield the public repositories that a user owns."""
    parameters = {"type": "owner", **_OLDEST_FIRST}
    return pages(
        client, Listing(f"/users/{segment(login)}/repos", repository_of, parameters), start=start
    )


def of_token(client: Client, *, start: str | None = None) -> Iterator[Page[Repository]]:
    """Yield the repositories that the user of the client's token owns, private ones included."""
    parameters = {"affiliation": "owner", **_OLDEST_FIRST}
    return pages(client, Listing("/user/repos", repository_of, parameters), start=start)


def of_installation(client: Client, *, start: str | None = None) -> Iterator[Page[Repository]]:
    """Yield the repositories that the installation of the client can see."""
    listing = Listing("/installation/repositories", repository_of, key="repositories")
    return pages(client, listing, start=start)


def properties_of_organisation(
    client: Client, login: str, *, start: str | None = None
) -> Iterator[Page[RepositoryProperties]]:
    """Yield the custom properties of the repositories of an organisation."""
    listing = Listing(f"/orgs/{segment(login)}/properties/values", _values_of)
    return pages(client, listing, start=start)


def repository_of(data: Mapping[str, object]) -> Repository:
    """Return the facts in GitHub's object of a repository. Pure.

    Raises:
        InvalidResponseError: The id, the name or the owner is missing or invalid.
    """
    owner = fields.mapping(data.get("owner"), "owner")
    visibility = "private" if fields.flag(data, "private") else "public"
    properties = data.get("custom_properties")
    return Repository(
        id=fields.integer(data, "id"),
        full_name=fields.text(data, "full_name"),
        owner=fields.text(owner, "login"),
        default_branch=fields.text_or_none(data, "default_branch"),
        visibility=fields.text_or_none(data, "visibility") or visibility,
        archived=fields.flag(data, "archived"),
        topics=fields.texts(data, "topics"),
        properties=None if properties is None else _properties_of(properties),
        document=data,
    )


def _values_of(data: Mapping[str, object]) -> RepositoryProperties:
    listed = [
        fields.mapping(one, "property")
        for one in fields.array(data.get("properties"), "properties")
    ]
    values = {fields.text(one, "property_name"): one.get("value") for one in listed}
    return RepositoryProperties(
        repository_id=fields.integer(data, "repository_id"),
        full_name=fields.text(data, "repository_full_name"),
        properties=_properties_of(values),
    )


def _properties_of(values: object) -> Properties:
    properties: dict[str, str | tuple[str, ...]] = {}
    for name, value in fields.mapping(values, "custom_properties").items():
        if isinstance(value, str):
            properties[name] = value
        elif isinstance(value, list):
            properties[name] = tuple(one for one in value if isinstance(one, str))
    return properties
