"""The fixed bins by which times to remediate are counted.

Owns the edges of the bins: zero, a grid of ratio 1.1 from one second (GitHub's resolution) to
twenty years, and the whole days that service levels use. Bin `i` counts durations above edge
`i - 1` and up to edge `i`. So a share within one of those days is exact, and the geometric middle
of a bin is within 5 % of each duration that it counts. Rows contain the numbers of bins, so never
move an edge; only a new layout of `counts_codec` may change the edges.
"""

from bisect import bisect_left
from functools import lru_cache
from math import isqrt

_SECOND_MS = 1_000
_DAY_MS = 86_400_000
_TOP_MS = 20 * 365 * _DAY_MS

EXACT_DAYS = (*range(1, 31), 45, 60, 90, 120, 180, 365)
"""The numbers of days for which the share of alerts closed within them is exact."""


def _grid() -> list[int]:
    edges = [_SECOND_MS]
    while edges[-1] < _TOP_MS:
        edges.append(edges[-1] * 11 // 10)
    return edges


EDGES_MS: tuple[int, ...] = tuple(sorted({0, *_grid(), *(day * _DAY_MS for day in EXACT_DAYS)}))
"""The upper edge of each bin except the last, in milliseconds, ascending."""

LEAST_MS: tuple[int, ...] = (0, *(edge + 1 for edge in EDGES_MS))
"""The shortest duration of each bin."""
MOST_MS: tuple[int, ...] = (*EDGES_MS, 1_000 * 366 * _DAY_MS)
"""The longest duration of each bin: all times are in the years 2000 to 2999."""


@lru_cache(maxsize=4_096)
def bin_of(duration_ms: int) -> int:
    """Return the index of the bin that counts a duration of zero or more milliseconds."""
    return bisect_left(EDGES_MS, duration_ms)


def middle_ms(index: int) -> int:
    """Return the duration that represents a bin.

    It is within 5 % of each duration in the bin, from one second to 20 years. The bin of zero is
    represented by zero, the bin below one second by one second, and the bin above the last edge by
    that edge.
    """
    if index < 2:
        return EDGES_MS[index]
    if index >= len(EDGES_MS):
        return EDGES_MS[-1]
    return isqrt(EDGES_MS[index - 1] * EDGES_MS[index])


def last_bin_within(days: int) -> int:
    """Return the index of the last bin that counts only durations of up to some days.

    Raises ValueError unless `days` is one of EXACT_DAYS.
    """
    if days not in EXACT_DAYS:
        raise ValueError(f"no exact edge at {days} days")
    return bin_of(days * _DAY_MS)
