"""The table of access keys, of which it knows only hashes. Owns its rows and how a key looks.

Asked once per request, so answers are kept for a short while: a revoked key works at most that
much longer, and a guesser costs few reads.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from graphql_api.access.access import Access
from graphql_api.vocabulary.errors import AccessUnavailableError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

KEPT_SECONDS = 30.0
MOST_KEPT = 256

_PREFIX = "gcsmttr_"
_FORM = re.compile(_PREFIX + r"[A-Za-z0-9_-]{43}")


class AccessKey(NamedTuple):
    """What is known of a key once it was handed out."""

    key_hash: str
    name: str
    created_at: str
    revoked_at: str | None


def hash_of(key: str) -> str:
    """Return what is stored of a key: 256 random bits need no slower hash than this."""
    return sha256(key.encode()).hexdigest()


class AccessKeyStore:
    """Reads and writes the table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def create(self, name: str, *, now: str) -> str:
        """Store a new key under a name that people know it by, and return the key."""
        key = _PREFIX + token_urlsafe(32)
        row: dict[str, AttributeValueTypeDef] = {
            "keyHash": {"S": hash_of(key)},
            "name": {"S": name},
            "createdAt": {"S": now},
        }
        self._client.put_item(
            TableName=self._table, Item=row, ConditionExpression="attribute_not_exists(keyHash)"
        )
        return key

    def find(self, key: str) -> AccessKey | None:
        """Return what is stored of a key, or None; what does not look like one is not looked up.

        Raises:
            AccessUnavailableError: the table cannot be read.
        """
        if not _FORM.fullmatch(key):
            return None
        try:
            answer = self._client.get_item(
                TableName=self._table, Key={"keyHash": {"S": hash_of(key)}}, ConsistentRead=True
            )
        except (BotoCoreError, ClientError) as error:
            raise AccessUnavailableError("Access cannot be checked now: try again.") from error
        return _access_key(answer["Item"]) if "Item" in answer else None

    def all(self) -> Iterator[AccessKey]:
        """Yield every key that was ever created, revoked ones too."""
        for page in self._client.get_paginator("scan").paginate(TableName=self._table):
            yield from map(_access_key, page["Items"])

    def revoke(self, name: str, *, now: str) -> int:
        """Revoke all keys of a name and return how many were still valid."""
        valid = [key for key in self.all() if key.name == name and key.revoked_at is None]
        for key in valid:
            self._client.update_item(
                TableName=self._table,
                Key={"keyHash": {"S": key.key_hash}},
                UpdateExpression="SET revokedAt = :now",
                ExpressionAttributeValues={":now": {"S": now}},
            )
        return len(valid)


class KeyCheck:
    """Tells whose key it is, remembering a bounded number of answers for `KEPT_SECONDS`."""

    def __init__(self, store: AccessKeyStore, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Access | None]] = OrderedDict()

    def __call__(self, key: str) -> Access | None:
        """Return what the bearer may read, or None for a key that is unknown or revoked."""
        if not key:
            return None
        now, kept_under = self._clock(), hash_of(key)
        kept = self._kept.get(kept_under)
        if kept is not None and kept[0] > now:
            return kept[1]
        found = self._store.find(key)
        access = None if found is None or found.revoked_at else Access(found.name)
        self._kept[kept_under] = (now + KEPT_SECONDS, access)
        self._kept.move_to_end(kept_under)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return access


def _access_key(item: "dict[str, AttributeValueTypeDef]") -> AccessKey:
    return AccessKey(
        key_hash=item["keyHash"]["S"],
        name=item["name"]["S"],
        created_at=item["createdAt"]["S"],
        revoked_at=item["revokedAt"]["S"] if "revokedAt" in item else None,
    )
