"""The types RepositoryOverview and OrganisationOverview: one month, as the public schema has it.

Owns how a monthly row of the overview tables looks to clients. Computes no metric: what a month
amounts to is in the row.
"""

import strawberry

from graphql_api.fields import field, float_field, integer_field, text_field
from graphql_api.item import Item


@strawberry.type
class _Month:
    """The fields that both types have; nothing refers to it, so the schema leaves it out."""

    item: strawberry.Private[Item]

    monthly_period = text_field("The month in UTC, such as `2026-11`.", "monthlyPeriod")

    open_alerts = integer_field(
        "Alerts that were created in this month and are open now.", "openAlerts"
    )

    number_fixed = integer_field(
        "Alerts whose present closing is a fix in this month.", "numberFixed"
    )

    number_manually_closed = integer_field(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        "numberManuallyClosed",
    )

    number_manually_cosed = integer_field(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        "numberManuallyClosed",
        use_instead="numberManuallyClosed",
    )

    total_time_to_remediate = float_field(
        (
            "Milliseconds from creation to closing, summed over the alerts closed in this month. "
            "25 days of them are more than an Int holds."
        ),
        "totalTimeToRemediate",
    )

    mean_time_to_remediate = float_field(
        (
            "The mean of the milliseconds from creation to closing over the alerts closed in this "
            "month, by fix or dismissal. Null if none was."
        ),
        "meanTimeToRemediate",
    )


@strawberry.type(description="One month of a repository.")
class RepositoryOverview(_Month):
    @field("`monthlyPeriod/repositoryName`: `2026-11/owner/name`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "repositoryName")

    repository_name = text_field("The repository as `owner/name`.", "repositoryName")

    organisation_name = text_field(
        "The login of the organisation, or of the user who owns the repository.", "organisationName"
    )


@strawberry.type(description="One month of an organisation: the sum over its repositories.")
class OrganisationOverview(_Month):
    @field("`monthlyPeriod/organisationName`: `2026-11/login`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "organisationName")

    organisation_name = text_field("The organisation's login.", "organisationName")


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
