"""Pages: the parts in which GitHub returns a list, each with the address of the next one.

Owns the iteration. One page is in memory at a time, and the next request is sent when the caller
needs the next page. `next_url` is the cursor to store: a listing that starts with it continues
there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from github_rest.errors import InvalidResponseError
from github_rest.http import fields
from github_rest.http.client import Client
from github_rest.http.responses import RateLimit

PER_PAGE = 100
"""The most that GitHub returns."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list.

    Attributes:
        items: The items of this page.
        next_url: The cursor: where the list continues, None on the last page.
        observed_at: A time at which the items were as they are here.
        rate: The rate limit after this page.
        repository_id: The id of the repository that was listed, if the address contains it.
    """

    items: tuple[Item, ...]
    next_url: str | None
    observed_at: datetime
    rate: RateLimit | None
    repository_id: int | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """A list of the API.

    Attributes:
        path: The path in the API.
        parse: Makes an item of each JSON object.
        parameters: The query parameters of the first page.
        key: The field with the items, for a list that is an object.
    """

    path: str
    parse: Callable[[Mapping[str, object]], Item]
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    key: str | None = None


def pages(
    client: Client, listing: Listing[Item], *, start: str | None = None
) -> Iterator[Page[Item]]:
    """Yield the pages of a list, after the page with the `next_url` in `start`.

    Raises:
        GitHubError: A request fails, or the list does not end, reason `endless_pages`.
    """
    first = {"per_page": PER_PAGE, **listing.parameters}
    url, parameters = (start, {}) if start else (listing.path, first)
    while True:
        response = client.get(url, parameters)
        data = response.data
        if listing.key is not None:
            data = fields.mapping(data, "page").get(listing.key)
        items = fields.objects(data, "page")
        yield Page(
            tuple(map(listing.parse, items)),
            response.next_url, response.observed_at, response.rate, response.repository_id,
        )  # fmt: skip
        if response.next_url is None:
            return
        if response.next_url == url:
            raise InvalidResponseError("endless_pages")
        url, parameters = response.next_url, {}
