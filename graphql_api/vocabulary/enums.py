"""The enums of the schema, with the descriptions that clients read.

Owns the descriptions, and the enums that only the API uses. The other enums are defined in `ingest`
and `rollup`.
"""

from enum import Enum, StrEnum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from ingest.terms import AlertState, Branch, ClosedAs, Severity, Visibility
from rollup.metrics.tally import Basis, GroupBy, Measure
from rollup.metrics.window import Interval
from rollup.service_levels.due_alerts import ServiceLevelMeasure

__all__ = [
    "AlertState",
    "BacklogMeasure",
    "Basis",
    "Branch",
    "ClosedAs",
    "DurationUnit",
    "GroupBy",
    "Interval",
    "Measure",
    "RuleKey",
    "RuleOrder",
    "ServiceLevelMeasure",
    "Severity",
    "Sort",
    "Visibility",
]


class Sort(StrEnum):
    """The order of a list. Its names are in lower case, as in the public GCSMTTR schema."""

    asc = "asc"
    desc = "desc"


class BacklogMeasure(StrEnum):
    """The measure used to rank the groups of a backlog."""

    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    MEAN_AGE = "MEAN_AGE"


class DurationUnit(Enum):
    """The unit of a duration. The value is the number of milliseconds in one unit."""

    MILLISECONDS = 1
    HOURS = 3_600_000
    DAYS = 86_400_000


class RuleKey(StrEnum):
    """What alerts are counted by in `rules`."""

    RULE = "RULE"
    CWE = "CWE"


class RuleOrder(StrEnum):
    """The measure used to rank rules."""

    OPEN = "OPEN"
    OPENED = "OPENED"
    CLOSED = "CLOSED"
    FALSE_POSITIVE_SHARE = "FALSE_POSITIVE_SHARE"
    MEDIAN_TIME_TO_REMEDIATE = "MEDIAN_TIME_TO_REMEDIATE"


def _describe(enum: type[Enum], *, description: str, **values: str) -> None:
    definition: StrawberryEnumDefinition = vars(strawberry.enum(enum, description=description))[
        "__strawberry_definition__"
    ]
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{enum.__name__} has no {', '.join(values)}")


_describe(
    Sort,
    description="The order of a list.",
    asc="Smallest, oldest or alphabetically first value first.",
    desc="Largest, newest or alphabetically last value first.",
)
_describe(
    DurationUnit,
    description="The unit of a duration.",
    MILLISECONDS="Milliseconds, rounded to a whole number.",
    HOURS="Hours, rounded to 4 decimals.",
    DAYS="Days of 24 hours, rounded to 4 decimals.",
)
_describe(
    BacklogMeasure,
    description="The measure used to rank the groups of a backlog.",
    OPEN="The number of open alerts.",
    OVERDUE="The number of open alerts that are past their due date.",
    MEAN_AGE="The mean age of the open alerts.",
)
_describe(
    AlertState,
    description="Whether an alert is open or closed.",
    OPEN="Neither fixed nor dismissed, or reopened since.",
    CLOSED="Fixed or dismissed.",
)
_describe(
    Branch,
    description="The branches on which an alert was seen.",
    DEFAULT="Seen on the repository's default branch at least once.",
    OTHER="Only seen on other branches or pull requests.",
)
_describe(
    Visibility,
    description="Who can see a repository.",
    PUBLIC="Everybody.",
    PRIVATE="The people who have access to it.",
    INTERNAL="All members of the enterprise.",
)
_describe(
    Severity,
    description=(
        "The rule's security severity, or the rule's own severity if it has no security severity. "
        "Most severe first."
    ),
    CRITICAL="Security severity critical.",
    HIGH="Security severity high.",
    MEDIUM="Security severity medium.",
    LOW="Security severity low.",
    ERROR="No security severity; the rule's severity is error.",
    WARNING="No security severity; the rule's severity is warning.",
    NOTE="No security severity; the rule's severity is note.",
    NONE="The rule has no severity.",
)
_describe(
    ClosedAs,
    description="How an alert was closed.",
    FIXED="The code no longer has the problem.",
    FALSE_POSITIVE="Dismissed as a false positive.",
    WONT_FIX="Dismissed because it will not be fixed.",
    USED_IN_TESTS="Dismissed because the code is used in tests.",
    MITIGATED="Dismissed because the risk is mitigated in another way.",
    DISMISSED="Dismissed without a reason, or for an unknown reason.",
)
_describe(
    Interval,
    description=(
        "How the window is divided into intervals. The first and the last interval can be shorter: "
        "they end at the edges of the window."
    ),
    DAY="One row for each UTC day.",
    WEEK="One row for each ISO week, starting on Monday.",
    MONTH="One row for each calendar month.",
    TOTAL="One row for the whole window.",
)
_describe(
    GroupBy,
    description="How alerts are divided into groups.",
    SEVERITY="One row for each severity.",
    TOOL=("One row for each tool. The group of alerts without a tool is an empty string."),
    BRANCH="One row for alerts on the default branch, and one for all others.",
    REPOSITORY="One row for each repository.",
    TEAM=(
        "One row for each team, by the setting `team` of the deployment. A repository counts for "
        "its present team, also in the past. The group of repositories without a team is an empty "
        "string."
    ),
)
_describe(
    Basis,
    description="The interval in which a closing counts.",
    CLOSED=(
        "The interval of the closing. So the mean time to remediate is the one that most products "
        "report."
    ),
    OPENED=(
        "The interval of the alert's creation: each row follows the alerts created in it to this "
        "day. Shares and percentiles also count the alerts that are still open, so a growing "
        "backlog cannot improve them. `reopened` and `openAtEnd` are the same as with CLOSED."
    ),
)
_describe(
    Measure,
    description="The measure used to rank groups or to compute a change.",
    OPENED="The number of alerts created.",
    CLOSED="The number of alerts closed, limited to `closedAs`.",
    OPEN_AT_END="The number of alerts open at the end of the interval.",
    MEAN_TIME_TO_REMEDIATE="The mean time to remediate.",
    MEDIAN_TIME_TO_REMEDIATE="The median time to remediate.",
    P90_TIME_TO_REMEDIATE="The 90th percentile of the time to remediate.",
)
_describe(
    ServiceLevelMeasure,
    description="The measure used to rank groups by their service levels.",
    DUE="The number of alerts that are due.",
    LATE="The number of alerts that were closed after their due date.",
    OPEN="The number of alerts that are due and still open.",
    NOT_MET="The number of alerts that were not closed in time: LATE and OPEN together.",
)
_describe(
    RuleKey,
    description="What alerts are counted by.",
    RULE="One row for each rule of each tool.",
    CWE=(
        "One row for each CWE in the tags of rules. An alert counts for each of its CWEs. Alerts "
        "without a CWE do not count."
    ),
)
_describe(
    RuleOrder,
    description=(
        "The measure used to rank rules, largest first. Rules without a value come last. Of "
        "equal values, the rule with more closed alerts comes first, then the one with more open "
        "alerts."
    ),
    OPEN="The number of alerts that are open now.",
    OPENED="The number of alerts created in the window.",
    CLOSED="The number of alerts closed in the window, limited to `closedAs`.",
    FALSE_POSITIVE_SHARE="The share of false positives among the closed alerts.",
    MEDIAN_TIME_TO_REMEDIATE="The median time to remediate.",
)
