"""The enums of the schema: the words of the domain with their descriptions, and the API's own.

Owns how they are described to clients. The words themselves stay where they belong, in `ingest` and
`rollup`.
"""

from enum import Enum, StrEnum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from ingest.terms import AlertState, Branch, ClosedAs, Severity
from rollup.metrics.tally import GroupBy, Measure
from rollup.metrics.window import Interval

__all__ = [
    "AlertState",
    "Branch",
    "ClosedAs",
    "DurationUnit",
    "GroupBy",
    "Interval",
    "Measure",
    "Severity",
    "Sort",
]


class Sort(StrEnum):
    """The order of a list; the public schema writes it in lower case."""

    asc = "asc"
    desc = "desc"


class DurationUnit(Enum):
    """What a duration is counted in; the value is the number of milliseconds in one."""

    MILLISECONDS = 1
    HOURS = 3_600_000
    DAYS = 86_400_000


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
    asc="Smallest, oldest or alphabetically first comes first.",
    desc="Largest, newest or alphabetically last comes first.",
)
_describe(
    DurationUnit,
    description="What a duration is counted in.",
    MILLISECONDS="Thousandths of a second, rounded to a whole number.",
    HOURS="Hours of 3,600,000 milliseconds, rounded to 4 decimals.",
    DAYS="Days of 24 hours, rounded to 4 decimals.",
)
_describe(
    AlertState,
    description="Whether an alert still stands.",
    OPEN="Neither fixed nor dismissed, or opened again since.",
    CLOSED="Fixed or dismissed.",
)
_describe(
    Branch,
    description="Where an alert lives.",
    DEFAULT="Seen on the repository's default branch at least once.",
    OTHER="Only seen on other branches or pull requests.",
)
_describe(
    Severity,
    description="The rule's security severity where it has one, else the rule's own; worst first.",
    CRITICAL="Security severity critical.",
    HIGH="Security severity high.",
    MEDIUM="Security severity medium.",
    LOW="Security severity low.",
    ERROR="No security severity; the rule's severity is error.",
    WARNING="No security severity; the rule's severity is warning.",
    NOTE="No security severity; the rule's severity is note.",
    NONE="The rule states no severity.",
)
_describe(
    ClosedAs,
    description="How an alert was closed.",
    FIXED="The code no longer has the problem.",
    FALSE_POSITIVE="Dismissed as a false positive.",
    WONT_FIX="Dismissed because it will not be fixed.",
    USED_IN_TESTS="Dismissed because the code is used in tests.",
    DISMISSED="Dismissed with no reason given.",
)
_describe(
    Interval,
    description="Into what a window is cut; the first and the last interval end at its edges.",
    DAY="A UTC day.",
    WEEK="An ISO week, from Monday.",
    MONTH="A month.",
    TOTAL="The whole window.",
)
_describe(
    GroupBy,
    description="What a row is about, beside its interval.",
    SEVERITY="One row for each severity.",
    TOOL="One row for each tool; its group is empty for alerts of which no tool was told.",
    BRANCH="One row for the default branch, one for all others.",
    REPOSITORY="One row for each repository.",
)
_describe(
    Measure,
    description="By what groups are ranked, and of what a change is told.",
    OPENED="Alerts created.",
    CLOSED="Alerts closed, narrowed by closedAs.",
    OPEN_AT_END="Alerts open at the end.",
    MEAN_TIME_TO_REMEDIATE="The mean time to remediate.",
    MEDIAN_TIME_TO_REMEDIATE="The median time to remediate.",
    P90_TIME_TO_REMEDIATE="The time to remediate that 90 % do not exceed.",
)
