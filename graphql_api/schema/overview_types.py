"""The GraphQL types RepositoryOverview and OrganisationOverview of the public GCSMTTR schema.

Owns the conversion from a monthly row of the overview tables to fields. The metrics are stored in
the row and are not computed here.
"""

import strawberry

from graphql_api.reading.attribute_values import Item
from graphql_api.schema import columns
from graphql_api.schema.fields import stored
from ingest.names import owner_of
from rollup.rows import attributes as names


def _ids(spelling: str) -> columns.Column[strawberry.ID]:
    return lambda items: [
        strawberry.ID(f"{item[names.MONTHLY_PERIOD]['S']}/{item[spelling]['S']}") for item in items
    ]


@strawberry.type
class _Month:
    """The fields that both types have. No field refers to this type, so the schema omits it."""

    item: strawberry.Private[Item]

    monthly_period: str | None = stored(
        "The month in UTC, such as `2026-11`.", columns.texts(names.MONTHLY_PERIOD)
    )

    open_alerts: int | None = stored(
        "The number of alerts that were created in this month and are open now.",
        columns.integers(names.OPEN_ALERTS),
    )

    number_fixed: int | None = stored(
        "The number of alerts whose current closing is in this month and is a fix.",
        columns.integers(names.NUMBER_FIXED),
    )

    number_manually_closed: int | None = stored(
        (
            "The number of alerts whose current closing is in this month and is a dismissal, for "
            "any reason."
        ),
        columns.integers(names.NUMBER_MANUALLY_CLOSED),
    )

    number_manually_cosed: int | None = stored(
        (
            "The number of alerts whose current closing is in this month and is a dismissal, for "
            "any reason."
        ),
        columns.integers(names.NUMBER_MANUALLY_CLOSED),
        use_instead="numberManuallyClosed",
    )

    total_time_to_remediate: float | None = stored(
        (
            "The sum of the times from creation to closing of the alerts closed in this month, in "
            "milliseconds. A Float, because an Int cannot hold more than 24 days in milliseconds."
        ),
        columns.floats(names.TOTAL_TIME_TO_REMEDIATE),
    )

    mean_time_to_remediate: float | None = stored(
        (
            "The mean time from creation to closing of the alerts closed in this month, fixed or "
            "dismissed, in milliseconds. Null if none was closed."
        ),
        columns.floats(names.MEAN_TIME_TO_REMEDIATE),
    )


@strawberry.type(description="One month of a repository.")
class RepositoryOverview(_Month):
    """The GraphQL type RepositoryOverview."""

    id: strawberry.ID = stored(
        "`monthlyPeriod/repositoryName`, such as `2026-11/owner/name`.",
        _ids(names.REPOSITORY_SPELLING),
    )

    repository_name: str = stored(
        "The repository as `owner/name`, in its most recent spelling.",
        columns.required_texts(names.REPOSITORY_SPELLING),
    )

    organisation_name: str = stored(
        "The login of the organisation or user that owns the repository.",
        columns.required_changed_texts(names.REPOSITORY_SPELLING, owner_of),
    )


@strawberry.type(description="One month of an organisation: the sum over its repositories.")
class OrganisationOverview(_Month):
    """The GraphQL type OrganisationOverview."""

    id: strawberry.ID = stored(
        "`monthlyPeriod/organisationName`, such as `2026-11/login`.",
        _ids(names.ORGANISATION_SPELLING),
    )

    organisation_name: str = stored(
        "The organisation's login, in its most recent spelling.",
        columns.required_texts(names.ORGANISATION_SPELLING),
    )


@strawberry.type(description="A page of monthly overviews of repositories.")
class PaginatedRepositoryOverviews:
    """The GraphQL type PaginatedRepositoryOverviews."""

    data: list[RepositoryOverview] = strawberry.field(description="The overviews on this page.")
    next_token: str | None = strawberry.field(
        description=(
            "Repeat the query with this token and the same arguments to get the next page. Null on "
            "the last page."
        )
    )


@strawberry.type(description="A page of monthly overviews of organisations.")
class PaginatedOrganisationOverviews:
    """The GraphQL type PaginatedOrganisationOverviews."""

    data: list[OrganisationOverview] = strawberry.field(description="The overviews on this page.")
    next_token: str | None = strawberry.field(
        description=(
            "Repeat the query with this token and the same arguments to get the next page. Null on "
            "the last page."
        )
    )
