# ruff: noqa: PLR0913, PLR0917  (the public schema defines the arguments)
"""The GraphQL type Query. Each field checks its arguments, reads, and wraps the rows."""

import strawberry
from strawberry import UNSET

from graphql_api.reading import month_lists, tables
from graphql_api.reading.attribute_values import Item, spelling
from graphql_api.reading.reader import Page
from graphql_api.schema.access_type import Access
from graphql_api.schema.alert_type import Alert, PaginatedAlerts, alerts_of
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
from graphql_api.schema.service_level_type import ServiceLevelTarget
from graphql_api.selection.readable_lists import ReadableLists
from graphql_api.vocabulary.ids import alert_id, overview_id
from graphql_api.vocabulary.names import checked_name
from rollup.rows import attributes as names
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level


@strawberry.type(
    description=(
        "All queries. `organisations` lists the organisations that your key can read. "
        "`organisation` and `repository` return metrics, the backlog and alerts. No query changes "
        "data. In the response, `extensions.warnings` reports organisations, repositories and "
        "tools that are unknown, since no event of them was received, and tools that may be "
        "counted under `(other)`. Each warning has a `reason`, a `message`, a `path`, and the "
        "closest known names as `suggestions`."
    )
)
class Query:
    """The GraphQL type Query."""

    @field("One alert. Null if no alert has this ID.")
    def get_alert(self, info: Info, id: AlertID = UNSET) -> Alert | None:  # noqa: A002
        key = alert_id(id) if id else None
        if key is None:
            return None
        context = info.context
        item = context.reader.one(tables.alert_request(context.tables, *key))
        if not item or tables.IN_EVERY_ALERT not in item:
            return None
        return alerts_of(context, [item])[0]

    @field("All alerts, page by page, in no particular order.")
    def get_alerts(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedAlerts:
        page = RowList(info, limit, next_token).all_alerts()
        return PaginatedAlerts(data=alerts_of(info.context, page.items), next_token=page.next_token)

    @field("One month of a repository. Null if no overview has this ID.")
    def get_repository_overview(
        self,
        info: Info,
        id: OverviewID = UNSET,  # noqa: A002
    ) -> RepositoryOverview | None:
        item = _overview(info, REPOSITORY, id)
        return None if item is None else RepositoryOverview(item=item)

    @field("All months of all repositories, page by page, in no particular order.")
    def get_repository_overviews(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedRepositoryOverviews:
        return _repositories(RowList(info, limit, next_token).all_months(REPOSITORY))

    @field(
        (
            "The months of one repository, ordered by time. If no event of the repository was "
            "received, the list is empty and the response has a warning."
        ),
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

    @field(
        "The overviews of all repositories in one month, ordered by name.",
        name="repositoryOverviewbyMonthlyPeriod",
    )
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

    @field("One month of an organisation. Null if no overview has this ID.")
    def get_organisation_overview(
        self,
        info: Info,
        id: OverviewID = UNSET,  # noqa: A002
    ) -> OrganisationOverview | None:
        item = _overview(info, ORGANISATION, id)
        return None if item is None else OrganisationOverview(item=item)

    @field("All months of all organisations, page by page, in no particular order.")
    def get_organisation_overviews(
        self, info: Info, limit: Limit = UNSET, next_token: NextToken = UNSET
    ) -> PaginatedOrganisationOverviews:
        return _organisations(RowList(info, limit, next_token).all_months(ORGANISATION))

    @field(
        (
            "The months of one organisation, ordered by time. If no event of the organisation was "
            "received, the list is empty and the response has a warning."
        ),
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

    @field(
        "The overviews of all organisations in one month, ordered by name.",
        name="organisationOverviewbyMonthlyPeriod",
    )
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
        "The organisation with this login. If no event of the organisation was received, all "
        "numbers are 0 and the response has a warning. A name that cannot be a login is an error."
    )
    def organisation(
        self,
        name: OrganisationName,
    ) -> Scope:
        return _scope(ORGANISATION, name)

    @field(
        "The repository with this name. If no event of the repository was received, all numbers "
        "are 0 and the response has a warning. A name without an owner is an error."
    )
    def repository(
        self,
        name: RepositoryName,
    ) -> Scope:
        return _scope(REPOSITORY, name)

    @field("The organisations that your key can read, ordered by name.")
    def organisations(self, info: Info) -> list[Scope]:
        context = info.context
        items = ReadableLists(context.reader, context.tables).organisations()
        return [
            Scope(
                level=ORGANISATION,
                key=item[names.ORGANISATION_NAME]["S"],
                spelled=spelling(ORGANISATION, item),
                is_known=True,
            )
            for item in items
        ]

    @field(
        "What your API key or token permits: who asks, which organisations it can read, and until "
        "when."
    )
    def access(self, info: Info) -> Access:
        return Access(held=info.context.reader.access)

    @field(
        "The service level targets of this deployment, most severe first. A severity without a "
        "target is not in the list. The operator sets them."
    )
    def service_level_targets(self, info: Info) -> list[ServiceLevelTarget]:
        return ServiceLevelTarget.list_of(info.context.targets)


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
