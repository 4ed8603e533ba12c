"""The stored repositories, for a comparison with those that GitHub lists. Never writes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ingest.backoff import Backoff
from ingest.names import folded, owner_of
from ingest.repositories import repository_row as rows
from ingest.repositories.attributes import KEY
from ingest.repositories.repository import Repository
from ingest.tables.batch_reads import UnprocessedKeysError, read_items
from reconcile.errors import StoredAlertsBusyError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 10
_BACKOFF = Backoff(first_s=0.05, longest_s=2.0)


class StoredRepositories:
    """The Repositories table."""

    def __init__(self, client: "DynamoDBClient", *, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, ids: Iterable[int]) -> Mapping[int, Repository]:
        """Return the repositories with these ids, as far as they are known.

        Raises:
            StoredAlertsBusyError: Some of them stay unprocessed.
        """
        keys = [(self._table, rows.id_key(number)) for number in ids]
        found = read_items(self._client, keys, backoff=_BACKOFF, attempts=_ATTEMPTS)
        try:
            known = [rows.from_item(item) for _, item in found]
        except UnprocessedKeysError as error:
            raise StoredAlertsBusyError from error
        return {one.id: one for one in known}

    def of_owner(self, login: str) -> Iterator[Repository]:
        """Yield the repositories of an account that are not deleted, from a scan of the table."""
        pages = self._client.get_paginator("scan").paginate(TableName=self._table)
        for page in pages:
            for item in page["Items"]:
                if rows.repository_id_of(item[KEY]["S"]) is None:
                    continue
                known = rows.from_item(item)
                if known.deleted_ms is None and folded(owner_of(known.name)) == folded(login):
                    yield known
