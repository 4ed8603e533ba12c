"""The type Alert: the public schema's fields, deprecated where ours are better, and ours.

Owns how a row of All Events looks to clients. Every field is computed from the row when it is asked
for.
"""

from typing import Annotated

import strawberry

from graphql_api.context import Info
from graphql_api.fields import field, integer_field, text_field
from graphql_api.item import Item, text
from graphql_api.month import month_name
from graphql_api.scalars import DateTime
from graphql_api.words import AlertState, Branch, ClosedAs, DurationUnit, Severity
from ingest.alert_key import alert_id
from ingest.instant import from_text

# Calling an enum finds its members, too, but takes three times as long.
_STATES = {state.value: state for state in AlertState}
_SEVERITIES = {severity.value: severity for severity in Severity}
_BRANCHES = {branch.value: branch for branch in Branch}
_CLOSINGS = {closed_as.value: closed_as for closed_as in ClosedAs}

_UNIT = strawberry.argument(description="What the duration is counted in.")


@strawberry.type(description="A code scanning alert of GitHub, as the last event told of it.")
class Alert:
    item: strawberry.Private[Item]

    @field("`owner/name/number`.")
    def id(self) -> strawberry.ID | None:
        item = self.item
        return strawberry.ID(alert_id(item["repositoryName"]["S"], int(item["alertID"]["N"])))

    alert_number = integer_field("The alert's number in its repository.", "alertID", name="alertID")

    alert_url = text_field("The alert's page on GitHub.", "alertURL", name="alertURL")

    organisation_name = text_field(
        "The login of the organisation, or of the user who owns the repository.", "organisationName"
    )

    repository_name = text_field("The repository as `owner/name`.", "repositoryName")

    alert_created_at_full_timestamp = text_field(
        "When the alert was created: RFC 3339, UTC.", "createdAt", use_instead="createdAt"
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

    alert_closed_at_full_timestamp = text_field(
        "When the alert was closed: RFC 3339, UTC. Null while open.",
        "closedAt",
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

    @field("Whether the alert still stands.")
    def state(self) -> AlertState:
        return _STATES[self.item["state"]["S"]]

    @field("The rule's security severity where it has one, else the rule's own.")
    def severity(self) -> Severity:
        return _SEVERITIES[self.item["severity"]["S"]]

    @field("Whether the alert was ever seen on the default branch.")
    def branch(self) -> Branch:
        return _BRANCHES[self.item["branch"]["S"]]

    tool = text_field("The tool that found it, such as `CodeQL`. Null if untold.", "tool")

    rule = text_field("The id of the rule, such as `js/xss`. Null if untold.", "rule")

    @field("When the alert was created.")
    def created_at(self) -> DateTime:
        return DateTime(self.item["createdAt"]["S"])

    @field("When the alert was closed. Null while open.")
    def closed_at(self) -> DateTime | None:
        closed_at = text(self.item, "closedAt")
        return None if closed_at is None else DateTime(closed_at)

    @field("How the alert was closed. Null while open.")
    def closed_as(self) -> ClosedAs | None:
        closed_as = text(self.item, "closedAs")
        return None if closed_as is None else _CLOSINGS[closed_as]

    @field("From its creation to its closing, in `unit`; never negative. Null while open.")
    def time_to_remediate(
        self, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        closed_at = text(self.item, "closedAt")
        if closed_at is None:
            return None
        return _duration(from_text(closed_at) - self._created_ms(), unit)

    @field("From its creation to now, in `unit`; never negative. Null when closed.")
    def age(
        self, info: Info, unit: Annotated[DurationUnit, _UNIT] = DurationUnit.MILLISECONDS
    ) -> float | None:
        if "closedAt" in self.item:
            return None
        return _duration(info.context.now_ms - self._created_ms(), unit)

    def _created_ms(self) -> int:
        return from_text(self.item["createdAt"]["S"])


@strawberry.type(description="Some alerts, and where the next ones begin.")
class PaginatedAlerts:
    data: list[Alert] = strawberry.field(description="The alerts of this page.")
    next_token: str | None = strawberry.field(
        description="Pass it with the same arguments for the next page. Null at the end."
    )


def _duration(elapsed_ms: int, unit: DurationUnit) -> float:
    return max(elapsed_ms, 0) / unit.value


def _year(at: str | None) -> str | None:
    return None if at is None else at[:4]


def _month(at: str | None) -> str | None:
    return None if at is None else month_name(at[5:7])


def _day(at: str | None) -> str | None:
    return None if at is None else at[8:10].lstrip("0")
