"""The table of API keys, and the check of a request's key.

Owns the rows of the table and the form of a key. The table contains only the hashes of keys. Each
request needs a check, so the results are cached for a short time. A revoked key works until its
result expires, and guessing keys costs few reads. A key with an expiry stops working at that time.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from graphql_api.access.access import Access
from graphql_api.vocabulary.errors import AccessUnavailableError
from ingest.names import folded

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

KEPT_SECONDS = 30.0
"""Seconds for which the result of a check is cached."""
MOST_KEPT = 256
"""Results in the cache. The oldest one is dropped first."""
KEY_HASH = "keyHash"
"""The attribute that is the partition key of the table."""
BADGE = "badge"
"""The attribute that only the rows of badges have. They are not API keys."""

_PREFIX = "gcsmttr_"
_FORM = re.compile(_PREFIX + r"[A-Za-z0-9_-]{43}")


class AccessKey(NamedTuple):
    """What the table contains about a key. Times are RFC 3339 texts in UTC with milliseconds.

    Attributes:
        key_hash: The hash of the key.
        name: The person or program that uses it.
        created_at: When it was created.
        revoked_at: When it was revoked.
        organisations: The organisations that it can read, in lower case. None means all.
        expires_at: When it stops working.
    """

    key_hash: str
    name: str
    created_at: str
    revoked_at: str | None
    organisations: frozenset[str] | None
    expires_at: str | None

    @property
    def access(self) -> Access | None:
        """What the holder can read, or None if the key is revoked."""
        if self.revoked_at is not None:
            return None
        return Access(self.name, self.organisations, self.expires_at)


def hash_of(key: str) -> str:
    """Return the hash that the table contains. A key has 256 random bits, so SHA-256 is enough."""
    return sha256(key.encode()).hexdigest()


class AccessKeyStore:
    """Reads and writes the table of API keys."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def create(
        self,
        name: str,
        *,
        now: str,
        organisations: Collection[str] = (),
        expires_at: str | None = None,
    ) -> str:
        """Store a new key under a name and return the key.

        Args:
            name: The name of the key.
            now: The time of the creation. All times are RFC 3339 texts in UTC with milliseconds.
            organisations: The organisations that the key can read. Empty means all.
            expires_at: When the key stops working, or None.
        """
        key = _PREFIX + token_urlsafe(32)
        row: dict[str, AttributeValueTypeDef] = {
            KEY_HASH: {"S": hash_of(key)},
            "name": {"S": name},
            "createdAt": {"S": now},
        }
        if organisations:
            row["organisations"] = {"SS": sorted(set(map(folded, organisations)))}
        if expires_at is not None:
            row["expiresAt"] = {"S": expires_at}
        self._client.put_item(
            TableName=self._table, Item=row, ConditionExpression="attribute_not_exists(keyHash)"
        )
        return key

    def find(self, key: str) -> AccessKey | None:
        """Return the row of a key, or None. A text that does not look like a key needs no read.

        Raises:
            AccessUnavailableError: The table cannot be read.
        """
        if not _FORM.fullmatch(key):
            return None
        try:
            response = self._client.get_item(
                TableName=self._table, Key={KEY_HASH: {"S": hash_of(key)}}, ConsistentRead=True
            )
        except (BotoCoreError, ClientError) as error:
            message = "The API key cannot be checked now. Try again."
            raise AccessUnavailableError(message) from error
        return _access_key(response["Item"]) if "Item" in response else None

    def all(self) -> Iterator[AccessKey]:
        """Return every key that was created, including revoked keys."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression=f"attribute_not_exists({BADGE})"
        )
        for page in pages:
            yield from map(_access_key, page["Items"])

    def revoke(self, name: str, *, now: str) -> int:
        """Revoke all keys with a name and return how many of them were valid.

        Args:
            name: The name of the keys.
            now: The time of the revocation, in the form of `create`.
        """
        valid = [key for key in self.all() if key.name == name and key.revoked_at is None]
        for key in valid:
            self._client.update_item(
                TableName=self._table,
                Key={KEY_HASH: {"S": key.key_hash}},
                UpdateExpression="SET revokedAt = :now",
                ExpressionAttributeValues={":now": {"S": now}},
            )
        return len(valid)


class KeyCheck:
    """The check of a request's API key, with a cache.

    `clock` returns monotonic seconds, and `now` the present time in the form of `AccessKey`.
    """

    def __init__(
        self, store: AccessKeyStore, *, clock: Callable[[], float], now: Callable[[], str]
    ) -> None:
        self._store = store
        self._clock = clock
        self._now = now
        self._cache: OrderedDict[str, tuple[float, Access | None]] = OrderedDict()

    def __call__(self, key: str) -> Access | None:
        """Return what the holder of the key can read, or None if the key is not valid.

        Raises:
            AccessUnavailableError: The table cannot be read.
        """
        access = self._cached(key) if key else None
        return None if access is None or access.is_expired(self._now()) else access

    def _cached(self, key: str) -> Access | None:
        now, key_hash = self._clock(), hash_of(key)
        expires_at, access = self._cache.get(key_hash, (now, None))
        if expires_at > now:
            return access
        found = self._store.find(key)
        access = None if found is None else found.access
        self._cache[key_hash] = (now + KEPT_SECONDS, access)
        self._cache.move_to_end(key_hash)
        if len(self._cache) > MOST_KEPT:
            self._cache.popitem(last=False)
        return access


def _access_key(item: "dict[str, AttributeValueTypeDef]") -> AccessKey:
    return AccessKey(
        key_hash=item[KEY_HASH]["S"],
        name=item["name"]["S"],
        created_at=item["createdAt"]["S"],
        revoked_at=item["revokedAt"]["S"] if "revokedAt" in item else None,
        organisations=frozenset(item["organisations"]["SS"]) if "organisations" in item else None,
        expires_at=item["expiresAt"]["S"] if "expiresAt" in item else None,
    )
