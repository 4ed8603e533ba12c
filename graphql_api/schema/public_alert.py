"""The fields of the type Alert that the public GCSMTTR schema has.

Owns their conversion from a row of All Events. Most of them are deprecated, since newer fields of
`alert_type` replace them.
"""

import strawberry

from graphql_api.reading.attribute_values import Item
from graphql_api.schema import columns
from graphql_api.schema.fields import stored
from graphql_api.vocabulary.enums import ClosedAs
from graphql_api.vocabulary.month import month_name
from ingest.alerts import attributes as of_alert
from ingest.names import alert_id, owner_of


def _id(item: Item) -> strawberry.ID:
    return strawberry.ID(
        alert_id(item[of_alert.REPOSITORY_SPELLING]["S"], int(item[of_alert.ALERT_ID]["N"]))
    )


def _year(at: str) -> str:
    return at[:4]


def _month(at: str) -> str:
    return month_name(at[5:7])


def _day(at: str) -> str:
    return at[8:10].lstrip("0")


def _reason(closed_as: str) -> str:
    return "FIXED" if closed_as == ClosedAs.FIXED else "CLOSED"


@strawberry.type
class PublicAlert:
    """The public fields of an alert. No field refers to this type, so the schema omits it."""

    item: strawberry.Private[Item]

    id: strawberry.ID = stored("`owner/name/number`.", lambda items: list(map(_id, items)))

    alert_number: int = stored(
        "The alert's number in its repository.",
        columns.required_integers(of_alert.ALERT_ID),
        name="alertID",
    )

    alert_url: str = stored(
        "The alert's page on GitHub.", columns.required_texts(of_alert.ALERT_URL), name="alertURL"
    )

    organisation_name: str = stored(
        "The login of the organisation or user that owns the repository.",
        columns.required_changed_texts(of_alert.REPOSITORY_SPELLING, owner_of),
    )

    repository_name: str = stored(
        "The repository as `owner/name`, in its most recent spelling.",
        columns.required_texts(of_alert.REPOSITORY_SPELLING),
    )

    alert_created_at_full_timestamp: str | None = stored(
        "When the alert was created, as an RFC 3339 timestamp in UTC.",
        columns.texts(of_alert.CREATED_AT),
        use_instead="createdAt",
    )

    alert_created_at_year: str | None = stored(
        "The year in which the alert was created, in UTC, such as `2026`.",
        columns.changed_texts(of_alert.CREATED_AT, _year),
        use_instead="createdAt",
    )

    alert_created_at_month: str | None = stored(
        (
            "The month in which the alert was created, in UTC, by its English name, such as "
            "`November`."
        ),
        columns.changed_texts(of_alert.CREATED_AT, _month),
        use_instead="createdAt",
    )

    alert_created_at_date: str | None = stored(
        "The day of the month on which the alert was created, in UTC, `1` to `31`.",
        columns.changed_texts(of_alert.CREATED_AT, _day),
        use_instead="createdAt",
    )

    alert_closed_at_full_timestamp: str | None = stored(
        (
            "When the alert was closed, as an RFC 3339 timestamp in UTC. Null while the alert is "
            "open."
        ),
        columns.texts(of_alert.CLOSED_AT),
        use_instead="closedAt",
    )

    alert_closed_at_year: str | None = stored(
        (
            "The year in which the alert was closed, in UTC, such as `2026`. Null while the alert "
            "is open."
        ),
        columns.changed_texts(of_alert.CLOSED_AT, _year),
        use_instead="closedAt",
    )

    alert_closed_at_month: str | None = stored(
        (
            "The month in which the alert was closed, in UTC, by its English name, such as "
            "`November`. Null while the alert is open."
        ),
        columns.changed_texts(of_alert.CLOSED_AT, _month),
        use_instead="closedAt",
    )

    alert_closed_at_date: str | None = stored(
        (
            "The day of the month on which the alert was closed, in UTC, `1` to `31`. Null while "
            "the alert is open."
        ),
        columns.changed_texts(of_alert.CLOSED_AT, _day),
        use_instead="closedAt",
    )

    alert_closed_at_reason: str | None = stored(
        "`FIXED`, or `CLOSED` for any kind of dismissal. Null while the alert is open.",
        columns.changed_texts(of_alert.CLOSED_AS, _reason),
        use_instead="closedAs",
    )
