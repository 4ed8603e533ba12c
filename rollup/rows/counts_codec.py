"""Counts packed into bytes for a row, and unpacked without loss.

Owns the layout, which starts with its version so that a later one can be read beside it, and which
is made for reading thousands of rows at once: columns of whole bytes, nothing to take apart bit by
bit. Layout 2, little-endian:

- the version, and the number of tools in two bytes;
- of each tool the length of its UTF-8 name in two bytes, and how many cells it has in one;
- of each cell four bytes: its place in the grid outcome, severity, branch (16 places an outcome,
  so that an appended outcome moves no place); the lengths of its number (upper half) and total;
  the form of its bins; the length of their column of counts;
- the names of the tools;
- of each cell its number and total, signed and as short as can be, then its bins. Their form is the
  type of the counts, and either LISTED (the places of all bins, a byte each, then their counts) or,
  where it is no longer, STRETCH (the place of the first, then a count for every place to the last).

Tools, cells and bins ascend, so equal counts have equal bytes.
"""

import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ingest.terms import Branch, Severity
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome

VERSION = 2

_SORTS = tuple(
    (severity, branch, outcome) for outcome in Outcome for severity in Severity for branch in Branch
)
_SORT_PLACES = {sort: place for place, sort in enumerate(_SORTS)}

_VERSION_BYTE = bytes([VERSION])
_START = struct.Struct("<BH")
_TOOL = struct.Struct("<HB")
_CELL = struct.Struct("<4B")

# The types of counts in `struct`'s letters. No row has a count below zero, but counts may.
_TYPES = "BHIQq"
_WIDTHS = (1, 2, 4, 8, 8)
_LIMITS = (2**8, 2**16, 2**32)
_BELOW_ZERO = 4
_STRETCH = 8


class UnknownLayoutError(ValueError):
    """Packed counts of a layout that this code does not know; `reason` is `unknown_layout`."""

    reason = "unknown_layout"


def pack(counts: Counts) -> bytes:
    """The bytes of counts; equal counts have equal bytes.

    Raises struct.error or OverflowError for numbers that are beyond all alerts of all times.
    """
    tools: dict[str, list[tuple[int, Cell]]] = {}
    for key, cell in counts:
        place = _SORT_PLACES[key.severity, key.branch, key.outcome]
        tools.setdefault(key.tool, []).append((place, cell))
    head, heads, names = _START.pack(VERSION, len(tools)), bytearray(), bytearray()
    cells: list[bytes] = []
    for tool in sorted(tools):
        name = tool.encode()
        head += _TOOL.pack(len(name), len(tools[tool]))
        names += name
        for place, cell in sorted(tools[tool], key=lambda one: one[0]):
            number, total = _signed(cell.count), _signed(cell.total_ms)
            form, length, bins = _pack_bins(cell.bins) if cell.bins else (0, 0, b"")
            heads += _CELL.pack(place, len(number) << 4 | len(total), form, length)
            cells += (number, total, bins)
    return b"".join((head, heads, names, *cells))


def unpack(packed: bytes) -> Counts:
    """The counts that `pack` wrote. Raises UnknownLayoutError for any layout but its own."""
    if packed[:1] != bytes([VERSION]):
        raise UnknownLayoutError(f"unknown layout of packed counts: {packed[:1].hex()}")
    tools_end = _START.size + _TOOL.size * _START.unpack_from(packed)[1]
    tools = list(_TOOL.iter_unpack(packed[_START.size : tools_end]))
    at = cells_end = tools_end + _CELL.size * sum(number for _, number in tools)
    grids: list[tuple[CellKey, ...]] = []
    for length, number_of_cells in tools:
        grids += [_grid(packed[at : at + length])] * number_of_cells
        at += length
    cells: dict[CellKey, Cell] = {}
    heads = _CELL.iter_unpack(packed[tools_end:cells_end])
    for grid, (place, lengths, form, length) in zip(grids, heads, strict=True):
        total_at = at + (lengths >> 4)
        number = int.from_bytes(packed[at:total_at], "little", signed=True)
        at = total_at + (lengths & 15)
        total_ms = int.from_bytes(packed[total_at:at], "little", signed=True)
        bins: dict[int, int] = {}
        if length:
            bins, at = _unpack_bins(packed, at, form, length)
        cells[grid[place]] = Cell(number, total_ms, bins)
    return Counts(cells)


EMPTY = pack(Counts())
"""What counts that are all zero are packed into."""


def tools_of(packed: bytes) -> list[str]:
    """The tools that packed counts have cells of."""
    heads_at = _START.size + _TOOL.size * _START.unpack_from(packed)[1]
    tools = list(_TOOL.iter_unpack(packed[_START.size : heads_at]))
    at = heads_at + _CELL.size * sum([number for _, number in tools])
    names = []
    for length, _ in tools:
        names.append(packed[at : at + length].decode())
        at += length
    return names


class CellTotal:
    """A cell that others are added to. Plain and mutable: thousands are made for one query."""

    __slots__ = ("_bins", "_once", "count", "total_ms")

    def __init__(self) -> None:
        self.count = 0
        self.total_ms = 0
        self._bins: dict[int, int] = {}
        # The places of bins that count one each, which most do: a byte each is the least work now.
        self._once = bytearray()

    def add_bins(self, packed: bytes, at: int, form: int, length: int) -> None:
        """Add the bins of one packed cell."""
        if form == _STRETCH and length == 1 and packed[at + 1] == 1:
            self._once.append(packed[at])
            return
        if form == 0 and packed[at + length : at + 2 * length] == _ONES[:length]:
            self._once += packed[at : at + length]
            return
        bins = self._bins
        for place, number in _unpack_bins(packed, at, form, length)[0].items():
            bins[place] = bins.get(place, 0) + number

    @property
    def cell(self) -> Cell:
        """The sum so far."""
        bins = Counter(self._once)
        for place, number in self._bins.items():
            bins[place] += number
        return Cell(self.count, self.total_ms, {place: n for place, n in bins.items() if n})


_ONES = bytes([1]) * 256
_BIN_SIZES = {
    **{kind: (1 + width, 0) for kind, width in enumerate(_WIDTHS)},
    **{_STRETCH | kind: (width, 1) for kind, width in enumerate(_WIDTHS)},
}
"""By form: the bytes of each bin, and those of all of them together."""


def columns(column_of: Callable[[Severity, Branch, Outcome], int | None]) -> Sequence[int | None]:
    """For `add_up`: in which column each cell of a tool is added up; None for cells to skip."""
    return [column_of(*sort) for sort in _SORTS]


def add_up(
    packed: bytes,
    column_of: Sequence[int | None],
    totals_of: Callable[[str], list[CellTotal | None] | None],
    *,
    durations: bool = True,
) -> None:
    """Add packed counts to totals cell by cell, passing over the cells that no column is for.

    `totals_of` gives the totals of a tool by column, None to pass over the tool; a total is None
    before its first cell. This takes a third of the time of `unpack` and adding what that returns.

    Raises UnknownLayoutError for any layout but that of `pack`.
    """
    if packed[:1] != _VERSION_BYTE:
        raise UnknownLayoutError(f"unknown layout of packed counts: {packed[:1].hex()}")
    from_bytes, sizes = int.from_bytes, _BIN_SIZES
    head = _START.size + _TOOL.size * _START.unpack_from(packed)[1]
    tools = list(_TOOL.iter_unpack(packed[_START.size : head]))
    name_at = head + _CELL.size * sum([number for _, number in tools])
    at = name_at + sum([length for length, _ in tools])
    for name_length, number_of_cells in tools:
        totals = totals_of(packed[name_at : name_at + name_length].decode())
        name_at += name_length
        heads = packed[head : head + _CELL.size * number_of_cells]
        head += len(heads)
        for place, lengths, form, length in _CELL.iter_unpack(heads):
            total_at = at + (lengths >> 4)
            bins_at = end = total_at + (lengths & 15)
            if length:
                each, once = sizes[form]
                end += length * each + once
            column = column_of[place]
            if totals is not None and column is not None:
                total = totals[column]
                if total is None:
                    total = totals[column] = CellTotal()
                total.count += from_bytes(packed[at:total_at], "little", signed=True)
                if total_at != bins_at:
                    total.total_ms += from_bytes(packed[total_at:bins_at], "little", signed=True)
                if length and durations:
                    total.add_bins(packed, bins_at, form, length)
            at = end


@lru_cache(maxsize=256)
def _grid(tool: bytes) -> tuple[CellKey, ...]:
    name = tool.decode()
    return tuple(CellKey(severity, branch, name, outcome) for severity, branch, outcome in _SORTS)


def _signed(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True) if number else b""


def _pack_bins(bins: Mapping[int, int]) -> tuple[int, int, bytes]:
    places = sorted(bins)
    numbers = [bins[place] for place in places]
    most = max(numbers)
    kind = _BELOW_ZERO if min(numbers) < 0 else sum(most >= limit for limit in _LIMITS)
    width, stretch = _WIDTHS[kind], range(places[0], places[-1] + 1)
    if 1 + len(stretch) * width > len(places) * (1 + width):
        return kind, len(numbers), bytes(places) + _column(kind, numbers)
    numbers = [bins.get(place, 0) for place in stretch]
    return _STRETCH | kind, len(numbers), bytes(places[:1]) + _column(kind, numbers)


def _column(kind: int, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{_TYPES[kind]}", *numbers)


def _unpack_bins(packed: bytes, at: int, form: int, length: int) -> tuple[dict[int, int], int]:
    kind = form & ~_STRETCH
    start = at + (1 if form & _STRETCH else length)
    end = start + length * _WIDTHS[kind]
    numbers: Sequence[int] = packed[start:end]
    if kind:
        numbers = struct.unpack(f"<{length}{_TYPES[kind]}", packed[start:end])
    if form & _STRETCH:
        return {place: number for place, number in enumerate(numbers, packed[at]) if number}, end
    return dict(zip(packed[at:start], numbers, strict=True)), end
