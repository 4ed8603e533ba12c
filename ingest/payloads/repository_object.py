"""GitHub's object of a repository, which webhooks and the REST API share.

Owns where the values are, how they are shortened, and the time at which the repository was seen. A
malformed value is left out, except for the id and the name. Pure.
"""

from collections.abc import Iterable
from datetime import datetime

from ingest.errors import InvalidAlertError
from ingest.facts.repository import (
    LONGEST_LABEL,
    MAX_PROPERTIES,
    MAX_PROPERTY_VALUES,
    MAX_TOPICS,
    RepositoryFacts,
    SeenRepository,
    is_repository_id,
)
from ingest.names import is_repository
from ingest.payloads.values import JsonObject, label, time
from ingest.terms import Visibility

_VISIBILITIES = {visibility.value: visibility for visibility in Visibility}


def seen_repository(
    repository: JsonObject, *, times: Iterable[datetime | None]
) -> SeenRepository | None:
    """Return a repository as its object reports it, or None if it has no valid id or name.

    `times` are the other times that were reported together with it. The result is None as well if
    there is no time, since the observation cannot be ordered then.
    """
    repository_id, name = repository.get("id"), repository.get("full_name")
    reported = [at for at in (*times, *_times(repository)) if at is not None]
    if not isinstance(repository_id, int) or not is_repository_id(repository_id):
        return None
    if not isinstance(name, str) or not is_repository(name) or not reported:
        return None
    return SeenRepository(
        id=repository_id, name=name, seen_at=max(reported), facts=facts_of(repository)
    )


def facts_of(repository: JsonObject) -> RepositoryFacts:
    """Return the facts in a repository's object."""
    archived, topics = repository.get("archived"), repository.get("topics")
    return RepositoryFacts(
        visibility=_visibility(repository),
        archived=archived if isinstance(archived, bool) else None,
        topics=_labels(topics, MAX_TOPICS) if isinstance(topics, list) else None,
        properties=_properties(repository.get("custom_properties")),
        default_branch=label(repository.get("default_branch"), LONGEST_LABEL),
    )


def _times(repository: JsonObject) -> Iterable[datetime | None]:
    """Yield the times in the object. Events of other kinds report some of them as numbers."""
    for name in ("updated_at", "pushed_at"):
        try:
            yield time(repository, name)
        except InvalidAlertError:
            continue


def _visibility(repository: JsonObject) -> Visibility | None:
    visibility, private = repository.get("visibility"), repository.get("private")
    if isinstance(visibility, str):
        return _VISIBILITIES.get(visibility.lower())
    # Some lists contain only the flag, which does not distinguish private from internal.
    return Visibility.PUBLIC if private is False else None


def _properties(value: object) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    if not isinstance(value, dict):
        return None
    found = {
        name: values
        for key, given in value.items()
        if (name := label(key, LONGEST_LABEL)) and (values := _values(given))
    }
    return tuple(sorted(found.items())[:MAX_PROPERTIES])


def _values(given: object) -> tuple[str, ...]:
    many = given if isinstance(given, list) else [given]
    texts = [cut for one in many if (cut := label(one, LONGEST_LABEL))]
    return tuple(texts[:MAX_PROPERTY_VALUES])


def _labels(values: list[object], most: int) -> tuple[str, ...]:
    labels = {found for value in values if (found := label(value, LONGEST_LABEL))}
    return tuple(sorted(labels)[:most])
