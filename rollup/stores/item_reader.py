"""Consistent batch reads of items together with their parts.

Owns the repetition of reads of items that change between the read of the main item and the read of
its parts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ingest.backoff import Backoff, pause
from ingest.tables.batch_reads import TableKey, UnprocessedKeysError, read_items
from rollup.errors import RollupError
from rollup.rows import parts
from rollup.rows.parts import Item, Keys

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 10
BACKOFF = Backoff(first_s=0.02, longest_s=1.0)
"""The backoff between attempts."""


class ContentionError(RollupError):
    """Rows or reads were busy in every attempt; `reason` is `contention`."""

    reason = "contention"


class ItemWithParts(NamedTuple):
    """A main item and its parts."""

    item: Item
    parts: Sequence[Item]


class ItemReader:
    """A reader of tables whose items may have parts. `keys` contains each table's primary key."""

    def __init__(self, client: "DynamoDBClient", keys: Mapping[str, Keys]) -> None:
        self._client = client
        self._keys = keys

    def read(self, item_keys: Sequence[TableKey]) -> dict[str, list[ItemWithParts]]:
        """Return the items under these keys, by table, in any order.

        Raises ContentionError if some of them stay busy; errors of DynamoDB pass through.
        """
        for attempt in range(MAX_ATTEMPTS):
            items = self._with_parts(list(self._items(item_keys)))
            if all(parts.is_complete(*item) for _, item in items):
                by_table: dict[str, list[ItemWithParts]] = {}
                for table, item in items:
                    by_table.setdefault(table, []).append(item)
                return by_table
            pause(BACKOFF, attempt)
        raise ContentionError

    def _with_parts(self, found: Sequence[tuple[str, Item]]) -> list[tuple[str, ItemWithParts]]:
        keys = [parts.part_keys_of(item, keys=self._keys[table]) for table, item in found]
        item_keys: list[TableKey] = [
            (table, key) for (table, _), own in zip(found, keys, strict=True) for key in own
        ]
        by_name = {self._name(table, item): item for table, item in self._items(item_keys)}
        items: list[tuple[str, ItemWithParts]] = []
        for (table, item), own in zip(found, keys, strict=True):
            names = [self._name(table, key) for key in own]
            item_parts = [by_name[name] for name in names if name in by_name]
            items.append((table, ItemWithParts(item, item_parts)))
        return items

    def _name(self, table: str, item: Item) -> tuple[str, str, str]:
        keys = self._keys[table]
        return table, item[keys.partition]["S"], item[keys.sort]["S"]

    def _items(self, item_keys: Sequence[TableKey]) -> Iterator[tuple[str, Item]]:
        try:
            yield from read_items(self._client, item_keys, backoff=BACKOFF, attempts=MAX_ATTEMPTS)
        except UnprocessedKeysError as error:
            raise ContentionError from error
