"""API keys of a deployment: create one, list all, revoke those of a name.

Several keys can be valid at the same time, also with the same name. To rotate a key, create a new
one, change the clients, then revoke the old one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from graphql_api.access.key_store import AccessKey, AccessKeyStore
from ingest.instant import to_ms, to_text
from operations.deployment import Deployment


def create(deployment: Deployment, name: str) -> str:
    """Return a new key. Only its hash is stored, so it cannot be shown again."""
    return _store(deployment).create(name, now=_now())


def all_of(deployment: Deployment) -> Sequence[AccessKey]:
    """Return all keys by name and creation, also revoked ones."""
    return sorted(_store(deployment).all(), key=lambda one: (one.name, one.created_at))


def revoke(deployment: Deployment, name: str) -> int:
    """Revoke all keys of a name, and return how many of them were valid."""
    return _store(deployment).revoke(name, now=_now())


def _store(deployment: Deployment) -> AccessKeyStore:
    return AccessKeyStore(deployment.aws.dynamodb, deployment.output("AccessKeysTable"))


def _now() -> str:
    return to_text(to_ms(datetime.now(UTC)))
