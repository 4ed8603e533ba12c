"""The types RepositoryOverview and OrganisationOverview: one month, as the public schema has it.

Owns how a monthly row of the overview tables looks to clients. Computes no metric: what a month
amounts to is in the row.
"""

import strawberry

from graphql_api.reading.item import Item
from graphql_api.schema import columns
from graphql_api.schema.fields import stored
from ingest.names import owner_of


def _ids(spelling: str) -> columns.Column[strawberry.ID | None]:
    return lambda items: [
        strawberry.ID(f"{item['monthlyPeriod']['S']}/{item[spelling]['S']}") for item in items
    ]


@strawberry.type
class _Month:
    """The fields that both types have; nothing refers to it, so the schema leaves it out."""

    item: strawberry.Private[Item]

    monthly_period: str | None = stored(
        "The month in UTC, such as `2026-11`.", columns.texts("monthlyPeriod")
    )

    open_alerts: int | None = stored(
        "Alerts that were created in this month and are open now.", columns.integers("openAlerts")
    )

    number_fixed: int | None = stored(
        "Alerts whose present closing is a fix in this month.", columns.integers("numberFixed")
    )

    number_manually_closed: int | None = stored(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        columns.integers("numberManuallyClosed"),
    )

    number_manually_cosed: int | None = stored(
        "Alerts whose present closing is a dismissal in this month, for any reason.",
        columns.integers("numberManuallyClosed"),
        use_instead="numberManuallyClosed",
    )

    total_time_to_remediate: float | None = stored(
        (
            "Milliseconds from creation to closing, summed over the alerts closed in this month. "
            "25 days of them are more than an Int holds."
        ),
        columns.floats("totalTimeToRemediate"),
    )

    mean_time_to_remediate: float | None = stored(
        (
            "The mean of the milliseconds from creation to closing over the alerts closed in this "
            "month, by fix or dismissal. Null if none was."
        ),
        columns.floats("meanTimeToRemediate"),
    )


@strawberry.type(description="One month of a repository.")
class RepositoryOverview(_Month):
    id: strawberry.ID | None = stored(
        "`monthlyPeriod/repositoryName`: `2026-11/owner/name`.", _ids("repositorySpelling")
    )

    repository_name: str | None = stored(
        "The repository as `owner/name`, in its newest spelling.",
        columns.texts("repositorySpelling"),
    )

    organisation_name: str | None = stored(
        "The login of the organisation, or of the user who owns the repository.",
        columns.changed_texts("repositorySpelling", owner_of),
    )


@strawberry.type(description="One month of an organisation: the sum over its repositories.")
class OrganisationOverview(_Month):
    id: strawberry.ID | None = stored(
        "`monthlyPeriod/organisationName`: `2026-11/login`.", _ids("organisationSpelling")
    )

    organisation_name: str | None = stored(
        "The organisation's login, in its newest spelling.", columns.texts("organisationSpelling")
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
