"""The arguments that fields of the schema share, each with its description.

Owns how they are described to clients; what makes no sense in them is for the fields to say.
"""

from typing import Annotated

import strawberry

from graphql_api.vocabulary.days import Day
from graphql_api.vocabulary.enums import DurationUnit, Sort

Limit = Annotated[
    int | None,
    strawberry.argument(description="The most rows of a page: 1 to 1,000, by default 100."),
]
NextToken = Annotated[
    str | None,
    strawberry.argument(
        description="The nextToken of the page before, asked with the same arguments."
    ),
]
RepositoryName = Annotated[str, strawberry.argument(description="The repository: `owner/name`.")]
OrganisationName = Annotated[str, strawberry.argument(description="The organisation's login.")]
ByName = Annotated[
    Sort | None, strawberry.argument(description="The order by name, by default asc.")
]
ByMonth = Annotated[
    Sort | None, strawberry.argument(description="The order by month, by default asc.")
]
Month = Annotated[
    str,
    strawberry.argument(description="The month in UTC: `2026-11`. `2026-November` is understood."),
]
OnlyMonth = Annotated[
    str | None,
    strawberry.argument(description="Only this month: `2026-11`. `2026-November` is understood."),
]
OnlyRepository = Annotated[
    str | None, strawberry.argument(description="Only this repository: `owner/name`.")
]
OnlyOrganisation = Annotated[
    str | None, strawberry.argument(description="Only this organisation's login.")
]
AlertID = Annotated[strawberry.ID | None, strawberry.argument(description="`owner/name/number`.")]
OverviewID = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="`monthlyPeriod/name`, such as `2026-11/owner/name`."),
]
Unit = Annotated[DurationUnit, strawberry.argument(description="What the duration is counted in.")]
FirstDay = Annotated[Day, strawberry.argument(name="from", description="The first day, included.")]
LastDay = Annotated[Day, strawberry.argument(name="to", description="The last day, included.")]
FirstDayOrNone = Annotated[
    Day | None,
    strawberry.argument(name="from", description="The first day, included. Absent: no first day."),
]
LastDayOrNone = Annotated[
    Day | None,
    strawberry.argument(name="to", description="The last day, included. Absent: no last day."),
]
