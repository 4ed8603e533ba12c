"""The GraphQL type Alert.

Owns the conversion from a row of All Events to fields. The fields of the public GCSMTTR schema are
kept, and are deprecated if a newer field replaces them. A field is computed only when a query
selects it.
"""

from typing import Annotated

import strawberry

from graphql_api.reading.attribute_values import Item, text
from graphql_api.schema import columns
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field, stored
from graphql_api.vocabulary.enums import AlertState, Branch, ClosedAs, DurationUnit, Severity
from graphql_api.vocabulary.month import month_name
from graphql_api.vocabulary.rounding import duration
from graphql_api.vocabulary.scalars import DateTime
from ingest.alerts import attributes as of_alert
from ingest.instant import from_text
from ingest.names import alert_id, owner_of

_UNIT = strawberry.argument(description="The unit of the duration.")


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


@strawberry.type(description="A GitHub code scanning alert, as of its most recent event.")
class Alert:
    """The GraphQL type Alert."""

    item: strawberry.Private[Item]

    id: strawberry.ID | None = stored("`owner/name/number`.", lambda items: list(map(_id, items)))

    alert_number: int | None = stored(
        "The alert's number in its repository.", columns.integers(of_alert.ALERT_ID), name="alertID"
    )

    alert_url: str | None = stored(
        "The alert's page on GitHub.", columns.texts(of_alert.ALERT_URL), name="alertURL"
    )

    organisation_name: str | None = stored(
        "The login of the organisation or user that owns the repository.",
        columns.changed_texts(of_alert.REPOSITORY_SPELLING, owner_of),
    )

    repository_name: str | None = stored(
        "The repository as `owner/name`, in its most recent spelling.",
        columns.texts(of_alert.REPOSITORY_SPELLING),
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

    state: AlertState = stored(
        "Whether the alert is open or closed.", columns.members(AlertState, of_alert.STATE)
    )

    severity: Severity = stored(
        "The rule's security severity, or the rule's own severity if it has no security severity.",
        columns.members(Severity, of_alert.SEVERITY),
    )

    branch: Branch = stored(
        "Whether the alert was ever seen on the default branch.",
        columns.members(Branch, of_alert.BRANCH),
    )

    tool: str | None = stored(
        "The tool that found the alert, such as `CodeQL`. Null if GitHub did not name one.",
        columns.texts(of_alert.TOOL),
    )

    rule: str | None = stored(
        "The ID of the rule, such as `js/xss`. Null if GitHub did not name one.",
        columns.texts(of_alert.RULE),
    )

    created_at: DateTime = stored(
        "When the alert was created.", columns.timestamps(of_alert.CREATED_AT)
    )

    closed_at: DateTime | None = stored(
        "When the alert was closed. Null while the alert is open.",
        columns.optional_timestamps(of_alert.CLOSED_AT),
    )

    closed_as: ClosedAs | None = stored(
        "How the alert was closed. Null while the alert is open.",
        columns.optional_members(ClosedAs, of_alert.CLOSED_AS),
    )

    @field(
        "The time from creation to closing, in `unit`. Never negative. Null while the alert is "
        "open."
    )
    def time_to_remediate(
        self, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        closed_at = text(self.item, of_alert.CLOSED_AT)
        if closed_at is None:
            return None
        return duration(max(from_text(closed_at) - self._created_ms(), 0), unit)

    @field("The time from creation to now, in `unit`. Never negative. Null if the alert is closed.")
    def age(
        self, info: Info, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        if of_alert.CLOSED_AT in self.item:
            return None
        return duration(max(info.context.now_ms - self._created_ms(), 0), unit)

    def _created_ms(self) -> int:
        return from_text(self.item[of_alert.CREATED_AT]["S"])


@strawberry.type(description="A page of alerts.")
class PaginatedAlerts:
    """The GraphQL type PaginatedAlerts."""

    data: list[Alert] = strawberry.field(description="The alerts on this page.")
    next_token: str | None = strawberry.field(
        description=(
            "Repeat the query with this token and the same arguments to get the next page. Null on "
            "the last page."
        )
    )
