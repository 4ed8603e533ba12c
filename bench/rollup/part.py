"""The rollup part: from a recorded alert to both levels of overviews.

Owns how much of everything is measured, which keeps the whole below two minutes.
"""

from collections.abc import Sequence

from bench.rollup import folding, growth, packing, requests
from bench.table import Table


def measure(
    *,
    burst: int = 1_000,
    repositories: int = 50,
    stored: Sequence[int] = (10, 1_000, 100_000),
    rounds: int = 31,
) -> list[Table]:
    """All tables, the requests first."""
    return [
        requests.measure(burst=burst, repositories=repositories),
        growth.measure(stored, rounds=rounds),
        growth.measure_kinds(stored[-1]),
        folding.measure(rounds=rounds),
        packing.measure_times(stored, rounds=rounds),
        packing.measure_sizes(stored),
    ]
