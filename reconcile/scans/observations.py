"""Events about repositories: what a list of GitHub reports, and that a repository is gone.

Owns when a listed repository is worth an event: when it changes what is stored. Pure.
"""

from datetime import datetime

from github_rest.repositories import Repository as Listed
from ingest import instant
from ingest.events.repository_event import RepositoryAction, RepositoryEvent
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.names import folded
from ingest.payloads.repository_object import seen_repository
from ingest.repositories.repository import Repository, observed
from reconcile.sources import json_of

_DELIVERY = "reconciled"
"""The delivery id of all of these events: they have no delivery."""


def observation_of(
    listed: Listed, known: Repository | None, *, observed_at: datetime
) -> RepositoryEvent | None:
    """Return the event for a listed repository, or None if it is stored as GitHub has it."""
    at = instant.cut(observed_at)
    seen = seen_repository(dict(json_of(listed)), times=(at,))
    if seen is None or (known is not None and observed(known, seen) == known):
        return None
    is_renamed = known is not None and is_moved(listed, known)
    action = RepositoryAction.RENAMED if is_renamed else RepositoryAction.EDITED
    return RepositoryEvent(delivery_id=_DELIVERY, action=action, seen=seen, received_at=at)


def is_moved(listed: Listed, known: Repository) -> bool:
    """Return whether the alerts of a repository are stored under another name."""
    return folded(listed.full_name) != folded(known.key_name)


def deletion_of(known: Repository, *, observed_at: datetime) -> RepositoryEvent:
    """Return the event for a repository that GitHub does not have any more."""
    at = instant.cut(observed_at)
    return RepositoryEvent(
        delivery_id=_DELIVERY,
        action=RepositoryAction.DELETED,
        seen=SeenRepository(
            id=known.id,
            name=known.name,
            seen_at=instant.from_ms(known.name_ms),
            facts=RepositoryFacts(),
        ),
        received_at=at,
        deleted_at=at,
    )
