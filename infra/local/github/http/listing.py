"""Lists in pages: which items a page has, and the addresses in the header `Link`.

Owns GitHub's two kinds of pages: numbers, which shift when items are added, and cursors, which are
the key of an item and do not. Pure.
"""

import base64
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

Item = TypeVar("Item")
Key = tuple[object, ...]
LONGEST_PAGE = 100
_POSITIONS = frozenset({"page", "after", "before", "cursor"})


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """A page: its items, and the query parameters of the pages around it by their `rel`."""

    items: Sequence[Item]
    links: Mapping[str, Mapping[str, str]]


def numbered(items: Sequence[Item], query: Mapping[str, str]) -> Part[Item]:
    """Return the page with the number in the query."""
    size = page_size(query)
    number = max(1, int(query.get("page", "1")))
    last = max(1, -(-len(items) // size))
    pages = {"prev": number - 1, "next": number + 1, "first": 1, "last": last}
    if number == 1:
        del pages["prev"], pages["first"]
    if number >= last:
        del pages["next"], pages["last"]
    links = {rel: {"page": str(page)} for rel, page in pages.items()}
    return Part(items[(number - 1) * size : number * size], links)


def after_cursor(
    items: Sequence[Item],
    keys: Sequence[Key],
    query: Mapping[str, str],
    *,
    name: str = "after",
    repeated: int = 0,
) -> Part[Item]:
    """Return the page after the cursor in the query.

    Args:
        items: The whole list.
        keys: The key of each item, in ascending order.
        query: The parameters of the request.
        name: The parameter with the cursor.
        repeated: How many items of the page before appear once more.
    """
    cursor = query.get(name)
    start = bisect_right(keys, read_cursor(cursor)) if cursor else 0
    end = start + page_size(query)
    first = max(0, start - repeated) if cursor else 0
    links = {"next": {name: write_cursor(keys[end - 1])}} if end < len(items) else {}
    return Part(items[first:end], links)


def page_size(query: Mapping[str, str]) -> int:
    """Return how many items a page has."""
    return min(LONGEST_PAGE, max(1, int(query.get("per_page", "30"))))


def link_header(url: str, query: Mapping[str, str], part: Part[Item]) -> str:
    """Return the header `Link`; it is empty for a single page."""
    kept = {name: value for name, value in query.items() if name not in _POSITIONS}
    return ", ".join(
        f'<{url}?{urlencode({**kept, **position})}>; rel="{rel}"'
        for rel, position in part.links.items()
    )


def write_cursor(key: Key) -> str:
    """Return the key of an item as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Key:
    """Read the key in a cursor. Raises ValueError if it is not one."""
    padded = cursor + "=" * (-len(cursor) % 4)
    return tuple(json.loads(base64.urlsafe_b64decode(padded)))
