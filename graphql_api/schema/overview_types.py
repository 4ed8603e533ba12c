"""The types RepositoryOverview and OrganisationOverview: one month, as the public schema has it.

Owns how a monthly row of the overview tables looks to clients. Computes no metric: what a month
amounts to is in the row.
"""

import strawberry

from graphql_api.reading.item import Item
from graphql_api.schema.fields import field, stored
from ingest.names import owner_of


@strawberry.type
class _Month:
    """The fields that both types have; nothing refers to it, so the schema leaves it out."""

    item: strawberry.Private[Item]

    monthly_period = stored("The month in UTC, such as `2026-11`.", "monthlyPeriod", str | None)

    open_alerts = stored(
        "Alerts that were created in this month and are open now.", "openAlerts", int | None
    )

    number_fixed = stored(
        "Alerts whose present closing is a fix in this month.", "numberFixed", int | None
    )

    number_manually_closed = stored(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        "numberManuallyClosed",
        int | None,
    )

    number_manually_cosed = stored(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        "numberManuallyClosed",
        int | None,
        use_instead="numberManuallyClosed",
    )

    total_time_to_remediate = stored(
        (
            "Milliseconds from creation to closing, summed over the alerts closed in this month. "
            "25 days of them are more than an Int holds."
        ),
        "totalTimeToRemediate",
        float | None,
    )

    mean_time_to_remediate = stored(
        (
            "The mean of the milliseconds from creation to closing over the alerts closed in this "
            "month, by fix or dismissal. Null if none was."
        ),
        "meanTimeToRemediate",
        float | None,
    )


@strawberry.type(description="One month of a repository.")
class RepositoryOverview(_Month):
    @field("`monthlyPeriod/repositoryName`: `2026-11/owner/name`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "repositorySpelling")

    repository_name = stored(
        "The repository as `owner/name`, in its newest spelling.", "repositorySpelling", str | None
    )

    organisation_name = stored(
        "The login of the organisation, or of the user who owns the repository.",
        "repositorySpelling",
        str | None,
        shown_as=owner_of,
    )


@strawberry.type(description="One month of an organisation: the sum over its repositories.")
class OrganisationOverview(_Month):
    @field("`monthlyPeriod/organisationName`: `2026-11/login`.")
    def id(self) -> strawberry.ID | None:
        return _id(self.item, "organisationSpelling")

    organisation_name = stored(
        "The organisation's login, in its newest spelling.", "organisationSpelling", str | None
    )


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


def _id(item: Item, spelling: str) -> strawberry.ID:
    return strawberry.ID(f"{item['monthlyPeriod']['S']}/{item[spelling]['S']}")
