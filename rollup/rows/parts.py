"""Items whose counts exceed one DynamoDB item: split by tool into parts, and joined again.

Owns the storage of packed cells in overview rows and ledger entries. The cells of cohorts have an
attribute of their own, so that a query that does not need them does not receive them. Most rows
have all cells in one item. If the cells exceed MAX_CELLS_BYTES, the main item stores the cells of
its first tools, and the number of part items in `parts`. Part items store the cells of the other
tools, each tool in one part. Their sort key is `PART#<sort key of the main item>#<nn>`, which
queries for periods do not read. They have the `revision` of the main item, and in the ledger its
`writes`. A transaction writes all items together, so parts of another revision only mean that a
write happened between two reads. Pure.

Every tool fits into a part: the cells of one tool with every bin of every closing and cohort of
every severity and branch take 27 KB at up to 15 alerts in a bin, 52 KB at up to 255, 100 KB at up
to 65,535, and 200 KB at up to 4,294,967,295.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rollup.errors import RollupError
from rollup.metrics.counts import COHORT_OUTCOMES, Cell, CellKey, Counts
from rollup.rows import attributes as names
from rollup.rows.counts_codec import pack, unpack

Item = Mapping[str, Any]

MAX_CELLS_BYTES = 300_000
"""The most bytes of packed cells in one item; DynamoDB accepts 400 KB with all attributes."""

_PART = "PART#"
_MARKS = (names.REVISION, names.WRITES)


class Keys(NamedTuple):
    """The attributes of a table's primary key."""

    partition: str
    sort: str


class TornRowError(RollupError):
    """A main item and its parts were not written together: read again; `reason` is `torn_row`."""

    reason = "torn_row"


def items_of(main: Item, counts: Counts, *, keys: Keys) -> list[dict[str, Any]]:
    """Return the main item with its cells, then its parts. `main` has its keys and `revision`."""
    first, *others = _split(counts)
    item = {**main, **first}
    if not others:
        return [item]
    item[names.PARTS] = {"N": str(len(others))}
    marks = {mark: main[mark] for mark in _MARKS if mark in main}
    return [
        item,
        *(
            {**key, **marks, **packed}
            for key, packed in zip(part_keys_of(item, keys=keys), others, strict=True)
        ),
    ]


def part_count(item: Item) -> int:
    """Return the number of parts of a main item."""
    return int(item[names.PARTS]["N"]) if names.PARTS in item else 0


def part_keys_of(item: Item, *, keys: Keys) -> list[dict[str, Any]]:
    """Return the primary keys of a main item's parts."""
    return part_keys_at(item, range(1, part_count(item) + 1), keys=keys)


def part_keys_at(item: Item, numbers: Iterable[int], *, keys: Keys) -> list[dict[str, Any]]:
    """Return the primary keys of the parts with these numbers, even if they do not exist."""
    return [
        {
            keys.partition: item[keys.partition],
            keys.sort: {"S": f"{_PART}{item[keys.sort]['S']}#{number:02}"},
        }
        for number in numbers
    ]


def is_part(sort_key: str) -> bool:
    """Return whether this is the sort key of a part."""
    return sort_key.startswith(_PART)


def is_complete(item: Item, parts: Sequence[Item]) -> bool:
    """Return whether these are all parts of a main item, written together with it."""
    return len(parts) == part_count(item) and all(_marks(part) == _marks(item) for part in parts)


def _marks(item: Item) -> list[Any]:
    return [item.get(mark) for mark in _MARKS]


def packed_of(item: Item, parts: Sequence[Item]) -> list[bytes]:
    """Return the packed counts of a main item and its parts, without attributes that were not read.

    Raises TornRowError.
    """
    if not is_complete(item, parts):
        raise TornRowError
    return [packed for one in (item, *parts) for packed in packed_in(one)]


def packed_in(item: Item) -> list[bytes]:
    """Return the packed counts in one item: its cells, then its cohorts if there are any."""
    return [item[name]["B"] for name in (names.CELLS, names.COHORTS) if name in item]


def counts_of(item: Item, parts: Sequence[Item]) -> Counts:
    """Return the counts of a main item and its parts. Raises TornRowError."""
    first, *others = packed_of(item, parts)
    return Counts.total(map(unpack, (first, *others))) if others else unpack(first)


def _split(counts: Counts) -> list[dict[str, Any]]:
    packed = _packed(counts)
    if _size(packed) <= MAX_CELLS_BYTES:
        return [packed]
    tools: dict[str, dict[CellKey, Cell]] = {}
    for key, cell in counts:
        tools.setdefault(key.tool, {})[key] = cell
    portions: list[dict[CellKey, Cell]] = []
    room = 0
    for _, cells in sorted(tools.items()):
        size = _size(_packed(Counts(cells)))
        if size > room:
            portions.append({})
            room = MAX_CELLS_BYTES
        portions[-1] |= cells
        room -= size
    return [_packed(Counts(portion)) for portion in portions]


def _packed(counts: Counts) -> dict[str, Any]:
    """Return the attributes of packed counts; `cohorts` only if there are any."""
    cells: dict[CellKey, Cell] = {}
    cohorts: dict[CellKey, Cell] = {}
    for key, cell in counts:
        (cohorts if key.outcome in COHORT_OUTCOMES else cells)[key] = cell
    packed = {names.CELLS: {"B": pack(Counts(cells))}}
    return {**packed, names.COHORTS: {"B": pack(Counts(cohorts))}} if cohorts else packed


def _size(item: Item) -> int:
    return sum(map(len, packed_in(item)))
