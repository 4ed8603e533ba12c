"""Badges of a deployment: create one, list all, revoke one.

The token of a badge is part of its address. Everyone with the address reads its number, and nothing
else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from graphql_api.badges.badge import Badge
from graphql_api.badges.badge_store import BadgeStore, StoredBadge
from ingest.instant import to_ms, to_text
from operations.deployment import Deployment
from operations.errors import NoBadgesError

_ADDRESS = "BadgesUrl"


@dataclass(frozen=True, slots=True)
class CreatedBadge:
    """The addresses of a new badge, and its picture in Markdown."""

    svg_url: str = field(repr=False)
    json_url: str = field(repr=False)
    markdown: str = field(repr=False)


def create(deployment: Deployment, badge: Badge) -> CreatedBadge:
    """Store a badge and return its addresses. They cannot be shown again.

    Raises:
        NoBadgesError: The stack serves no badges, or an older version deployed it.
    """
    if _ADDRESS not in deployment.outputs:
        raise NoBadgesError(deployment.stack)
    token = _store(deployment).create(badge, now=_now())
    address = f"{deployment.output(_ADDRESS)}/{token}"
    alternative = badge.text.replace("[", "(").replace("]", ")")
    return CreatedBadge(f"{address}.svg", f"{address}.json", f"![{alternative}]({address}.svg)")


def all_of(deployment: Deployment) -> Sequence[StoredBadge]:
    """Return all badges by subject and creation, also revoked ones."""
    return sorted(
        _store(deployment).all(), key=lambda one: (one.badge.subject, one.created_at, one.id)
    )


def revoke(deployment: Deployment, badge_id: str) -> int:
    """Revoke a badge by its id, and return how many badges were valid: 0 or 1."""
    return _store(deployment).revoke(badge_id, now=_now())


def _store(deployment: Deployment) -> BadgeStore:
    return BadgeStore(deployment.aws.dynamodb, deployment.output("AccessKeysTable"))


def _now() -> str:
    return to_text(to_ms(datetime.now(UTC)))
