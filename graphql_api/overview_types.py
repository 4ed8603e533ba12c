"""The types RepositoryOverview and OrganisationOverview: one month, as the public schema has it.

Owns how a monthly row of the overview tables looks to clients. Computes no metric: what a month
amounts to is in the row.
"""

import strawberry

from graphql_api.fields import field
from graphql_api.item import Item, integer, text


@strawberry.type
class _Month:
    """The fields that both types have; nothing refers to it, so the schema leaves it out."""

    item: strawberry.Private[Item]

    @field("The month in UTC, such as `2026-11`.")
    def monthly_period(self) -> str | None:
        return text(self.item, "monthlyPeriod")

    @field("Alerts that were created in this month and are open now.")
    def open_alerts(self) -> int | None:
        return integer(self.item, "openAlerts")

    @field("Alerts whose present closing is a fix in this month.")
    def number_fixed(self) -> int | None:
        return integer(self.item, "numberFixed")

    @field("Alerts whose present closing is a dismissal in this month, for any reason.")
    def number_manually_closed(self) -> int | None:
        return integer(self.item, "numberManuallyClosed")

    @field(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        use_instead="numberManuallyClosed",
    )
    def number_manually_cosed(self) -> int | None:
        return integer(self.item, "numberManuallyClosed")

    @field(
        "Milliseconds from creation to closing, summed over the alerts closed in this month. "
        "25 days of them are more than an Int holds."
    )
    def total_time_to_remediate(self) -> float | None:
        return integer(self.item, "totalTimeToRemediate")

    @field(
        "The mean of the milliseconds from creation to closing over the alerts closed in this "
        "month, by fix or dismissal. Null if none was."
    )
    def mean_time_to_remediate(self) -> float | None:
        return integer(self.item, "meanTimeToRemediate")


@strawberry.type(description="One month of a repository.")
class RepositoryOverview(_Month):
    @field("`monthlyPeriod/repositoryName`: `2026-11/owner/name`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "repositoryName")

    @field("The repository as `owner/name`.")
    def repository_name(self) -> str | None:
        return text(self.item, "repositoryName")

    @field("The login of the organisation, or of the user who owns the repository.")
    def organisation_name(self) -> str | None:
        return text(self.item, "organisationName")


@strawberry.type(description="One month of an organisation: the sum over its repositories.")
class OrganisationOverview(_Month):
    @field("`monthlyPeriod/organisationName`: `2026-11/login`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "organisationName")

    @field("The organisation's login.")
    def organisation_name(self) -> str | None:
        return text(self.item, "organisationName")


@strawberry.type(description="Some months of repositories, and where the next ones begin.")
class PaginatedRepositoryOverviews:
    data: list[RepositoryOverview] = strawberry.field(description="The overviews of this page.")
    next_token: str | None = strawberry.field(
        description="Pass it with the same arguments for the next page. Null at the end."
    )


@strawberry.type(description="Some months of organisations, and where the next ones begin.")
class PaginatedOrganisationOverviews:
    data: list[OrganisationOverview] = strawberry.field(description="The overviews of this page.")
    next_token: str | None = strawberry.field(
        description="Pass it with the same arguments for the next page. Null at the end."
    )


def _id(item: Item, name: str) -> strawberry.ID:
    return strawberry.ID(f"{item['monthlyPeriod']['S']}/{item[name]['S']}")
