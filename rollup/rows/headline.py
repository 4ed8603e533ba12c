"""A row's headline: its counts pooled over severity, branch and tool, packed into a few bytes.

Owns the layout, which allows adding tens of thousands of rows without unpacking any of them. A
headline is one integer with a field for each statistic, so the sum of headlines is the headline of
the sum. Layout 1:

- the version in one byte;
- a signed little-endian integer in as few bytes as it needs. Its fields, from the lowest bits up:
  for each outcome, in the order of `Outcome`, the number of alerts in 40 bits; for OPEN and the
  closings also the sum of their times (see `Cell`) in 72 bits. Each field is signed, and a negative
  field borrows from the next one.

Cohorts are not part of a headline: tens of thousands of headlines are read for one ranking, and
with cohorts each of them would be twice as long.

Pure.
"""

from rollup.metrics.counts import CLOSED_OUTCOMES, COHORT_OUTCOMES, Cell, Counts, Outcome
from rollup.rows.counts_codec import UnknownLayoutError

VERSION = 1

_COUNT_BITS, _TOTAL_BITS = 40, 72
_HAVE_TOTALS = CLOSED_OUTCOMES | {Outcome.OPEN}
_FIELDS = tuple(
    (outcome, _COUNT_BITS, _TOTAL_BITS if outcome in _HAVE_TOTALS else 0)
    for outcome in Outcome
    if outcome not in COHORT_OUTCOMES
)


def pack(counts: Counts) -> bytes:
    """Return the headline of a row with these counts.

    Raises OverflowError for numbers that no amount of alerts can reach.
    """
    alerts = dict.fromkeys(Outcome, 0)
    totals = dict.fromkeys(Outcome, 0)
    for key, cell in counts:
        alerts[key.outcome] += cell.count
        totals[key.outcome] += cell.total_ms
    packed = at = 0
    for outcome, count_bits, total_bits in _FIELDS:
        packed += _checked(alerts[outcome], count_bits) << at
        at += count_bits
        if total_bits:
            packed += _checked(totals[outcome], total_bits) << at
            at += total_bits
    length = packed.bit_length() // 8 + 1
    return bytes([VERSION]) + packed.to_bytes(length, "little", signed=True)


def add(so_far: int, headline: bytes) -> int:
    """Return a sum of headlines plus one more headline. An empty sum is 0.

    Raises UnknownLayoutError for any layout except the one of `pack`.
    """
    if headline[0] != VERSION:
        raise UnknownLayoutError(f"unknown layout of a headline: {headline[:1].hex()}")
    return so_far + int.from_bytes(headline[1:], "little", signed=True)


def cells_of(total: int) -> dict[Outcome, Cell]:
    """Return the cells of a sum of headlines, without bins and without empty cells."""
    cells: dict[Outcome, Cell] = {}
    for outcome, count_bits, total_bits in _FIELDS:
        count, total = _lowest(total, count_bits)
        total_ms, total = _lowest(total, total_bits) if total_bits else (0, total)
        if count or total_ms:
            cells[outcome] = Cell(count, total_ms)
    return cells


def _lowest(packed: int, bits: int) -> tuple[int, int]:
    """Return the lowest field, and the integer of the fields above it."""
    half = 1 << bits - 1
    field = ((packed + half) & (2 * half - 1)) - half
    return field, packed - field >> bits


def _checked(value: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise OverflowError(f"{value} does not fit into {bits} bits")
    return value
