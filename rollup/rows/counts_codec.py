"""Counts packed into bytes for a row, and unpacked without loss.

Owns the layouts. Packed counts start with their version, so several layouts are read beside each
other; `pack` writes the newest one. They are made of columns of whole bytes, so that a query can
read thousands of rows. Layout 3, little-endian:

- the version in one byte, and the number of tools in two bytes;
- for each tool, the length of its UTF-8 name and the number of its cells, two bytes each;
- for each cell, five bytes: its position in the grid of outcome, severity and branch in two bytes
  (16 positions for each outcome, so that an appended outcome does not move a position); the lengths
  of its count (upper half) and total (lower half); the form and the length of its bins (see
  `packed_bins`);
- the names of the tools;
- for each cell, its count and its total, signed and as short as possible, then its bins.

Layout 2 has one byte for the number of cells and for a position, and fewer forms of bins. Its rows
were written before closings were counted by creation. They contain no cohorts.

Tools, cells and bins ascend, so equal counts have equal bytes. `cell_totals` adds packed counts up
without unpacking them first. Pure.
"""

import struct
from functools import lru_cache
from typing import NamedTuple

from ingest.terms import Branch, Severity
from rollup.errors import RollupError
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.rows.packed_bins import pack_bins, unpack_bins

VERSION = 3
"""The version of the layout that `pack` writes."""

KINDS = tuple(
    (severity, branch, outcome) for outcome in Outcome for severity in Severity for branch in Branch
)
"""The severity, branch and outcome of a cell, by its position in the grid."""
_POSITIONS = {kind: position for position, kind in enumerate(KINDS)}

START = struct.Struct("<BH")
"""The version, and the number of tools."""


class Layout(NamedTuple):
    """The heads of one layout.

    Attributes:
        tool: The length of a tool's name, and the number of its cells.
        cell: A cell's position, its two lengths in one byte, and the form and length of its bins.
    """

    tool: struct.Struct
    cell: struct.Struct


_LAYOUTS = {
    b"\x02": Layout(struct.Struct("<HB"), struct.Struct("<4B")),
    b"\x03": Layout(struct.Struct("<2H"), struct.Struct("<H3B")),
}
_NEWEST = _LAYOUTS[bytes([VERSION])]


class UnknownLayoutError(RollupError):
    """Packed counts have a layout unknown to this code; `reason` is `unknown_layout`."""

    reason = "unknown_layout"


def layout_of(packed: bytes) -> Layout:
    """Return the layout of packed counts. Raises UnknownLayoutError."""
    layout = _LAYOUTS.get(packed[:1])
    if layout is None:
        raise UnknownLayoutError(f"unknown layout of packed counts: {packed[:1].hex()}")
    return layout


def is_empty(packed: bytes) -> bool:
    """Return whether packed counts have no cell. Raises UnknownLayoutError."""
    layout_of(packed)
    number_of_tools: int = START.unpack_from(packed)[1]
    return number_of_tools == 0


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
        head += _NEWEST.tool.pack(len(name), len(tools[tool]))
        names += name
        for position, cell in sorted(tools[tool], key=lambda one: one[0]):
            count, total = _signed(cell.count), _signed(cell.total_ms)
            form, length, bins = pack_bins(cell.bins) if cell.bins else (0, 0, b"")
            heads += _NEWEST.cell.pack(position, len(count) << 4 | len(total), form, length)
            cells += (count, total, bins)
    return b"".join((head, heads, names, *cells))


def unpack(packed: bytes) -> Counts:
    """Return the counts that `pack`, or the code of layout 2, wrote. Raises UnknownLayoutError."""
    layout = layout_of(packed)
    tools_end = START.size + layout.tool.size * START.unpack_from(packed)[1]
    tools = list(layout.tool.iter_unpack(packed[START.size : tools_end]))
    at = cells_end = tools_end + layout.cell.size * sum(cell_count for _, cell_count in tools)
    grids: list[tuple[CellKey, ...]] = []
    for length, cell_count in tools:
        grids += [_grid(packed[at : at + length])] * cell_count
        at += length
    cells: dict[CellKey, Cell] = {}
    heads = layout.cell.iter_unpack(packed[tools_end:cells_end])
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


def tools_of(packed: bytes) -> list[str]:
    """Return the tools of packed counts. Raises UnknownLayoutError."""
    layout = layout_of(packed)
    heads_at = START.size + layout.tool.size * START.unpack_from(packed)[1]
    tools = list(layout.tool.iter_unpack(packed[START.size : heads_at]))
    at = heads_at + layout.cell.size * sum([cell_count for _, cell_count in tools])
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
