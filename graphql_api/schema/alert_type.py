"""The GraphQL type Alert.

Owns the conversion from a row of All Events to fields, except those of the public GCSMTTR schema,
which are in `public_alert`. A field is computed only when a query selects it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.reading.attribute_values import Item, text
from graphql_api.schema import columns
from graphql_api.schema.context import Context, Info
from graphql_api.schema.fields import field, stored
from graphql_api.schema.public_alert import PublicAlert
from graphql_api.vocabulary.cwe import cwes_of
from graphql_api.vocabulary.enums import AlertState, Branch, ClosedAs, DurationUnit, Severity
from graphql_api.vocabulary.rounding import duration
from graphql_api.vocabulary.scalars import DateTime
from ingest.alerts import attributes as of_alert
from ingest.instant import from_text, to_text
from rollup.service_levels.targets import Targets, due_ms

if TYPE_CHECKING:
    from ingest.facts.details import Details

_UNIT = strawberry.argument(description="The unit of the duration.")


@strawberry.type(description="A GitHub code scanning alert, as of its most recent event.")
class Alert(PublicAlert):
    """The GraphQL type Alert."""

    page: strawberry.Private[DetailsOfPage]

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

    @field("The description of the rule. Null if GitHub did not report one.")
    def rule_description(self) -> str | None:
        return self._details().description

    @field("The tags of the rule, such as `external/cwe/cwe-079`, in order.")
    def rule_tags(self) -> list[str]:
        return list(self._details().tags)

    @field("The CWEs that the tags of the rule name, such as `CWE-79`, ordered by number.")
    def cwes(self) -> list[str]:
        return cwes_of(self._details().tags)

    @field("The file in which the alert was last seen. Null if GitHub did not report one.")
    def path(self) -> str | None:
        return self._details().path

    @field("The first line of the alert in `path`. Null if GitHub did not report one.")
    def line(self) -> int | None:
        return self._details().start_line

    @field("When the alert was reopened, in order of time. Only the last twelve times.")
    def reopened_at(self) -> list[DateTime]:
        return list(map(DateTime, self.page.of(self.item).reopened_at))

    def _details(self) -> "Details":
        return self.page.of(self.item).details

    @field(
        "When the alert is due: `createdAt` plus the service level target of its severity, in days "
        "of 24 hours. A reopened alert keeps its creation. Null without a target, or if the alert "
        "is closed."
    )
    def due_at(self, info: Info) -> DateTime | None:
        at_ms = self._due_ms(info.context.targets)
        return None if at_ms is None else DateTime(to_text(at_ms))

    @field("Whether the alert is open and `dueAt` has passed.")
    def overdue(self, info: Info) -> bool:
        at_ms = self._due_ms(info.context.targets)
        return at_ms is not None and at_ms < info.context.now_ms

    def _due_ms(self, targets: Targets) -> int | None:
        if of_alert.CLOSED_AT in self.item:
            return None
        return due_ms(targets, Severity(self.item[of_alert.SEVERITY]["S"]), self._created_ms())

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


def alerts_of(
    context: Context, items: Sequence[Item], details: DetailsOfPage | None = None
) -> list[Alert]:
    """Return the alerts of the rows on one page. `details` are those of the page, if it has any."""
    page = details or DetailsOfPage(context.reader, context.tables.all_events, items)
    return [Alert(item=item, page=page) for item in items]
