# ruff: noqa: PLR0913, PLR0917  (arguments are those of the public schema)
"""The type Query: each field checks its arguments, reads once and wraps what it read."""

import strawberry
from strawberry import UNSET

from graphql_api.reading import month_lists, tables
from graphql_api.reading.item import Item, spelling
from graphql_api.reading.reader import Page
from graphql_api.schema.alert_type import Alert, PaginatedAlerts
from graphql_api.schema.arguments import (
    AlertID,
    ByMonth,
    ByName,
    Limit,
    Month,
    NextToken,
    OnlyMonth,
    OnlyOrganisation,
    OnlyRepository,
    OrganisationName,
    OverviewID,
    RepositoryName,
)
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field
from graphql_api.schema.overview_types import (
    OrganisationOverview,
    PaginatedOrganisationOverviews,
    PaginatedRepositoryOverviews,
    RepositoryOverview,
)
from graphql_api.schema.row_list import RowList
from graphql_api.schema.scope import Scope
from graphql_api.vocabulary.ids import alert_id, overview_id
from graphql_api.vocabulary.names import checked_name
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level


@strawberry.type(
    description=(
        "Everything that you can ask. `organisations` lists the names that your key can read; "
        "`organisation` and `repository` have metrics, backlog and alerts. Nothing here changes "
        "anything. `extensions.warnings` of the response reports names of organisations, "
        "repositories and tools under which nothing ever arrived, each with `reason`, `message`, "
        "`path`, and the closest known names as `suggestions`; and tools that may be counted under "
        "`(other)`."
    )
)
class Query:
    @field("One alert. Null if there is none with this id.")
    def get_alert(self, info: Info, id: AlertID = UNSET) -> Alert | None:  # noqa: A002
        key = alert_id(id) if id else None
        if key is None:
            return None
        context = info.context
        item = context.reader.one(tables.alert_request(context.tables, *key))
        return Alert(item=item) if item and tables.IN_EVERY_ALERT in item else None

    @field("Every alert, page by page, in no particular order.")
    def get_alerts(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedAlerts:
        page = RowList(info, limit, next_token).all_alerts()
        return PaginatedAlerts(
            data=[Alert(item=item) for item in page.items], next_token=page.next_token
        )

    @field("One month of a repository. Null if there is none.")
    def get_repository_overview(
        self,
        info: Info,
        id: OverviewID = UNSET,  # noqa: A002
    ) -> RepositoryOverview | None:
        item = _overview(info, REPOSITORY, id)
        return None if item is None else RepositoryOverview(item=item)

    @field("Every month of every repository, page by page, in no particular order.")
    def get_repository_overviews(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedRepositoryOverviews:
        return _repositories(RowList(info, limit, next_token).all_months(REPOSITORY))

    @field(
        "The months of one repository, by time. Empty, with a warning, if nothing ever arrived.",
        name="repositoryOverviewbyRepositoryName",
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
        rows = RowList(info, limit, next_token, sort_direction)
        return _repositories(rows.months_of(REPOSITORY, repository_name, monthly_period))

    @field("The repositories of one month, by name.", name="repositoryOverviewbyMonthlyPeriod")
    def repository_overview_by_monthly_period(
        self,
        info: Info,
        monthly_period: Month,
        repository_name: OnlyRepository = UNSET,
        limit: Limit = UNSET,
        sort_direction: ByName = UNSET,
        next_token: NextToken = UNSET,
    ) -> PaginatedRepositoryOverviews:
        rows = RowList(info, limit, next_token, sort_direction)
        return _repositories(rows.names_in(REPOSITORY, monthly_period, repository_name))

    @field("One month of an organisation. Null if there is none.")
    def get_organisation_overview(
        self,
        info: Info,
        id: OverviewID = UNSET,  # noqa: A002
    ) -> OrganisationOverview | None:
        item = _overview(info, ORGANISATION, id)
        return None if item is None else OrganisationOverview(item=item)

    @field("Every month of every organisation, page by page, in no particular order.")
    def get_organisation_overviews(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedOrganisationOverviews:
        return _organisations(RowList(info, limit, next_token).all_months(ORGANISATION))

    @field(
        "The months of one organisation, by time. Empty, with a warning, if nothing ever arrived.",
        name="organisationOverviewbyOrganisationName",
    )
    def organisation_overview_by_organisation_name(
        self,
        info: Info,
        organisation_name: OrganisationName,
        monthly_period: OnlyMonth = UNSET,
        limit: Limit = UNSET,
        sort_direction: ByMonth = UNSET,
        next_token: NextToken = UNSET,
    ) -> PaginatedOrganisationOverviews:
        rows = RowList(info, limit, next_token, sort_direction)
        return _organisations(rows.months_of(ORGANISATION, organisation_name, monthly_period))

    @field("The organisations of one month, by name.", name="organisationOverviewbyMonthlyPeriod")
    def organisation_overview_by_monthly_period(
        self,
        info: Info,
        monthly_period: Month,
        organisation_name: OnlyOrganisation = UNSET,
        limit: Limit = UNSET,
        sort_direction: ByName = UNSET,
        next_token: NextToken = UNSET,
    ) -> PaginatedOrganisationOverviews:
        rows = RowList(info, limit, next_token, sort_direction)
        return _organisations(rows.names_in(ORGANISATION, monthly_period, organisation_name))

    @field(
        "One organisation by its login. A name under which nothing ever arrived has zeros and a "
        "warning. A name that cannot be a login is an error."
    )
    def organisation(
        self,
        name: OrganisationName,
    ) -> Scope:
        return _scope(ORGANISATION, name)

    @field(
        "One repository by `owner/name`. A name under which nothing ever arrived has zeros and a "
        "warning. A name without its owner is an error."
    )
    def repository(
        self,
        name: RepositoryName,
    ) -> Scope:
        return _scope(REPOSITORY, name)

    @field("Every organisation that this key may read, by name.")
    def organisations(self, info: Info) -> list[Scope]:
        items = info.context.reader.all(tables.organisations(info.context.tables))
        return [
            Scope(
                level=ORGANISATION,
                key=item["organisationName"]["S"],
                spelled=spelling(ORGANISATION, item),
                is_known=True,
            )
            for item in items
        ]


def _scope(level: Level, name: str) -> Scope:
    key = checked_name(level, name, "name")
    return Scope(level=level, key=key, spelled=name, is_known=False)


def _overview(info: Info, level: Level, text: str | None) -> Item | None:
    key = overview_id(level, text) if text else None
    if key is None:
        return None
    context = info.context
    item = context.reader.one(month_lists.overview_request(context.tables, level, *key))
    return item if item and month_lists.IN_EVERY_MONTH in item else None


def _repositories(page: Page) -> PaginatedRepositoryOverviews:
    data = [RepositoryOverview(item=item) for item in page.items]
    return PaginatedRepositoryOverviews(data=data, next_token=page.next_token)


def _organisations(page: Page) -> PaginatedOrganisationOverviews:
    data = [OrganisationOverview(item=item) for item in page.items]
    return PaginatedOrganisationOverviews(data=data, next_token=page.next_token)
