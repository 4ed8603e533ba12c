"""What counts amount to: means, percentiles, shares and rates, each of one pooled cell.

Owns every division in the project, except those of `percentile`. A pooled cell is the sum of the
cells that a question is about; what cannot be averaged is None, never 0. Durations are
milliseconds. Pure.
"""

from rollup.metrics.counts import Cell
from rollup.metrics.histogram import last_bin_within
from rollup.metrics.percentile import percentile


def mean_ms(closed: Cell) -> float | None:
    """The mean time to remediate of pooled closings, exact; None where there are none."""
    return closed.total_ms / closed.count if closed.count else None


def percentile_ms(closed: Cell, percent: float) -> float | None:
    """The time to remediate that `percent` of pooled closings do not exceed: see `percentile`."""
    found = percentile(closed, percent)
    return None if found is None else found.ms


def share_within(closed: Cell, days: int) -> float | None:
    """The share, 0 to 1, of pooled closings that took up to so many days, exact.

    None where there are none. Raises ValueError unless `days` is one of `histogram.EXACT_DAYS`.
    """
    last = last_bin_within(days)
    if not closed.count:
        return None
    return sum(n for place, n in closed.bins.items() if place <= last) / closed.count


def rate(part: int, whole: int) -> float | None:
    """A part of a whole, None of nothing."""
    return part / whole if whole else None


def relative_change(now: float | None, before: float | None) -> float | None:
    """How much more `now` is than `before`: 0.25 is 25 %. None if either is, or `before` is 0."""
    if now is None or before is None or before == 0:
        return None
    return (now - before) / before


def percentile_change(now: Cell, before: Cell, percent: float) -> float | None:
    """How much a percentile has changed. None also where that lies within the error of the two."""
    new, old = percentile(now, percent), percentile(before, percent)
    if new is None or old is None:
        return None
    error_ms = new.error_ms + old.error_ms
    if error_ms and abs(new.ms - old.ms) <= error_ms + 1:
        return None
    return relative_change(new.ms, old.ms)


def mean_age_ms(still_open: Cell, *, now_ms: int) -> float | None:
    """The mean age of pooled OPEN cells, never negative; None where nothing is open."""
    if not still_open.count:
        return None
    return max(0.0, now_ms - still_open.total_ms / still_open.count)
