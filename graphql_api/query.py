"""The type Query: each field checks its arguments, reads once and wraps what it read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api import tables
from graphql_api.alert_type import Alert, PaginatedAlerts
from graphql_api.context import Info
from graphql_api.cursor import question
from graphql_api.ids import alert_id, can_be_a_name, overview_id
from graphql_api.item import Item
from graphql_api.month import canonical_month
from graphql_api.overview_types import (
    OrganisationOverview,
    PaginatedOrganisationOverviews,
    PaginatedRepositoryOverviews,
    RepositoryOverview,
)
from graphql_api.reader import Page
from graphql_api.tables import Listing
from graphql_api.words import Sort
from rollup.overview_row import ORGANISATION, REPOSITORY, Level

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
    strawberry.argument(
        description="Only this month: `2026-11`. `2026-November` is understood."
    ),
]
OnlyRepository = Annotated[
    str | None, strawberry.argument(description="Only this repository: `owner/name`.")
]
OnlyOrganisation = Annotated[
    str | None, strawberry.argument(description="Only this organisation's login.")
]
AlertID = Annotated[
    strawberry.ID | None, strawberry.argument(description="`owner/name/number`.")
]
OverviewID = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="`monthlyPeriod/name`, such as `2026-11/owner/name`."),
]


@strawberry.type(description="What can be asked. Nothing here changes anything.")
class Query:
    @strawberry.field(description="One alert. Null if there is none with this id.")
    def get_alert(self, info: Info, id: AlertID = UNSET) -> Alert | None:  # noqa: A002
        key = alert_id(id) if id else None
        if key is None:
            return None
        context = info.context
        item = context.reader.one(tables.alert_request(context.tables, *key))
        return None if item is None else Alert(item=item)

    @strawberry.field(description="Every alert, page by page, in no particular order.")
    def get_alerts(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedAlerts:
        listing = tables.all_alerts(info.context.tables)
        page = _page(info, listing, question("getAlerts"), limit, next_token)
        return PaginatedAlerts(
            data=[Alert(item=item) for item in page.items], next_token=page.next_token
        )

    @strawberry.field(description="One month of a repository. Null if there is none.")
    def get_repository_overview(
        self,
        info: Info,
        id: OverviewID = UNSET,  # noqa: A002
    ) -> RepositoryOverview | None:
        item = _overview(info, REPOSITORY, id)
        return None if item is None else RepositoryOverview(item=item)

    @strawberry.field(
        description="Every month of every repository, page by page, in no particular order."
    )
    def get_repository_overviews(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedRepositoryOverviews:
        listing = tables.all_months(info.context.tables, REPOSITORY)
        asked = question("getRepositoryOverviews")
        return _repositories(_page(info, listing, asked, limit, next_token))

    @strawberry.field(
        name="repositoryOverviewbyRepositoryName",
        description="The months of one repository, by time. Empty if its name is unknown.",
    )
    def repository_overview_by_repository_name(
        self,
        info: Info,
        repository_name: RepositoryName,
        monthly_period: OnlyMonth = UNSET,
        limit: Limit = UNSET,
        sort_direction: ByMonth = UNSET,
        next_token: NextToken = UNSET,
    ) -> PaginatedRepositoryOverviews:
        asked = _Asked(REPOSITORY, repository_name, monthly_period, sort_direction)
        return _repositories(asked.months_of_name(info, limit, next_token))
