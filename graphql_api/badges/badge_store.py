"""The badges in the table of API keys.

Owns the rows of badges and the form of their tokens. The table contains only the hash of a token. A
token has another form than an API key, so neither is looked up as the other. Results are not
cached: a revoked badge is refused by the next request that reaches the function.
"""

import re
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from graphql_api.access.key_store import BADGE, KEY_HASH, hash_of
from graphql_api.badges.badge import Badge, Metric
from graphql_api.vocabulary.errors import AccessUnavailableError
from ingest.names import folded
from ingest.terms import Severity

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

ID_LENGTH = 12
"""Characters of a badge's id: the beginning of its hash. Operators name a badge by it."""

_FORM = re.compile(r"badge_[A-Za-z0-9_-]{43}")


class StoredBadge(NamedTuple):
    """What the table contains about a badge. Times are RFC 3339 texts in UTC."""

    token_hash: str
    badge: Badge
    created_at: str
    revoked_at: str | None

    @property
    def id(self) -> str:
        """The id of the badge, which is not a secret."""
        return self.token_hash[:ID_LENGTH]


class BadgeStore:
    """Reads and writes the badges of a deployment."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def create(self, badge: Badge, *, now: str) -> str:
        """Store a new badge and return its token: 256 random bits."""
        token = f"badge_{token_urlsafe(32)}"
        row: dict[str, AttributeValueTypeDef] = {
            KEY_HASH: {"S": hash_of(token)},
            # Versions without badges read the name of each row.
            "name": {"S": f"badge:{badge.subject}"},
            "createdAt": {"S": now},
            BADGE: {"M": _attributes(badge)},
        }
        self._client.put_item(
            TableName=self._table, Item=row, ConditionExpression="attribute_not_exists(keyHash)"
        )
        return token

    def find(self, token: str) -> StoredBadge | None:
        """Return the valid badge of a token, or None. A malformed token needs no read.

        Raises:
            AccessUnavailableError: The table cannot be read.
        """
        if not _FORM.fullmatch(token):
            return None
        try:
            response = self._client.get_item(
                TableName=self._table, Key={KEY_HASH: {"S": hash_of(token)}}, ConsistentRead=True
            )
        except (BotoCoreError, ClientError) as error:
            raise AccessUnavailableError("The badge cannot be checked now.") from error
        item = response.get("Item", {})
        found = _stored(item) if BADGE in item else None
        return None if found is None or found.revoked_at is not None else found

    def all(self) -> Iterator[StoredBadge]:
        """Return every badge that was created, including revoked ones."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression=f"attribute_exists({BADGE})"
        )
        for page in pages:
            yield from map(_stored, page["Items"])

    def revoke(self, badge_id: str, *, now: str) -> int:
        """Revoke the badge with an id, and return how many badges were valid: 0 or 1."""
        valid = [one for one in self.all() if one.id == badge_id and one.revoked_at is None]
        for one in valid:
            self._client.update_item(
                TableName=self._table,
                Key={KEY_HASH: {"S": one.token_hash}},
                UpdateExpression="SET revokedAt = :now",
                ExpressionAttributeValues={":now": {"S": now}},
            )
        return len(valid)


def _attributes(badge: Badge) -> "dict[str, AttributeValueTypeDef]":
    texts = {
        "metric": badge.metric.value,
        "subject": folded(badge.subject),
        "team": badge.team,
        "severity": badge.severity,
        "label": badge.label,
    }
    texts_of_row: dict[str, AttributeValueTypeDef] = {
        name: {"S": text} for name, text in texts.items() if text is not None
    }
    return texts_of_row | {"days": {"N": str(badge.days)}}


def _stored(item: "dict[str, AttributeValueTypeDef]") -> StoredBadge:
    stored = item[BADGE]["M"]
    return StoredBadge(
        token_hash=item[KEY_HASH]["S"],
        badge=Badge(
            metric=Metric(stored["metric"]["S"]),
            subject=stored["subject"]["S"],
            team=stored["team"]["S"] if "team" in stored else None,
            severity=Severity(stored["severity"]["S"]) if "severity" in stored else None,
            days=int(stored["days"]["N"]),
            label=stored["label"]["S"] if "label" in stored else None,
        ),
        created_at=item["createdAt"]["S"],
        revoked_at=item["revokedAt"]["S"] if "revokedAt" in item else None,
    )
