"""The type Alert: the public schema's fields, deprecated where ours are better, and ours.

Owns how a row of All Events looks to clients. Every field is computed from the row when it is asked
for.
"""

from typing import Annotated

import strawberry

from graphql_api.reading.item import Item, text
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field, stored
from graphql_api.vocabulary.enums import AlertState, Branch, ClosedAs, DurationUnit, Severity
from graphql_api.vocabulary.month import month_name
from graphql_api.vocabulary.rounding import duration
from graphql_api.vocabulary.scalars import DateTime
from ingest.alerts.alert_key import alert_id
from ingest.instant import from_text
from ingest.names import owner_of

_UNIT = strawberry.argument(description="What the duration is counted in.")


@strawberry.type(description="A code scanning alert of GitHub, as the last event told of it.")
class Alert:
    item: strawberry.Private[Item]

    @field("`owner/name/number`.")
    def id(self) -> strawberry.ID | None:
        item = self.item
        return strawberry.ID(alert_id(item["repositorySpelling"]["S"], int(item["alertID"]["N"])))

    alert_number = stored(
        "The alert's number in its repository.", "alertID", int | None, name="alertID"
    )

    alert_url = stored("The alert's page on GitHub.", "alertURL", str | None, name="alertURL")

    organisation_name = stored(
        "The login of the organisation, or of the user who owns the repository.",
        "repositorySpelling",
        str | None,
        shown_as=owner_of,
    )

    repository_name = stored(
        "The repository as `owner/name`, in its newest spelling.", "repositorySpelling", str | None
    )

    alert_created_at_full_timestamp = stored(
        "When the alert was created: RFC 3339, UTC.",
        "createdAt",
        str | None,
        use_instead="createdAt",
    )

    @field("The year of the creation in UTC, such as `2026`.", use_instead="createdAt")
    def alert_created_at_year(self) -> str | None:
        return _year(text(self.item, "createdAt"))

    @field(
        "The month of the creation in UTC by its English name, such as `November`.",
        use_instead="createdAt",
    )
    def alert_created_at_month(self) -> str | None:
        return _month(text(self.item, "createdAt"))

    @field("The day of the month of the creation in UTC, `1` to `31`.", use_instead="createdAt")
    def alert_created_at_date(self) -> str | None:
        return _day(text(self.item, "createdAt"))

    alert_closed_at_full_timestamp = stored(
        "When the alert was closed: RFC 3339, UTC. Null while open.",
        "closedAt",
        str | None,
        use_instead="closedAt",
    )

    @field(
        "The year of the closing in UTC, such as `2026`. Null while open.", use_instead="closedAt"
    )
    def alert_closed_at_year(self) -> str | None:
        return _year(text(self.item, "closedAt"))

    @field(
        "The month of the closing in UTC by its English name, such as `November`. Null while open.",
        use_instead="closedAt",
    )
    def alert_closed_at_month(self) -> str | None:
        return _month(text(self.item, "closedAt"))

    @field(
        "The day of the month of the closing in UTC, `1` to `31`. Null while open.",
        use_instead="closedAt",
    )
    def alert_closed_at_date(self) -> str | None:
        return _day(text(self.item, "closedAt"))

    @field(
        "`FIXED`, or `CLOSED` for every kind of dismissal. Null while open.", use_instead="closedAs"
    )
    def alert_closed_at_reason(self) -> str | None:
        closed_as = text(self.item, "closedAs")
        if closed_as is None:
            return None
        return "FIXED" if closed_as == ClosedAs.FIXED else "CLOSED"

    state = stored("Whether the alert still stands.", "state", AlertState)

    severity = stored(
        "The rule's security severity where it has one, else the rule's own.", "severity", Severity
    )

    branch = stored("Whether the alert was ever seen on the default branch.", "branch", Branch)

    tool = stored("The tool that found it, such as `CodeQL`. Null if untold.", "tool", str | None)

    rule = stored("The id of the rule, such as `js/xss`. Null if untold.", "rule", str | None)

    created_at = stored("When the alert was created.", "createdAt", DateTime)

    closed_at = stored("When the alert was closed. Null while open.", "closedAt", DateTime | None)

    closed_as = stored("How the alert was closed. Null while open.", "closedAs", ClosedAs | None)

    @field("From its creation to its closing, in `unit`; never negative. Null while open.")
    def time_to_remediate(
        self, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        closed_at = text(self.item, "closedAt")
        if closed_at is None:
            return None
        return duration(max(from_text(closed_at) - self._created_ms(), 0), unit)

    @field("From its creation to now, in `unit`; never negative. Null when closed.")
    def age(
        self, info: Info, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        if "closedAt" in self.item:
            return None
        return duration(max(info.context.now_ms - self._created_ms(), 0), unit)

    def _created_ms(self) -> int:
        return from_text(self.item["createdAt"]["S"])


@strawberry.type(description="Some alerts, and where the next ones begin.")
class PaginatedAlerts:
    data: list[Alert] = strawberry.field(description="The alerts of this page.")
    next_token: str | None = strawberry.field(
        description="Pass it with the same arguments for the next page. Null at the end."
    )


def _year(at: str | None) -> str | None:
    return None if at is None else at[:4]


def _month(at: str | None) -> str | None:
    return None if at is None else month_name(at[5:7])


def _day(at: str | None) -> str | None:
    return None if at is None else at[8:10].lstrip("0")
