"""The actions of a transaction that writes items together with their parts.

Owns that a main item's condition stands for its parts, and what fits into one transaction. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rollup import parts
from rollup.parts import Item, Keys

MAX_ITEMS = 100
"""What DynamoDB writes in one transaction."""

MAX_BYTES = 3_000_000
"""Packed counts of one transaction of several sources; DynamoDB takes 4 MB of items."""

Action = dict[str, Any]


def put(
    table: str, items: Sequence[Item], *, keys: Keys, parts_before: int, condition: Item
) -> list[Action]:
    """Write a main item on a condition, its parts with it, and remove parts it no longer has."""
    main, *others = items
    numbers = range(len(others) + 1, parts_before + 1)
    return [
        {"Put": {"TableName": table, "Item": main, **condition}},
        *({"Put": {"TableName": table, "Item": item}} for item in others),
        *_deletions(table, parts.numbered(main, numbers, keys=keys)),
    ]


def delete(
    table: str, key: Item, *, keys: Keys, parts_before: int, condition: Item
) -> list[Action]:
    """Remove a main item on a condition, and its parts with it."""
    numbers = range(1, parts_before + 1)
    return [
        {"Delete": {"TableName": table, "Key": key, **condition}},
        *_deletions(table, parts.numbered(key, numbers, keys=keys)),
    ]


def fits(actions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether DynamoDB takes these actions at once, by far."""
    items = [action["Put"]["Item"] for action in actions if "Put" in action]
    packed = sum(len(item.get("cells", {"B": b""})["B"]) + 1_000 for item in items)
    return len(actions) <= MAX_ITEMS and packed <= MAX_BYTES


def _deletions(table: str, keys: Sequence[Item]) -> list[Action]:
    return [{"Delete": {"TableName": table, "Key": key}} for key in keys]
