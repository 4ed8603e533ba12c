"""The arguments that several fields share, each with its description.

Owns the descriptions. The fields check the values.
"""

from typing import Annotated

import strawberry

from graphql_api.selection.filters import Top
from graphql_api.vocabulary.days import Day
from graphql_api.vocabulary.enums import (
    AlertState,
    Basis,
    ClosedAs,
    DurationUnit,
    GroupBy,
    Interval,
    RuleKey,
    RuleOrder,
    Sort,
)

Limit = Annotated[
    int | None,
    strawberry.argument(
        description=("The maximum number of rows on a page: 1 to 1,000. The default is 100.")
    ),
]
NextToken = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "The nextToken of the previous page. All arguments except limit must be the same."
        )
    ),
]
RepositoryName = Annotated[str, strawberry.argument(description="The repository as `owner/name`.")]
OrganisationName = Annotated[str, strawberry.argument(description="The organisation's login.")]
ByName = Annotated[
    Sort | None, strawberry.argument(description="The sort order by name. The default is asc.")
]
ByMonth = Annotated[
    Sort | None, strawberry.argument(description="The sort order by month. The default is asc.")
]
Month = Annotated[
    str,
    strawberry.argument(
        description=("The month in UTC, such as `2026-11`. `2026-November` is also accepted.")
    ),
]
OnlyMonth = Annotated[
    str | None,
    strawberry.argument(
        description=("Only this month, such as `2026-11`. `2026-November` is also accepted.")
    ),
]
OnlyRepository = Annotated[
    str | None, strawberry.argument(description="Only this repository, as `owner/name`.")
]
OnlyOrganisation = Annotated[
    str | None, strawberry.argument(description="Only the organisation with this login.")
]
AlertID = Annotated[strawberry.ID | None, strawberry.argument(description="`owner/name/number`.")]
OverviewID = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description=(
            "`monthlyPeriod/name`: `2026-11/owner/name` for a repository, `2026-11/login` for an "
            "organisation."
        )
    ),
]
Unit = Annotated[DurationUnit, strawberry.argument(description="The unit of the duration.")]
Percent = Annotated[
    float,
    strawberry.argument(
        description="The percentile: 1 to 99.9. Use 95 for 95 %; 0.95 is an error."
    ),
]
FirstDay = Annotated[Day, strawberry.argument(name="from", description="The first day, inclusive.")]
LastDay = Annotated[Day, strawberry.argument(name="to", description="The last day, inclusive.")]
FirstDayOrNone = Annotated[
    Day | None,
    strawberry.argument(
        name="from",
        description=(
            "The first day, inclusive. If absent, the list starts with the earliest alerts."
        ),
    ),
]
LastDayOrNone = Annotated[
    Day | None,
    strawberry.argument(
        name="to",
        description="The last day, inclusive. If absent, the list ends with the latest alerts.",
    ),
]

Intervals = Annotated[
    Interval, strawberry.argument(description="How the window is divided into intervals.")
]
Groups = Annotated[
    GroupBy | None,
    strawberry.argument(
        description=("How alerts are divided into groups. If absent, all alerts form one group.")
    ),
]
Largest = Annotated[
    Top | None,
    strawberry.argument(
        description=(
            "Only the groups with the largest values over the whole window, largest first."
        )
    ),
]
CountedClosings = Annotated[
    list[ClosedAs] | None,
    strawberry.argument(
        description=(
            "The kinds of closings that count as `closed` and in times to remediate. The default "
            "is all of them. To get the number that GitHub shows, use all except FALSE_POSITIVE, "
            "and filter by branch DEFAULT, by the severities CRITICAL, HIGH, MEDIUM and LOW, and "
            "by tool CodeQL, as GitHub's overview does by default. To get GitLab's number, use "
            "FIXED."
        )
    ),
]
By = Annotated[
    Basis,
    strawberry.argument(
        description=(
            "The interval in which a closing counts: that of the closing, or that of the alert's "
            "creation."
        )
    ),
]

OnlyState = Annotated[
    AlertState | None,
    strawberry.argument(description="Only open or only closed alerts. If absent, both."),
]
OnlyRules = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Only alerts whose rule has one of these exact IDs, such as `js/xss`. Up to 50."
    ),
]
OnlyClosings = Annotated[
    list[ClosedAs] | None,
    strawberry.argument(
        description=("Only alerts that were closed in one of these ways. Requires state CLOSED.")
    ),
]
OnlyOverdue = Annotated[
    bool | None,
    strawberry.argument(
        description=(
            "true: only alerts that are overdue. false: only alerts that are not. Requires state "
            "OPEN."
        )
    ),
]
OnlyCwes = Annotated[
    list[str] | None,
    strawberry.argument(
        description=(
            "Only alerts whose rules have one of these CWEs, such as `CWE-79` or `79`. Up to 50. A "
            "page searches up to 1,000 alerts, so it can be short, or even empty, and still have a "
            "nextToken."
        )
    ),
]
ByTime = Annotated[Sort, strawberry.argument(description="The sort order by time.")]
AlertLimit = Annotated[
    int,
    strawberry.argument(
        description=(
            "The maximum number of rows on a page: 1 to 1,000. A page can have fewer rows and "
            "still have a nextToken."
        )
    ),
]
AlertsNextToken = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "The nextToken of the previous page. All arguments except limit must be the same. "
            "Relative days and `overdue` keep the meaning that they had on the first page, even "
            "after midnight."
        )
    ),
]
ByRule = Annotated[RuleKey, strawberry.argument(description="What alerts are counted by.")]
OrderOfRules = Annotated[
    RuleOrder, strawberry.argument(description="The measure that ranks the rows.")
]
FirstRules = Annotated[
    int, strawberry.argument(description="The maximum number of rows: 1 to 100.")
]
