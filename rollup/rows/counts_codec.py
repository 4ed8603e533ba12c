"""Counts packed into bytes for a row, and unpacked without loss.

Owns the layout. It starts with its version, so that a later layout can be read beside it. It is
made of columns of whole bytes, so that a query can read thousands of rows. Layout 2, little-endian:

- the version in one byte, and the number of tools in two bytes;
- for each tool, the length of its UTF-8 name in two bytes, and the number of its cells in one byte;
- for each cell, four bytes: its position in the grid of outcome, severity and branch (16 positions
  for each outcome, so that an appended outcome does not move a position); the lengths of its count
  (upper half) and total (lower half); the form of its bins; the length of their column of counts;
- the names of the tools;
- for each cell, its count and its total, signed and as short as possible, then its bins. The form
  of the bins is the type of their counts, and one of two arrangements: LISTED (the indices of all
  bins, a byte each, then their counts) or, if that is not longer, STRETCH (the index of the first
  bin, then a count for each bin to the last one).

Tools, cells and bins ascend, so equal counts have equal bytes. `cell_totals` adds packed counts up
without unpacking them first. Pure.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ingest.terms import Branch, Severity
from rollup.errors import RollupError
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome

VERSION = 2

_VERSION_BYTE = bytes([VERSION])

KINDS = tuple(
    (severity, branch, outcome) for outcome in Outcome for severity in Severity for branch in Branch
)
"""The severity, branch and outcome of a cell, by its position in the grid."""
_POSITIONS = {kind: position for position, kind in enumerate(KINDS)}

START = struct.Struct("<BH")
"""The version, and the number of tools."""
TOOL = struct.Struct("<HB")
"""The length of a tool's name, and the number of its cells."""
CELL = struct.Struct("<4B")
"""A cell's position, its two lengths in one byte, the form of its bins, and their number."""

# The types of counts, as letters of `struct`. Differences of rows can have counts below zero.
_TYPES = "BHIQq"
_WIDTHS = (1, 2, 4, 8, 8)
_LIMITS = (2**8, 2**16, 2**32)
_BELOW_ZERO = 4
STRETCH = 8
"""The bit of a form for the arrangement STRETCH; without it, the arrangement is LISTED."""

BIN_SIZES = {
    **{kind: (1 + width, 0) for kind, width in enumerate(_WIDTHS)},
    **{STRETCH | kind: (width, 1) for kind, width in enumerate(_WIDTHS)},
}
"""By form: the bytes for each bin, and the bytes for all of them once."""


class UnknownLayoutError(RollupError):
    """Packed counts have a layout unknown to this code; `reason` is `unknown_layout`."""

    reason = "unknown_layout"


def check_layout(packed: bytes) -> None:
    """Raise UnknownLayoutError for any layout except the one of `pack`."""
    if packed[:1] != _VERSION_BYTE:
        raise UnknownLayoutError(f"unknown layout of packed counts: {packed[:1].hex()}")


def pack(counts: Counts) -> bytes:
    """Return the bytes of counts; equal counts have equal bytes.

    Raises struct.error or OverflowError for numbers that no amount of alerts can reach.
    """
    tools: dict[str, list[tuple[int, Cell]]] = {}
    for key, cell in counts:
        position = _POSITIONS[key.severity, key.branch, key.outcome]
        tools.setdefault(key.tool, []).append((position, cell))
    head, heads, names = START.pack(VERSION, len(tools)), bytearray(), bytearray()
    cells: list[bytes] = []
    for tool in sorted(tools):
        name = tool.encode()
        head += TOOL.pack(len(name), len(tools[tool]))
        names += name
        for position, cell in sorted(tools[tool], key=lambda one: one[0]):
            count, total = _signed(cell.count), _signed(cell.total_ms)
            form, length, bins = _pack_bins(cell.bins) if cell.bins else (0, 0, b"")
            heads += CELL.pack(position, len(count) << 4 | len(total), form, length)
            cells += (count, total, bins)
    return b"".join((head, heads, names, *cells))


def unpack(packed: bytes) -> Counts:
    """Return the counts that `pack` wrote. Raises UnknownLayoutError for any other layout."""
    check_layout(packed)
    tools_end = START.size + TOOL.size * START.unpack_from(packed)[1]
    tools = list(TOOL.iter_unpack(packed[START.size : tools_end]))
    at = cells_end = tools_end + CELL.size * sum(cell_count for _, cell_count in tools)
    grids: list[tuple[CellKey, ...]] = []
    for length, cell_count in tools:
        grids += [_grid(packed[at : at + length])] * cell_count
        at += length
    cells: dict[CellKey, Cell] = {}
    heads = CELL.iter_unpack(packed[tools_end:cells_end])
    for grid, (position, lengths, form, length) in zip(grids, heads, strict=True):
        total_at = at + (lengths >> 4)
        count = int.from_bytes(packed[at:total_at], "little", signed=True)
        at = total_at + (lengths & 15)
        total_ms = int.from_bytes(packed[total_at:at], "little", signed=True)
        bins: dict[int, int] = {}
        if length:
            bins, at = unpack_bins(packed, at, form, length)
        cells[grid[position]] = Cell(count, total_ms, bins)
    return Counts(cells)


EMPTY = pack(Counts())
"""The bytes of counts without any cell."""


def tools_of(packed: bytes) -> list[str]:
    """Return the tools of packed counts."""
    heads_at = START.size + TOOL.size * START.unpack_from(packed)[1]
    tools = list(TOOL.iter_unpack(packed[START.size : heads_at]))
    at = heads_at + CELL.size * sum([cell_count for _, cell_count in tools])
    names = []
    for length, _ in tools:
        names.append(packed[at : at + length].decode())
        at += length
    return names


@lru_cache(maxsize=256)
def _grid(tool: bytes) -> tuple[CellKey, ...]:
    name = tool.decode()
    return tuple(CellKey(severity, branch, name, outcome) for severity, branch, outcome in KINDS)


def _signed(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True) if number else b""


def _pack_bins(bins: Mapping[int, int]) -> tuple[int, int, bytes]:
    indices = sorted(bins)
    counts = [bins[index] for index in indices]
    most = max(counts)
    kind = _BELOW_ZERO if min(counts) < 0 else sum(most >= limit for limit in _LIMITS)
    width, stretch = _WIDTHS[kind], range(indices[0], indices[-1] + 1)
    if 1 + len(stretch) * width > len(indices) * (1 + width):
        return kind, len(counts), bytes(indices) + _column(kind, counts)
    counts = [bins.get(index, 0) for index in stretch]
    return STRETCH | kind, len(counts), bytes(indices[:1]) + _column(kind, counts)


def _column(kind: int, counts: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(counts)}{_TYPES[kind]}", *counts)


def unpack_bins(packed: bytes, at: int, form: int, length: int) -> tuple[dict[int, int], int]:
    """Return the counts of the bins at an offset, and the offset behind them."""
    kind = form & ~STRETCH
    start = at + (1 if form & STRETCH else length)
    end = start + length * _WIDTHS[kind]
    counts: Sequence[int] = packed[start:end]
    if kind:
        counts = struct.unpack(f"<{length}{_TYPES[kind]}", packed[start:end])
    if form & STRETCH:
        return {index: count for index, count in enumerate(counts, packed[at]) if count}, end
    return dict(zip(packed[at:start], counts, strict=True)), end
