"""The names of the metrics of the pipeline, and their dimensions. Pure.

AWS charges for each combination of a name and its dimensions in each hour in which it occurs. So
every dimension has few values, whatever is delivered.
"""

from enum import StrEnum

NAMESPACE = "Gcsmttr"
STACK = "stack"
"""The dimension with the name of the stack, which all metrics have."""
REASON = "reason"
"""The dimension of refused deliveries: the `reason` of the response."""
ACTION = "action"
"""The dimension of ignored deliveries, see `ignored_action`."""
LEVEL = "level"
"""The dimension with the table that is written, a `Level`."""

HOOK_RANGES_AGE = "HookRangesAge"
"""The metric with the hours since the stored hook ranges were fetched."""

KNOWN_IGNORED_ACTIONS = frozenset({"updated_assignment"})
"""The actions of GitHub's webhook without an effect here that have a value of their own."""
OTHER_ACTION = "other_action"
OTHER_EVENT = "other_event"


class Level(StrEnum):
    """A table on the path of an alert."""

    ALERT = "alert"
    REPOSITORY = "repository"
    ORGANISATION = "organisation"


class Name(StrEnum):
    """The name of a metric. All of them are counts, except for the lag.

    ACCEPTED, REFUSED, IGNORED: deliveries, by their response.
    UNKNOWN_REASONS: dismissals for a reason that has no outcome here.
    KEPT: changes of an alert whose creation did not arrive yet.
    APPLIED: events that are stored, or states of sources that are counted.
    DUPLICATES: events or states that were applied before.
    CONFLICTS: writes that were repeated because the row had changed since the read.
    LAG: from GitHub's time of a change to the write, in milliseconds.
    """

    ACCEPTED = "Accepted"
    REFUSED = "Refused"
    IGNORED = "Ignored"
    UNKNOWN_REASONS = "UnknownReasons"
    KEPT = "Kept"
    APPLIED = "Applied"
    DUPLICATES = "Duplicates"
    CONFLICTS = "Conflicts"
    LAG = "Lag"


def ignored_action(reason: str, action: object) -> str:
    """Return the value of the dimension `action` for a delivery that is ignored for a reason."""
    if reason == "event_ignored":
        return OTHER_EVENT
    return str(action) if action in KNOWN_IGNORED_ACTIONS else OTHER_ACTION
