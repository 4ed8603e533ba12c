"""The number of decimals of the numbers in responses.

Milliseconds are whole numbers. Hours, days, shares, rates and changes have four decimals.
"""

from graphql_api.vocabulary.enums import DurationUnit

_DECIMALS = 4


def duration(duration_ms: float, unit: DurationUnit) -> float:
    """Return a duration in milliseconds in the given unit."""
    if unit is DurationUnit.MILLISECONDS:
        return float(round(duration_ms))
    unit_ms: int = unit.value
    return round(duration_ms / unit_ms, _DECIMALS)


def duration_or_none(duration_ms: float | None, unit: DurationUnit) -> float | None:
    """Return a duration in milliseconds in the given unit. None stays None."""
    return None if duration_ms is None else duration(duration_ms, unit)


def ratio(value: float | None) -> float | None:
    """Round a share, a rate or a change. None stays None, and -0.0 becomes 0.0."""
    return None if value is None else round(value, _DECIMALS) + 0.0
