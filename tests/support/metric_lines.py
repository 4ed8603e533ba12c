"""The metrics that a function wrote to its log, in CloudWatch's embedded metric format."""

import json
from typing import Any

Metric = tuple[str, frozenset[tuple[str, str]]]
"""The name of a metric, and its dimensions."""


def metrics_in(log: str) -> dict[Metric, list[float]]:
    """Return the values of each metric in the lines of a log. Checks the namespace."""
    found: dict[Metric, list[float]] = {}
    for line in log.splitlines():
        written: dict[str, Any] = json.loads(line) if "CloudWatchMetrics" in line else {}
        for one in written.get("_aws", {}).get("CloudWatchMetrics", []):
            assert one["Namespace"] == "Gcsmttr"
            (names,) = one["Dimensions"]
            dimensions = frozenset((name, written[name]) for name in names)
            for metric in one["Metrics"]:
                found.setdefault((metric["Name"], dimensions), []).extend(written[metric["Name"]])
    return found


def metric(name: str, **dimensions: str) -> Metric:
    """Return a metric of the stack Gcsmttr."""
    return name, frozenset({("stack", "Gcsmttr"), *dimensions.items()})
