"""What the selected fields of a series need, so that nothing else is read.

Owns which fields of a MetricsPoint depend on the histogram of the times to remediate.
"""

from strawberry.types.nodes import SelectedField, Selection

from graphql_api.schema.context import Info
from rollup.metrics.tally import PERCENTS, Measure

_OF_HISTOGRAM = frozenset(
    {
        "medianTimeToRemediate",
        "p90TimeToRemediate",
        "percentileTimeToRemediate",
        "shareClosedWithin",
    }
)
_COMPARISONS = frozenset({"change", "before"})
_WITHOUT_HISTOGRAM = frozenset(Measure) - PERCENTS.keys()


def needs_durations(info: Info) -> bool:
    """Return whether a selected field of the rows depends on the histogram."""
    return any(map(_needs_durations, info.selected_fields))


def _needs_durations(selection: Selection) -> bool:
    if isinstance(selection, SelectedField):
        if selection.name in _OF_HISTOGRAM:
            return True
        if selection.name in _COMPARISONS:
            return selection.arguments.get("of") not in _WITHOUT_HISTOGRAM
    return any(map(_needs_durations, selection.selections))
