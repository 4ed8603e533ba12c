"""How many digits numbers have in answers: those that mean something.

Durations are whole milliseconds, or hours and days of four decimals; shares, rates and changes have
four decimals, too.
"""

from graphql_api.vocabulary.enums import DurationUnit

_DECIMALS = 4


def duration(duration_ms: float, unit: DurationUnit) -> float:
    """Return a duration in a unit."""
    if unit is DurationUnit.MILLISECONDS:
        return float(round(duration_ms))
    unit_ms: int = unit.value
    return round(duration_ms / unit_ms, _DECIMALS)


def duration_or_none(duration_ms: float | None, unit: DurationUnit) -> float | None:
    """Return a duration in a unit, None of None."""
    return None if duration_ms is None else duration(duration_ms, unit)


def ratio(value: float | None) -> float | None:
    """Return a share, a rate or a change, None of None; never a negative zero."""
    return None if value is None else round(value, _DECIMALS) + 0.0
