"""API keys of a deployment: create one, list all, revoke those of a name.

Several keys can be valid at the same time, also with the same name. To rotate a key, create a new
one, change the clients, then revoke the old one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from graphql_api.access.key_store import AccessKey, AccessKeyStore
from ingest.instant import to_ms, to_text
from operations.deployment import Deployment


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key, and when it stops working: an RFC 3339 text, or None."""

    key: str = field(repr=False)
    expires_at: str | None


def create(
    deployment: Deployment,
    name: str,
    *,
    organisations: Collection[str] = (),
    lifetime: timedelta | None = None,
) -> CreatedKey:
    """Return a new key. Only its hash is stored, so it cannot be shown again.

    Args:
        deployment: The deployment.
        name: The person or program that uses the key.
        organisations: The organisations that it can read. Empty means all.
        lifetime: How long it works. None: until it is revoked.
    """
    now = datetime.now(UTC)
    expires_at = None if lifetime is None else _text(now + lifetime)
    key = _store(deployment).create(
        name, now=_text(now), organisations=organisations, expires_at=expires_at
    )
    return CreatedKey(key, expires_at)


def all_of(deployment: Deployment) -> Sequence[AccessKey]:
    """Return all keys by name and creation, also revoked and expired ones."""
    return sorted(_store(deployment).all(), key=lambda one: (one.name, one.created_at))


def status_of(key: AccessKey) -> str:
    """Return `valid`, `revoked` or `expired`."""
    access = key.access
    if access is None:
        return "revoked"
    return "expired" if access.is_expired(_text(datetime.now(UTC))) else "valid"


def revoke(deployment: Deployment, name: str) -> int:
    """Revoke all keys of a name, and return how many of them were not revoked before."""
    return _store(deployment).revoke(name, now=_text(datetime.now(UTC)))


def _store(deployment: Deployment) -> AccessKeyStore:
    return AccessKeyStore(deployment.aws.dynamodb, deployment.output("AccessKeysTable"))


def _text(at: datetime) -> str:
    return to_text(to_ms(at))
