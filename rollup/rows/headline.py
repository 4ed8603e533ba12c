"""A row's headline: its counts pooled over severity, branch and tool, packed into a few bytes.

Owns the layout, by which tens of thousands of rows are added up without unpacking one. A headline
is one number with a field for each statistic, so the sum of headlines is the headline of the sum.
Layout 1:

- a byte with the version;
- a signed little-endian integer in as few bytes as it needs. Its fields, from the lowest bits up:
  for each outcome, in the order of `Outcome`, the number of alerts in 40 bits; for OPEN and the
  closings then the sum of their times (see `Cell`) in 72 bits. Each field is signed and borrows
  from the next one.

Pure.
"""

from rollup.metrics.counts import CLOSED_OUTCOMES, Cell, Counts, Outcome
from rollup.rows.counts_codec import UnknownLayoutError

VERSION = 1

_NUMBER_BITS, _TOTAL_BITS = 40, 72
_HAVE_TOTALS = CLOSED_OUTCOMES | {Outcome.OPEN}
_FIELDS = tuple(
    (outcome, _NUMBER_BITS, _TOTAL_BITS if outcome in _HAVE_TOTALS else 0) for outcome in Outcome
)


def pack(counts: Counts) -> bytes:
    """The headline of a row with these counts.

    Raises OverflowError for numbers that are beyond all alerts of all times.
    """
    numbers = dict.fromkeys(Outcome, 0)
    totals = dict.fromkeys(Outcome, 0)
    for key, cell in counts:
        numbers[key.outcome] += cell.count
        totals[key.outcome] += cell.total_ms
    packed = at = 0
    for outcome, number_bits, total_bits in _FIELDS:
        packed += _checked(numbers[outcome], number_bits) << at
        at += number_bits
        if total_bits:
            packed += _checked(totals[outcome], total_bits) << at
            at += total_bits
    length = packed.bit_length() // 8 + 1
    return bytes([VERSION]) + packed.to_bytes(length, "little", signed=True)


def add(so_far: int, headline: bytes) -> int:
    """A sum of headlines, which starts at 0, with one more.

    Raises UnknownLayoutError for any layout but that of `pack`.
    """
    if headline[0] != VERSION:
        raise UnknownLayoutError(f"unknown layout of a headline: {headline[:1].hex()}")
    return so_far + int.from_bytes(headline[1:], "little", signed=True)


def cells_of(total: int) -> dict[Outcome, Cell]:
    """The cells of a sum of headlines, without durations; none where nothing is counted."""
    cells: dict[Outcome, Cell] = {}
    for outcome, number_bits, total_bits in _FIELDS:
        number, total = _lowest(total, number_bits)
        total_ms, total = _lowest(total, total_bits) if total_bits else (0, total)
        if number or total_ms:
            cells[outcome] = Cell(number, total_ms)
    return cells


def _lowest(packed: int, bits: int) -> tuple[int, int]:
    """The lowest field, and the number that the fields above it make up."""
    half = 1 << bits - 1
    field = ((packed + half) & (2 * half - 1)) - half
    return field, packed - field >> bits


def _checked(value: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise OverflowError(f"{value} does not fit into {bits} bits")
    return value
