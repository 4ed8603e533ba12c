"""The percentiles that arguments accept, and the error for all others. Pure."""

from graphql_api.vocabulary.errors import BadPercentError

LEAST_PERCENT, GREATEST_PERCENT = 1.0, 99.9


def checked_percent(percent: float) -> float:
    """Return the checked value of the argument `percent`.

    Raises:
        BadPercentError: It is outside 1 to 99.9.
    """
    if not LEAST_PERCENT <= percent <= GREATEST_PERCENT:
        raise BadPercentError(f"percent is {percent}, but must be 1 to 99.9: 95 means 95 %.")
    return percent
