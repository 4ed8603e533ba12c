"""The bins of a packed cell, as bytes.

Owns the forms in which bins are stored. A form is an arrangement and the type of the counts:

- LISTED: the indices of all bins, a byte each, then their counts;
- STRETCH: the index of the first bin, then a count for each bin up to the last one;
- ONES: the indices of all bins, which each count 1;
- HALVES: the index of the first bin, then half a byte for each bin up to the last one, the upper
  half first.

LISTED and STRETCH exist for each type of counts. Layout 3 has all forms, layout 2 only these two.
`counts_codec` owns the layouts. Pure.
"""

import struct
from collections.abc import Mapping, Sequence

# The types of counts, as letters of `struct`. Differences of rows can have counts below zero.
_TYPES = "BHIQq"
_WIDTHS = (1, 2, 4, 8, 8)
_LIMITS = (2**8, 2**16, 2**32)
_BELOW_ZERO = 4
_HALF_LIMIT = 2**4

STRETCH = 8
"""The bit of a form for the arrangement STRETCH; without it, the arrangement is LISTED."""
ONES = 5
HALVES = 6

BIN_SIZES = {
    **{kind: (1 + width, 0) for kind, width in enumerate(_WIDTHS)},
    **{STRETCH | kind: (width, 1) for kind, width in enumerate(_WIDTHS)},
    ONES: (1, 0),
    HALVES: (1, 1),
}
"""By form: the bytes for each unit of the length, and the bytes for all of them once.

The length is the number of counts; for HALVES it is the number of bytes with counts.
"""

_HEX_DIGITS = bytes.maketrans(b"0123456789abcdef", bytes(range(16)))


def pack_bins(bins: Mapping[int, int]) -> tuple[int, int, bytes]:
    """Return the form, the length and the bytes of bins, in the form with the fewest bytes."""
    indices = sorted(bins)
    counts = [bins[index] for index in indices]
    least, most = min(counts), max(counts)
    if least == most == 1:
        return ONES, len(counts), bytes(indices)
    kind = _BELOW_ZERO if least < 0 else sum(most >= limit for limit in _LIMITS)
    width, stretch = _WIDTHS[kind], range(indices[0], indices[-1] + 1)
    sizes = {STRETCH | kind: 1 + len(stretch) * width, kind: len(indices) * (1 + width)}
    if least >= 0 and most < _HALF_LIMIT:
        sizes[HALVES] = 1 + (len(stretch) + 1) // 2
    form = min(sizes, key=lambda one: sizes[one])
    if form == kind:
        return form, len(counts), bytes(indices) + _column(kind, counts)
    counts = [bins.get(index, 0) for index in stretch]
    if form == HALVES:
        digits = "".join([f"{count:x}" for count in counts])
        column = bytes.fromhex(digits if len(digits) % 2 == 0 else digits + "0")
        return form, len(column), bytes(indices[:1]) + column
    return form, len(counts), bytes(indices[:1]) + _column(kind, counts)


def _column(kind: int, counts: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(counts)}{_TYPES[kind]}", *counts)


def unpack_bins(packed: bytes, at: int, form: int, length: int) -> tuple[dict[int, int], int]:
    """Return the counts of the bins at an offset, and the offset behind them."""
    if form == ONES:
        end = at + length
        return dict.fromkeys(packed[at:end], 1), end
    if form == HALVES:
        end = at + 1 + length
        halves = packed[at + 1 : end].hex().encode().translate(_HEX_DIGITS)
        return {index: count for index, count in enumerate(halves, packed[at]) if count}, end
    kind = form & ~STRETCH
    start = at + (1 if form & STRETCH else length)
    end = start + length * _WIDTHS[kind]
    counts: Sequence[int] = packed[start:end]
    if kind:
        counts = struct.unpack(f"<{length}{_TYPES[kind]}", packed[start:end])
    if form & STRETCH:
        return {index: count for index, count in enumerate(counts, packed[at]) if count}, end
    return dict(zip(packed[at:start], counts, strict=True)), end
