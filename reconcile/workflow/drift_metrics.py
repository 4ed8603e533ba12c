"""The names of the metrics of drift. Pure.

Owns the dimension of the kind of run, and which kinds count for the alarm. `ingest.metrics` owns
the namespace and the dimension of the stack.
"""

from collections.abc import Mapping

from reconcile.scans.runs import KINDS, UNCOUNTED

TASK = "task"
"""The dimension with the kind of reconciliation."""
DRIFT = "Drift"
"""The metric with the alerts whose counts or durations were wrong."""


def metrics_of(drift: Mapping[str, int]) -> Mapping[str, int]:
    """Return the value of each metric for the drift of a run."""
    kinds = {f"{DRIFT}{kind[0].upper()}{kind[1:]}": drift.get(kind, 0) for kind in KINDS}
    counted = sum(number for kind, number in drift.items() if kind not in UNCOUNTED)
    return {DRIFT: counted, **kinds}
