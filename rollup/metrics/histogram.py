"""The one static table of durations by which times to remediate are counted.

Owns the edges: zero, a grid of ratio 1.1 from one second (GitHub's own resolution) to twenty years,
joined with the whole days that service levels are written in. Bin `i` counts durations above edge
`i - 1` and up to edge `i`. So a share within one of those days is exact, and the geometric middle
of a bin is within 5 % of all that it counts. Rows hold bin numbers: an edge is never moved, only a
new layout of `counts_codec` may bring another table.
"""

from bisect import bisect_left
from functools import lru_cache
from math import isqrt

_SECOND_MS = 1_000
_DAY_MS = 86_400_000
_TOP_MS = 20 * 365 * _DAY_MS

EXACT_DAYS = (*range(1, 31), 45, 60, 90, 120, 180, 365)
"""The numbers of days for which a share closed within them is exact."""


def _grid() -> list[int]:
    edges = [_SECOND_MS]
    while edges[-1] < _TOP_MS:
        edges.append(edges[-1] * 11 // 10)
    return edges


EDGES_MS: tuple[int, ...] = tuple(sorted({0, *_grid(), *(day * _DAY_MS for day in EXACT_DAYS)}))
"""The upper edge of every bin but the last, in milliseconds, ascending."""

LEAST_MS: tuple[int, ...] = (0, *(edge + 1 for edge in EDGES_MS))
"""The shortest duration of every bin."""
MOST_MS: tuple[int, ...] = (*EDGES_MS, 1_000 * 366 * _DAY_MS)
"""The longest duration of every bin: times lie in the years 2000 to 2999."""


@lru_cache(maxsize=4_096)
def bin_of(duration_ms: int) -> int:
    """The number of the bin that counts a duration of zero or more milliseconds."""
    return bisect_left(EDGES_MS, duration_ms)


def middle_ms(number: int) -> int:
    """What stands for every duration in a bin: within 5 % of each, from one second to 20 years.

    The bin of zero stands for zero, that below one second for one second, the one above the last
    edge for that edge.
    """
    if number < 2:
        return EDGES_MS[number]
    if number >= len(EDGES_MS):
        return EDGES_MS[-1]
    return isqrt(EDGES_MS[number - 1] * EDGES_MS[number])


def last_bin_within(days: int) -> int:
    """The last bin that counts only durations of up to so many days.

    Raises ValueError unless `days` is one of EXACT_DAYS.
    """
    if days not in EXACT_DAYS:
        raise ValueError(f"no exact edge at {days} days")
    return bin_of(days * _DAY_MS)
