"""Writes values of metrics as one line of the log, in CloudWatch's embedded metric format.

Owns the use of powertools. CloudWatch reads the metrics from the log, so that they cost no request.
"""

import os
from collections.abc import Mapping, Sequence

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from ingest.metrics.names import NAMESPACE, STACK, Name

# Without the empty name, powertools adds the name of the function as a dimension.
_metrics = Metrics(namespace=NAMESPACE, service="")


_NO_DIMENSIONS: Mapping[str, str] = {}


def report(
    values: Mapping[str, float],
    dimensions: Mapping[str, str] = _NO_DIMENSIONS,
    *,
    lags_ms: Sequence[int] = (),
    unit: MetricUnit = MetricUnit.Count,
) -> None:
    """Write these metrics of this stack. Without any of them, write nothing.

    Args:
        values: The values by the names of the metrics. A metric costs only in the hours in which
            it has a value, so a zero is left out where no alarm needs it (see `counted`).
        dimensions: The dimensions besides the stack.
        lags_ms: The lags of several changes, each a value of the metric `Lag`.
        unit: The unit of the values.
    """
    stack = os.environ.get("STACK_NAME")
    # AWS updates the code of a function before its environment. For that moment of an upgrade from
    # a version without metrics, nothing is reported, and the function does its work.
    if stack is None or (not values and not lags_ms):
        return
    _metrics.add_dimension(STACK, stack)
    for dimension, text in dimensions.items():
        _metrics.add_dimension(dimension, text)
    # Powertools writes a line by itself after 100 values; the counts follow the lags, so that the
    # last line is never empty.
    for lag in lags_ms:
        _metrics.add_metric(name=Name.LAG, unit=MetricUnit.Milliseconds, value=lag)
    for name, value in values.items():
        _metrics.add_metric(name=name, unit=unit, value=value)
    _metrics.flush_metrics()


def counted(values: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: value for name, value in values.items() if value}
