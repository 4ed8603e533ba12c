"""The Repositories table: it stores observations and returns the newest state of a repository.

Owns the reads and writes of this table, and a cache, so that an observation which confirms what is
known costs no request. Which observation wins belongs to `repository`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.backoff import Backoff, pause
from ingest.errors import IngestError
from ingest.facts.repository import SeenRepository
from ingest.instant import to_ms
from ingest.names import folded
from ingest.origin import Origin
from ingest.repositories import repository_row as rows
from ingest.repositories.repository import Repository, deleted, lost, observed
from ingest.repositories.repository_row import NameOwner
from ingest.revision import unchanged_since
from ingest.tables import conditional_writes

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 12
_BACKOFF = Backoff(first_s=0.02, longest_s=0.5)
NAME_CACHE_S = 60
"""How long the id of a name is used without reading it again, in seconds."""
_MAX_CACHED = 20_000


class RepositoryError(IngestError):
    """A repository cannot be recorded: `repository_contention`."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an observation writes: repositories, each at its next revision, and a name's row."""

    repositories: tuple[Repository, ...]
    owner: NameOwner | None


class RepositoryStore:
    """The Repositories table. `clock` returns monotonic seconds."""

    def __init__(
        self,
        client: "DynamoDBClient",
        *,
        table: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.table = table
        self._client = client
        self._clock = clock
        self._by_id: dict[int, Repository] = {}
        self._ids: dict[str, tuple[float, int | None]] = {}

    def observe(
        self,
        seen: SeenRepository,
        *,
        deleted_at: datetime | None = None,
        origin: Origin | None = None,
    ) -> Repository:
        """Record how a repository was seen, and return the repository as it is known now.

        Args:
            seen: The observation.
            deleted_at: When the repository was deleted, if it was.
            origin: The event that observed it.

        Raises:
            RepositoryError: Its rows stayed busy.
        """

        def applied(known: Repository | None) -> Repository:
            after = observed(known, seen)
            return after if deleted_at is None else deleted(after, to_ms(deleted_at))

        known = self._by_id.get(seen.id)
        if known is not None and applied(known) == known:
            return known
        for attempt in range(MAX_ATTEMPTS):
            known = self.read(seen.id)
            after = applied(known)
            if known is not None and after == known:
                return known
            origins = () if origin is None else (origin,)
            plan = self._plan(known, replace(after, origins=origins))
            if self._write(plan):
                return self._cached(plan.repositories[0])
            pause(_BACKOFF, attempt)
        raise RepositoryError("repository_contention")

    def of_name(self, name: str) -> Repository | None:
        """Return the repository that had a name last, or None if none is known."""
        key = folded(name)
        expires, repository_id = self._ids.get(key, (0.0, None))
        if self._clock() >= expires:
            owner = self.name_owner(name)
            repository_id = None if owner is None else owner.repository_id
            _put(self._ids, key, (self._clock() + NAME_CACHE_S, repository_id))
        if repository_id is None:
            return None
        return self._by_id.get(repository_id) or self.read(repository_id)

    def read(self, repository_id: int) -> Repository | None:
        """Return a repository from a consistent read, or None if it is not known."""
        item = self._item(rows.id_key(repository_id))
        return None if item is None else self._cached(rows.from_item(item))

    def name_owner(self, name: str) -> NameOwner | None:
        """Return who had a name last and first, from a consistent read; None if nobody is known."""
        item = self._item(rows.name_key(name))
        return None if item is None else rows.from_name_item(name, item)

    def forget(self, *, repository_id: int | None, name: str) -> None:
        """Drop what is cached about a repository and about a name."""
        if repository_id is not None:
            self._by_id.pop(repository_id, None)
        self._ids.pop(folded(name), None)

    def replace(self, before: Repository, after: Repository) -> bool:
        """Write a repository, and return whether `before` was still stored."""
        return self._write(_Plan((replace(after, revision=before.revision + 1),), None))

    def action(self, before: Repository, after: Repository) -> dict[str, Any]:
        """Return `replace` as a part of a transaction."""
        item = rows.to_item(replace(after, revision=before.revision + 1))
        return self._put(item, before.revision)

    def condition(self, repository: Repository) -> dict[str, Any]:
        """Return the part of a transaction that checks the name and the deletion of a repository.

        It fails if alerts are stored under another name now, or if the deletion is another one.
        """
        return {"ConditionCheck": {"TableName": self.table, **rows.is_as_known(repository)}}

    def condition_of_unknown(self, name: str) -> dict[str, Any]:
        """Return the part of a transaction that checks that no repository is known by a name."""
        key = rows.name_key(name)
        return {"ConditionCheck": {"TableName": self.table, "Key": key, **unchanged_since(0)}}

    def _plan(self, known: Repository | None, after: Repository) -> _Plan:
        """Return the writes, including those for the name and for the one that had it before."""
        seen = replace(after, revision=after.revision + 1)
        if known is not None and (known.name, known.lost_ms) == (after.name, after.lost_ms):
            return _Plan((seen,), None)
        owner = self.name_owner(after.name)
        if owner is None or owner.repository_id == after.id:
            revision = 1 if owner is None else owner.revision + 1
            first_id = after.id if owner is None else owner.first_id
            claimed = NameOwner(after.name, after.id, after.name_ms, first_id, revision)
            return _Plan((seen,), claimed)
        if (owner.seen_ms, owner.repository_id) > (after.name_ms, after.id):
            return _Plan((lost(seen, owner.seen_ms),), None)
        claimed = replace(
            owner, repository_id=after.id, seen_ms=after.name_ms, revision=owner.revision + 1
        )
        former = self.read(owner.repository_id)
        if former is None or folded(former.name) != folded(after.name):
            return _Plan((seen,), claimed)
        without_name = replace(
            lost(former, after.name_ms), revision=former.revision + 1, origins=after.origins
        )
        return _Plan((seen, without_name), claimed)

    def _write(self, plan: _Plan) -> bool:
        puts = [self._put(rows.to_item(one), one.revision - 1) for one in plan.repositories]
        if plan.owner is not None:
            puts.append(self._put(rows.to_name_item(plan.owner), plan.owner.revision - 1))
        for one in plan.repositories:
            self._by_id.pop(one.id, None)
        return conditional_writes.transact(self._client, puts)

    def _put(self, item: dict[str, Any], read: int) -> dict[str, Any]:
        return {"Put": {"TableName": self.table, "Item": item, **unchanged_since(read)}}

    def _item(self, key: dict[str, Any]) -> dict[str, Any] | None:
        response = self._client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return response.get("Item")

    def _cached(self, repository: Repository) -> Repository:
        _put(self._by_id, repository.id, repository)
        return repository


def _put(cache: dict[Any, Any], key: object, value: object) -> None:
    if len(cache) >= _MAX_CACHED:
        cache.clear()
    cache[key] = value
