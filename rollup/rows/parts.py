"""Items whose counts outgrow one DynamoDB item: split by tool into parts, and joined again.

Owns how overview rows and ledger entries keep their packed cells. Most have all of them in their
one item. Where those would exceed MAX_CELLS_BYTES, the main item keeps the cells of its first tools
and says in `parts` how many part items hold the others: whole tools each, under the sort key
`PART#<sort key of the main item>#<nn>`, which no query for periods covers, and with the main item's
`revision` (and `writes`, in the ledger). All of them are written in one transaction, so parts of
another revision only mean that somebody wrote in between two reads. Pure.

Every tool fits: one that has every bin of every closing of every severity and branch takes 22 KB,
42 KB at 300 to 65,535 alerts a bin, and 83 KB at up to 4,294,967,295 a bin.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rollup.metrics.counts import Cell, CellKey, Counts
from rollup.rows.counts_codec import pack, unpack

Item = Mapping[str, Any]

MAX_CELLS_BYTES = 300_000
"""Packed cells of one item; DynamoDB takes 400 KB with all attributes."""

_PART = "PART#"
_MARKS = ("revision", "writes")


class Keys(NamedTuple):
    """The attributes that are a table's primary key."""

    partition: str
    sort: str


class TornRowError(Exception):
    """A main item and parts that were not written together: read again. `reason` is `torn_row`."""

    reason = "torn_row"


def items_of(main: Item, counts: Counts, *, keys: Keys) -> list[dict[str, Any]]:
    """The main item with its cells, then its parts. `main` has its keys and its `revision`."""
    first, *others = _split(counts)
    item = {**main, "cells": {"B": first}}
    if not others:
        return [item]
    item["parts"] = {"N": str(len(others))}
    marks = {mark: main[mark] for mark in _MARKS if mark in main}
    return [
        item,
        *(
            {**key, **marks, "cells": {"B": cells}}
            for key, cells in zip(part_keys_of(item, keys=keys), others, strict=True)
        ),
    ]


def part_count(item: Item) -> int:
    """How many parts a main item has."""
    return int(item["parts"]["N"]) if "parts" in item else 0


def part_keys_of(item: Item, *, keys: Keys) -> list[dict[str, Any]]:
    """The primary keys of a main item's parts."""
    return part_keys_at(item, range(1, part_count(item) + 1), keys=keys)


def part_keys_at(item: Item, numbers: Iterable[int], *, keys: Keys) -> list[dict[str, Any]]:
    """The primary keys of a main item's parts of these numbers, whether it has them or not."""
    return [
        {
            keys.partition: item[keys.partition],
            keys.sort: {"S": f"{_PART}{item[keys.sort]['S']}#{number:02}"},
        }
        for number in numbers
    ]


def is_part(sort_key: str) -> bool:
    """Whether an item with this sort key is only a part of another."""
    return sort_key.startswith(_PART)


def is_complete(item: Item, parts: Sequence[Item]) -> bool:
    """Whether these are the parts that were written together with a main item."""
    return len(parts) == part_count(item) and all(_marks(part) == _marks(item) for part in parts)


def _marks(item: Item) -> list[Any]:
    return [item.get(mark) for mark in _MARKS]


def packed_of(item: Item, parts: Sequence[Item]) -> list[bytes]:
    """The packed counts of a main item that was read with its parts. Raises TornRowError."""
    if not is_complete(item, parts):
        raise TornRowError
    return [one["cells"]["B"] for one in (item, *parts)]


def counts_of(item: Item, parts: Sequence[Item]) -> Counts:
    """All counts of a main item that was read with its parts. Raises TornRowError."""
    first, *others = packed_of(item, parts)
    return Counts.total(map(unpack, (first, *others))) if others else unpack(first)


def _split(counts: Counts) -> list[bytes]:
    packed = pack(counts)
    if len(packed) <= MAX_CELLS_BYTES:
        return [packed]
    tools: dict[str, dict[CellKey, Cell]] = {}
    for key, cell in counts:
        tools.setdefault(key.tool, {})[key] = cell
    portions: list[dict[CellKey, Cell]] = []
    room = 0
    for _, cells in sorted(tools.items()):
        size = len(pack(Counts(cells)))
        if size > room:
            portions.append({})
            room = MAX_CELLS_BYTES
        portions[-1] |= cells
        room -= size
    return [pack(Counts(portion)) for portion in portions]
