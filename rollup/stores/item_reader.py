"""Reading items with their parts, consistently, many at a time.

Owns what is done about reads that DynamoDB leaves over, and about rows that somebody writes between
the reading of their main item and that of their parts.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rollup.rows import parts
from rollup.rows.parts import Item, Keys

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 10

ItemKey = tuple[str, Mapping[str, Any]]
"""A table and a primary key in it."""

_KEYS_A_READ = 100
_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 1.0


class ContentionError(Exception):
    """Rows or reads that stayed busy through every attempt; `reason` is `contention`."""

    reason = "contention"


class ItemWithParts(NamedTuple):
    """A main item and its parts."""

    item: Item
    parts: Sequence[Item]


def pause(attempt: int) -> None:
    """Wait before the next attempt, longer each time, and not as long as others do."""
    time.sleep(random.uniform(0, min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)))  # noqa: S311


class ItemReader:
    """Tables whose items may have parts. `keys` tells each table's primary key."""

    def __init__(self, client: "DynamoDBClient", keys: Mapping[str, Keys]) -> None:
        self._client = client
        self._keys = keys

    def read(self, item_keys: Sequence[ItemKey]) -> dict[str, list[ItemWithParts]]:
        """What is stored under these keys, by table, in no order. Raises ContentionError."""
        for attempt in range(MAX_ATTEMPTS):
            wholes = self._with_parts(list(self._items(item_keys)))
            if all(parts.is_complete(*whole) for _, whole in wholes):
                by_table: dict[str, list[ItemWithParts]] = {}
                for table, whole in wholes:
                    by_table.setdefault(table, []).append(whole)
                return by_table
            pause(attempt)
        raise ContentionError

    def _with_parts(self, found: Sequence[tuple[str, Item]]) -> list[tuple[str, ItemWithParts]]:
        keys = [parts.part_keys_of(item, keys=self._keys[table]) for table, item in found]
        item_keys: list[ItemKey] = [
            (table, key) for (table, _), own in zip(found, keys, strict=True) for key in own
        ]
        there = {self._name(table, item): item for table, item in self._items(item_keys)}
        wholes: list[tuple[str, ItemWithParts]] = []
        for (table, item), own in zip(found, keys, strict=True):
            names = [self._name(table, key) for key in own]
            wholes.append(
                (table, ItemWithParts(item, [there[name] for name in names if name in there]))
            )
        return wholes

    def _name(self, table: str, item: Item) -> tuple[str, str, str]:
        keys = self._keys[table]
        return table, item[keys.partition]["S"], item[keys.sort]["S"]

    def _items(self, item_keys: Sequence[ItemKey]) -> Iterator[tuple[str, Item]]:
        for start in range(0, len(item_keys), _KEYS_A_READ):
            wanted: dict[str, Any] = {}
            for table, key in item_keys[start : start + _KEYS_A_READ]:
                wanted.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
            for attempt in range(MAX_ATTEMPTS):
                answer = self._client.batch_get_item(RequestItems=wanted)
                for table, items in answer["Responses"].items():
                    yield from ((table, item) for item in items)
                wanted = dict(answer.get("UnprocessedKeys", {}))
                if not wanted:
                    break
                pause(attempt)
            else:
                raise ContentionError
