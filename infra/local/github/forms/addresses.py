"""The addresses in GitHub's JSON, and how it writes times.

Owns the two base addresses, of the pages and of the API.
"""

from dataclasses import dataclass
from datetime import datetime

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address of the pages, and that of the API, both without a final slash."""

    web: str
    api: str


def text(at: datetime | None) -> str | None:
    """Write a time as GitHub does: UTC, in whole seconds."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(kind: str, number: int) -> str:
    """Return the global id of an object."""
    return f"{kind}_{number}"
