"""What the synthesised template contains that AWS charges for."""

from collections.abc import Mapping
from typing import Any


class Template:
    """The resources of a template."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        """Store the `Resources` of the template."""
        self._resources = resources

    def count(self, kind: str) -> int:
        """Return the number of resources of a type."""
        return len(self._all(kind))

    def memory_mb(self, module: str) -> int:
        """Return the memory of the function with this handler."""
        (found,) = (
            one["MemorySize"]
            for one in self._all("AWS::Lambda::Function")
            if one["Handler"] == f"{module}.handler"
        )
        return int(found)

    def fifo_sources(self) -> int:
        """Return the number of queues that Lambda polls. Reading streams costs nothing."""
        return sum(
            "StartingPosition" not in one for one in self._all("AWS::Lambda::EventSourceMapping")
        )

    def alarm_metrics(self) -> int:
        """Return the number of metrics of all alarms, which AWS charges for.

        An alarm on an expression has the metrics of that expression.
        """
        return sum(
            sum("MetricStat" in metric for metric in one.get("Metrics", [{"MetricStat": {}}]))
            for one in self._all("AWS::CloudWatch::Alarm")
        )

    def _all(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the properties of the resources of a type."""
        return [
            one.get("Properties", {}) for one in self._resources.values() if one["Type"] == kind
        ]
