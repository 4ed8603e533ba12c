"""The actions of a transaction that writes items together with their parts.

Owns two rules: the condition on a main item also covers its parts, and a transaction stays below
the limits of DynamoDB. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from rollup.rows import parts
from rollup.rows.parts import Item, Keys
from rollup.rows.row_key import RowKey

MAX_ITEMS = 100
"""The most actions in one transaction of DynamoDB."""

MAX_BYTES = 3_000_000
"""The most bytes of packed counts in one transaction of several sources; DynamoDB accepts 4 MB."""

Action = dict[str, Any]
_T = TypeVar("_T")


def put(
    table: str, items: Sequence[Item], *, keys: Keys, parts_before: int, condition: Item
) -> list[Action]:
    """Return the actions that write an item with its parts, and delete its former parts.

    The condition applies to the main item, which is the first one.
    """
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
    """Return the actions that delete an item with its parts, on a condition on the main item."""
    numbers = range(1, parts_before + 1)
    return [
        {"Delete": {"TableName": table, "Key": key, **condition}},
        *_deletions(table, parts.part_keys_at(key, numbers, keys=keys)),
    ]


def fits(actions: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether these actions fit into one transaction, with a wide margin."""
    items = [action["Put"]["Item"] for action in actions if "Put" in action]
    packed = sum(sum(map(len, parts.packed_in(item))) + 1_000 for item in items)
    return len(actions) <= MAX_ITEMS and packed <= MAX_BYTES


def chunks(
    sources: Iterable[_T], rows_of: Callable[[_T], AbstractSet[RowKey]]
) -> Iterator[list[_T]]:
    """Yield the sources in chunks; each fits into a transaction with the rows that it adds to.

    Rows that a chunk retracts from, and rows with parts, can still make it too large. Then the
    store halves the chunk.
    """
    chunk: list[_T] = []
    rows: AbstractSet[RowKey] = set()
    for source in sources:
        own = rows_of(source)
        touched = rows | own
        if chunk and len(chunk) + 1 + len(touched) > MAX_ITEMS:
            yield chunk
            chunk, touched = [], own
        chunk.append(source)
        rows = touched
    if chunk:
        yield chunk


def _deletions(table: str, keys: Sequence[Item]) -> list[Action]:
    return [{"Delete": {"TableName": table, "Key": key}} for key in keys]
