"""Counts packed into bytes for a row, and unpacked without loss.

Owns the layout, which starts with its version so that a later one can be read beside it. Layout 1
is a sequence of variable-length integers (seven bits a byte, least significant first; signed ones
zigzag): the number of tools and each tool's UTF-8 length and bytes; the number of cells and each
cell's place in the grid tool, severity, branch, outcome as the distance from the one before, its
number, its total, how many bins it has, and each bin as the distance from the one before and its
count. Cells and bins ascend, so equal counts have equal bytes.
"""

from collections.abc import Iterator

from ingest.terms import Branch, Severity
from rollup.counts import Cell, CellKey, Counts, Outcome

VERSION = 1

_SORTS = tuple(
    (severity, branch, outcome) for severity in Severity for branch in Branch for outcome in Outcome
)
_SORT_PLACES = {sort: place for place, sort in enumerate(_SORTS)}


class UnknownLayoutError(ValueError):
    """Packed counts of a layout that this code does not know; `reason` is `unknown_layout`."""

    reason = "unknown_layout"


def pack(counts: Counts) -> bytes:
    """The bytes of counts; equal counts have equal bytes."""
    tools = sorted({key.tool for key, _ in counts})
    starts = {tool: place * len(_SORTS) for place, tool in enumerate(tools)}
    cells = {
        starts[key.tool] + _SORT_PLACES[key.severity, key.branch, key.outcome]: cell
        for key, cell in counts
    }
    numbers = [len(tools)]
    for tool in tools:
        encoded = tool.encode()
        numbers += [len(encoded), *encoded]
    numbers.append(len(cells))
    before = 0
    for place in sorted(cells):
        cell = cells[place]
        numbers += [place - before, _zigzag(cell.number), _zigzag(cell.total_ms), len(cell.bins)]
        before = place
        bin_before = 0
        for bin_place in sorted(cell.bins):
            numbers += [bin_place - bin_before, _zigzag(cell.bins[bin_place])]
            bin_before = bin_place
    return bytes([VERSION]) + _varints(numbers)


def unpack(packed: bytes) -> Counts:
    """The counts that `pack` wrote. Raises UnknownLayoutError for any layout but its own."""
    if packed[:1] != bytes([VERSION]):
        raise UnknownLayoutError(f"unknown layout of packed counts: {packed[:1].hex()}")
    numbers = _numbers(packed)
    tools = [
        bytes(next(numbers) for _ in range(next(numbers))).decode() for _ in range(next(numbers))
    ]
    cells: dict[CellKey, Cell] = {}
    place = 0
    for _ in range(next(numbers)):
        place += next(numbers)
        tool_place, sort_place = divmod(place, len(_SORTS))
        severity, branch, outcome = _SORTS[sort_place]
        number, total_ms = _unzigzag(next(numbers)), _unzigzag(next(numbers))
        bins: dict[int, int] = {}
        bin_place = 0
        for _ in range(next(numbers)):
            bin_place += next(numbers)
            bins[bin_place] = _unzigzag(next(numbers))
        cells[CellKey(severity, branch, tools[tool_place], outcome)] = Cell(number, total_ms, bins)
    return Counts(cells)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return -((number + 1) >> 1) if number & 1 else number >> 1


def _varints(numbers: list[int]) -> bytes:
    out = bytearray()
    for number in numbers:
        rest = number
        while rest > 0x7F:
            out.append(rest & 0x7F | 0x80)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def _numbers(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in packed[1:]:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            yield number
            number = shift = 0
