"""Statistics of pooled cells: means, percentiles, shares, rates and relative changes.

Owns every division of the metrics, except those of `percentile`. A pooled cell is the sum of the
cells that a query selects. An undefined statistic is None, never 0. Durations are milliseconds.
Pure.
"""

from rollup.metrics.counts import Cell
from rollup.metrics.histogram import last_bin_within
from rollup.metrics.percentile import Percentile


def mean_ms(closed: Cell) -> float | None:
    """Return the exact mean time to remediate of pooled closings; None if there are not any."""
    return closed.total_ms / closed.count if closed.count else None


def share_within(closed: Cell, days: int) -> float | None:
    """Return the exact share, 0 to 1, of pooled closings that took at most some days.

    Returns:
        None if there are not any closings.

    Raises:
        ValueError: `days` is not one of `histogram.EXACT_DAYS`.
    """
    last = last_bin_within(days)
    if not closed.count:
        return None
    return sum(n for index, n in closed.bins.items() if index <= last) / closed.count


def rate(part: int, whole: int) -> float | None:
    """Return a part as a share of the whole; None if the whole is 0."""
    return part / whole if whole else None


def relative_change(now: float | None, before: float | None) -> float | None:
    """Return the relative change: 0.25 is 25 % more. None if a value is None or `before` is 0."""
    if now is None or before is None or before == 0:
        return None
    return (now - before) / before


def percentile_change(new: Percentile | None, old: Percentile | None) -> float | None:
    """Return the relative change of a percentile; None also if it can be an error of estimation."""
    if new is None or old is None:
        return None
    error_ms = new.error_ms + old.error_ms
    if error_ms and abs(new.ms - old.ms) <= error_ms + 1:
        return None
    return relative_change(new.ms, old.ms)


def mean_age_ms(still_open: Cell, *, now_ms: int) -> float | None:
    """Return the mean age of pooled OPEN cells, at least 0; None if no alert is open."""
    if not still_open.count:
        return None
    return max(0.0, now_ms - still_open.total_ms / still_open.count)
