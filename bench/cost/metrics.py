"""How many custom metrics the stack writes. Pure.

CloudWatch charges for each name with its dimensions, in each hour in which it has a value. The
reasons of refused deliveries are not counted: there are none without mistakes or attacks.
"""

from ingest.metrics.names import HOOK_RANGES_AGE, KNOWN_IGNORED_ACTIONS, Level, Name
from reconcile.workflow.drift_metrics import metrics_of

ALWAYS = (HOOK_RANGES_AGE,)
"""The metrics with a value in every hour, also without deliveries."""
OF_A_LEVEL = (Name.APPLIED, Name.DUPLICATES, Name.CONFLICTS, Name.LAG)
_OTHERS = 2  # other_action, other_event


def of_deliveries() -> int:
    """Return the number of metrics of accepted deliveries, if all of them occur in an hour."""
    ignored = len(KNOWN_IGNORED_ACTIONS) + _OTHERS
    without_level = len((Name.ACCEPTED, Name.UNKNOWN_REASONS, Name.KEPT))
    return without_level + ignored + len(Level) * len(OF_A_LEVEL)


def of_reconciliation() -> int:
    """Return the number of metrics of an hour with an hourly reconciliation."""
    return len(metrics_of({}))
