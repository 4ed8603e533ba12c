"""A repository as GitHub reported it at one time: its id, its name and its facts.

Owns the limits of these values. What is stored of them belongs to `repositories`. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingest.errors import InvalidAlertError
from ingest.names import is_repository
from ingest.terms import Visibility

MAX_TOPICS = 20
MAX_PROPERTIES = 50
MAX_PROPERTY_VALUES = 20
LONGEST_LABEL = 255
"""The longest topic, name or value of a property, and name of a branch, in UTF-8 bytes."""
_LARGEST_ID = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFacts:
    """What GitHub reports about a repository. A value is None if it is not reported.

    Attributes:
        visibility: Who can see it.
        archived: Whether it is archived, and so read-only.
        topics: Its topics; sorted, each once.
        properties: Its custom properties by name, each with one or several values; sorted.
        default_branch: The name of its default branch.
    """

    visibility: Visibility | None = None
    archived: bool | None = None
    topics: tuple[str, ...] | None = None
    properties: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    default_branch: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidAlertError, `repository_facts_invalid`, if a value exceeds its limit."""
        topics, properties = self.topics or (), self.properties or ()
        labels = [*topics, *(name for name, _ in properties)]
        labels += [value for _, values in properties for value in values]
        if self.default_branch is not None:
            labels.append(self.default_branch)
        names = [name for name, _ in properties]
        is_valid = (
            len(topics) <= MAX_TOPICS
            and list(topics) == sorted(set(topics))
            and len(properties) <= MAX_PROPERTIES
            and names == sorted(set(names))
            and all(len(values) <= MAX_PROPERTY_VALUES for _, values in properties)
            and all(_is_label(label) for label in labels)
        )
        if not is_valid:
            raise InvalidAlertError("repository_facts_invalid")

    def values(self) -> Mapping[str, object]:
        """Return the reported values by their names, as JSON."""
        properties = self.properties
        found: dict[str, object] = {
            "visibility": self.visibility,
            "archived": self.archived,
            "topics": None if self.topics is None else list(self.topics),
            "customProperties": None
            if properties is None
            else {name: list(values) for name, values in properties},
            "defaultBranch": self.default_branch,
        }
        return {name: value for name, value in found.items() if value is not None}


def facts_from(values: object) -> RepositoryFacts:
    """Return the facts whose `values` these are.

    Raises:
        InvalidAlertError: `repository_facts_invalid`.
    """
    try:
        return _facts_from(values)
    except (AttributeError, TypeError, ValueError) as error:
        raise InvalidAlertError("repository_facts_invalid") from error


def _facts_from(values: Any) -> RepositoryFacts:  # noqa: ANN401
    visibility, archived, topics, properties, default_branch = (
        values.get(name)
        for name in ("visibility", "archived", "topics", "customProperties", "defaultBranch")
    )
    if not isinstance(archived, bool | None) or not isinstance(default_branch, str | None):
        raise TypeError("a value has the wrong type")
    return RepositoryFacts(
        visibility=None if visibility is None else Visibility(visibility),
        archived=archived,
        topics=None if topics is None else tuple(map(_text, topics)),
        properties=None
        if properties is None
        else tuple((_text(name), tuple(map(_text, many))) for name, many in properties.items()),
        default_branch=default_branch,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRepository:
    """A repository at one time.

    Attributes:
        id: GitHub's id, which survives renames and transfers.
        name: The name `Owner/Name`, in GitHub's spelling.
        seen_at: The newest time that GitHub reported with it. It is never a receipt, so a delivery
            that is sent again does not make an old name new.
        facts: What GitHub reported about it.
    """

    id: int
    name: str
    seen_at: datetime
    facts: RepositoryFacts

    def __post_init__(self) -> None:
        """Raise InvalidAlertError if a value is invalid."""
        if not is_repository_id(self.id):
            raise InvalidAlertError("repository_id_invalid")
        if not is_repository(self.name):
            raise InvalidAlertError("repository_invalid")
        if self.seen_at.utcoffset() != timedelta(0) or self.seen_at.microsecond % 1000:
            raise InvalidAlertError("repository_seen_at_invalid")


def is_repository_id(value: object) -> bool:
    """Return whether a value is GitHub's id of a repository."""
    return type(value) is int and 0 < value <= _LARGEST_ID


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _is_label(text: str) -> bool:
    return text != "" and text.isprintable() and len(text.encode()) <= LONGEST_LABEL
