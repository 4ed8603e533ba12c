"""The rows of the Repositories table, in the low-level format of boto3's DynamoDB client.

Owns the key and the form of the values. A repository has the row `id#<id>`. A name has the row
`name#<folded name>`, which contains the id of the repository that had the name last. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest import origin
from ingest.instant import from_text, to_text
from ingest.names import folded, owner_of
from ingest.repositories.attributes import FACTS, KEY, KEY_NAME, ORGANISATION_NAME
from ingest.repositories.packed_facts import pack_facts, unpack_facts
from ingest.repositories.repository import Register, Repository
from ingest.revision import REVISION

Item = Mapping[str, Any]

DELETED_AT = "deletedAt"
_ID = "repositoryId"
_FIRST_ID = "firstRepositoryId"
_NAME = "name"
_NAME_SEEN_AT = "nameSeenAt"
_LOST_AT = "nameLostAt"
_MOVING_FROM = "movingFrom"
_DELETION_PENDING = "deletionPending"
_SEEN_AT = "seenAt"
_ID_PREFIX = "id#"
WAITS_FOR_MOVER = f"attribute_exists({_MOVING_FROM}) OR attribute_exists({_DELETION_PENDING})"
"""The condition that a row is pending: its alerts have to move, or to receive the deletion."""


@dataclass(frozen=True, slots=True)
class NameOwner:
    """The repository that had a name last, and when it was seen with it.

    `first_id` is the repository that was seen first with the name. Rows of alerts without an id
    belong to it.
    """

    name: str
    repository_id: int
    seen_ms: int
    first_id: int
    revision: int = 0


def id_key(repository_id: int) -> dict[str, Any]:
    """Return the key of a repository's row."""
    return {KEY: {"S": f"{_ID_PREFIX}{repository_id}"}}


def name_key(name: str) -> dict[str, Any]:
    """Return the key of a name's row."""
    return {KEY: {"S": f"name#{folded(name)}"}}


def repository_id_of(key: str) -> int | None:
    """Return the id in the key of a repository's row, or None if it is the key of a name."""
    return int(key.removeprefix(_ID_PREFIX)) if key.startswith(_ID_PREFIX) else None


def to_item(repository: Repository) -> dict[str, Any]:
    """Return the row of a repository. A missing value has no attribute."""
    facts = {name: (one.at_ms, one.value) for name, one in repository.facts.items()}
    item: dict[str, Any] = {
        **id_key(repository.id),
        _NAME: {"S": repository.name},
        _NAME_SEEN_AT: {"S": to_text(repository.name_ms)},
        KEY_NAME: {"S": folded(repository.key_name)},
        ORGANISATION_NAME: {"S": folded(owner_of(repository.key_name))},
        FACTS: {"S": pack_facts(facts)},
        REVISION: {"N": str(repository.revision)},
        **origin.to_attribute(repository.origins),
    }
    if repository.lost_ms is not None:
        item[_LOST_AT] = {"S": to_text(repository.lost_ms)}
    if repository.deleted_ms is not None:
        item[DELETED_AT] = {"S": to_text(repository.deleted_ms)}
    if repository.moving_from:
        item[_MOVING_FROM] = {"L": [{"S": name} for name in repository.moving_from]}
    if repository.is_deletion_pending:
        item[_DELETION_PENDING] = {"BOOL": True}
    return item


def from_item(item: Item) -> Repository:
    """Return the repository whose row `to_item` returned."""
    return Repository(
        id=int(item[KEY]["S"].removeprefix(_ID_PREFIX)),
        name=item[_NAME]["S"],
        name_ms=from_text(item[_NAME_SEEN_AT]["S"]),
        lost_ms=from_text(item[_LOST_AT]["S"]) if _LOST_AT in item else None,
        deleted_ms=from_text(item[DELETED_AT]["S"]) if DELETED_AT in item else None,
        facts={name: Register(*one) for name, one in unpack_facts(item[FACTS]["S"]).items()},
        moving_from=tuple(one["S"] for one in item[_MOVING_FROM]["L"])
        if _MOVING_FROM in item
        else (),
        is_deletion_pending=_DELETION_PENDING in item,
        revision=int(item[REVISION]["N"]),
        origins=origin.from_item(item),
    )


def is_as_known(repository: Repository) -> dict[str, Any]:
    """Return the key and the condition that a repository has this name and this deletion."""
    values = {":name": {"S": folded(repository.key_name)}}
    deletion = f"attribute_not_exists({DELETED_AT})"
    if repository.deleted_ms is not None:
        values[":deleted"] = {"S": to_text(repository.deleted_ms)}
        deletion = f"{DELETED_AT} = :deleted"
    return {
        "Key": id_key(repository.id),
        "ConditionExpression": f"{KEY_NAME} = :name AND {deletion}",
        "ExpressionAttributeValues": values,
    }


def to_name_item(owner: NameOwner) -> dict[str, Any]:
    """Return the row of a name."""
    item = {
        **name_key(owner.name),
        _ID: {"N": str(owner.repository_id)},
        _SEEN_AT: {"S": to_text(owner.seen_ms)},
        REVISION: {"N": str(owner.revision)},
    }
    if owner.first_id != owner.repository_id:
        item[_FIRST_ID] = {"N": str(owner.first_id)}
    return item


def from_name_item(name: str, item: Item) -> NameOwner:
    """Return the owner of a name whose row `to_name_item` returned."""
    return NameOwner(
        name,
        int(item[_ID]["N"]),
        from_text(item[_SEEN_AT]["S"]),
        int(item.get(_FIRST_ID, item[_ID])["N"]),
        int(item[REVISION]["N"]),
    )
