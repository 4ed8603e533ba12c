"""The GraphQL type RuleMetrics: the alerts of one rule or CWE in a window.

Owns the conversion from a tally to fields. The module `rules` makes the tallies.
"""

import strawberry

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.reading.attribute_values import Item
from graphql_api.schema.arguments import Unit
from graphql_api.schema.fields import field
from graphql_api.selection.rules.tallies import RuleTally
from graphql_api.vocabulary.enums import DurationUnit, Severity
from graphql_api.vocabulary.rounding import duration_or_none, ratio
from ingest.alerts import attributes as of_alert


@strawberry.type(
    description=(
        "The alerts of one rule or CWE: those that are open now, and those created or closed in "
        "the window. All numbers are exact."
    )
)
class RuleMetrics:
    """The GraphQL type RuleMetrics."""

    tally: strawberry.Private[RuleTally]
    newest: strawberry.Private[Item | None]
    page: strawberry.Private[DetailsOfPage]

    @field(
        "The ID of the rule, or the CWE, such as `CWE-79`. The empty string for alerts without a "
        "rule."
    )
    def key(self) -> str:
        return self.tally.group.key

    @field(
        "The description of the rule, as reported with the alert that was created last. Null by "
        "CWE, or if GitHub did not report one."
    )
    def description(self) -> str | None:
        return None if self.newest is None else self.page.of(self.newest).details.description

    @field("The tool of the rule. Null by CWE, or if GitHub did not name one.")
    def tool(self) -> str | None:
        return self.tally.group.tool

    @field("The severity of the alert that was created last. Null by CWE.")
    def severity(self) -> Severity | None:
        return None if self.newest is None else Severity(self.newest[of_alert.SEVERITY]["S"])

    @field("The number of alerts that are open now, whenever they were created.")
    def open(self) -> int:
        return self.tally.open

    @field("The number of alerts created in the window.")
    def opened(self) -> int:
        return self.tally.opened

    @field("The number of alerts whose current closing is in the window and is one of `closedAs`.")
    def closed(self) -> int:
        return self.tally.closed

    @field(
        "The share, 0 to 1, of the alerts closed in the window that are dismissed as false "
        "positives, to 4 decimals. Not affected by `closedAs`. Null if none was closed."
    )
    def false_positive_share(self) -> float | None:
        return ratio(self.tally.false_positive_share)

    @field("The mean time to remediate of the `closed` alerts, in `unit`. Null if `closed` is 0.")
    def mean_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.tally.mean_ms, unit)

    @field(
        "The median time to remediate of the `closed` alerts, in `unit`. Exact. Null if `closed` "
        "is 0."
    )
    def median_time_to_remediate(self, unit: Unit = DurationUnit.MILLISECONDS) -> float | None:
        return duration_or_none(self.tally.median_ms, unit)
