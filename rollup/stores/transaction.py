"""The actions of a transaction that writes items together with their parts.

Owns that a main item's condition stands for its parts, and what fits into one transaction. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from rollup.rows import parts
from rollup.rows.parts import Item, Keys
from rollup.rows.row_key import RowKey

MAX_ITEMS = 100
"""What DynamoDB writes in one transaction."""

MAX_BYTES = 3_000_000
"""Packed counts of one transaction of several sources; DynamoDB takes 4 MB of items."""

Action = dict[str, Any]
_T = TypeVar("_T")


def put(
    table: str, items: Sequence[Item], *, keys: Keys, parts_before: int, condition: Item
) -> list[Action]:
    """Write a main item on a condition, its parts with it, and remove parts it no longer has."""
    main, *others = items
    numbers = range(len(others) + 1, parts_before + 1)
    return [
        {"Put": {"TableName": table, "Item": main, **condition}},
        *({"Put": {"TableName": table, "Item": item}} for item in others),
        *_deletions(table, parts.part_keys_at(main, numbers, keys=keys)),
    ]


def delete(
    table: str, key: Item, *, keys: Keys, parts_before: int, condition: Item
) -> list[Action]:
    """Remove a main item on a condition, and its parts with it."""
    numbers = range(1, parts_before + 1)
    return [
        {"Delete": {"TableName": table, "Key": key, **condition}},
        *_deletions(table, parts.part_keys_at(key, numbers, keys=keys)),
    ]


def fits(actions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether DynamoDB takes these actions at once, by far."""
    items = [action["Put"]["Item"] for action in actions if "Put" in action]
    packed = sum(len(item.get("cells", {"B": b""})["B"]) + 1_000 for item in items)
    return len(actions) <= MAX_ITEMS and packed <= MAX_BYTES


def chunks(many: Iterable[_T], rows_of: Callable[[_T], AbstractSet[RowKey]]) -> Iterator[list[_T]]:
    """Sources in such portions that each, with all rows it adds to, fits into one transaction.

    Other rows that it retracts from, and rows in parts, can still make a portion too large: the
    store halves it then.
    """
    chunk: list[_T] = []
    rows: AbstractSet[RowKey] = set()
    for one in many:
        own = rows_of(one)
        touched = rows | own
        if chunk and len(chunk) + 1 + len(touched) > MAX_ITEMS:
            yield chunk
            chunk, touched = [], own
        chunk.append(one)
        rows = touched
    if chunk:
        yield chunk


def _deletions(table: str, keys: Sequence[Item]) -> list[Action]:
    return [{"Delete": {"TableName": table, "Key": key}} for key in keys]
