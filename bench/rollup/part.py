"""The rollup part: the cost of an alert from All Events to both levels of overviews."""

from bench.report import Table
from bench.rollup import growth, requests


def measure(*, burst: int = 1_000, closed_alerts: int = 100_000) -> list[Table]:
    """Return the tables of this part: requests and units, and their growth.

    Args:
        burst: The number of alerts that arrive together.
        closed_alerts: The number of alerts in each row when a further alert arrives.
    """
    return [requests.measure(burst=burst), growth.measure(closed_alerts)]
