"""The GraphQL type RuleMetrics: the alerts of one rule or CWE in a window.

Owns the steps of the field `rules`: check the arguments, read the alerts of the window, count them,
and select the rows that are shown.
"""

from typing import NamedTuple

import strawberry

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.reading.attribute_values import Item, text
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.schema.arguments import Unit
from graphql_api.schema.context import Context
from graphql_api.schema.fields import field
from graphql_api.selection.filters import Conditions
from graphql_api.selection.rules.tallies import Counting, Group, RuleTally, largest, tallies
from graphql_api.selection.rules.window_alerts import alerts_of_window, window_listings
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.cwe import cwes_of
from graphql_api.vocabulary.enums import DurationUnit, RuleKey, RuleOrder, Severity
from graphql_api.vocabulary.errors import BadFirstError, TooManyAlertsError
from graphql_api.vocabulary.rounding import duration_or_none, ratio
from ingest.alerts import attributes as of_alert
from rollup.metrics.counts import Outcome
from rollup.metrics.window import Window

MOST_RULES = 100
"""The maximum of `first`."""


@strawberry.type(
    description=(
        "The alerts of one rule or CWE: those that are open now, and those created or closed in "
        "the window. All figures are exact."
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


class RulesQuery(NamedTuple):
    """The checked arguments of the field `rules`."""

    window: Window
    conditions: Conditions
    closed_as: frozenset[Outcome]
    by: RuleKey
    order: RuleOrder
    first: int


def checked_first(first: int) -> int:
    """Return the number of rows that a client asked for.

    Raises:
        BadFirstError: The number is outside 1 to 100.
    """
    if not 1 <= first <= MOST_RULES:
        raise BadFirstError(f"first is {first:,}, but must be 1 to {MOST_RULES}.")
    return first


def rule_rows(context: Context, subject: Subject, query: RulesQuery) -> list[RuleMetrics]:
    """Return the rows of the field `rules`, largest first.

    Raises:
        TooManyAlertsError: The window contains more alerts than the request can count.
        BusyError: DynamoDB throttles the reads.
    """
    if subject.is_excluded_by(query.conditions):
        return []
    counting = Counting.of(query.window, query.closed_as)
    listings = window_listings(
        context.tables,
        subject.level,
        subject.name,
        query.conditions,
        (counting.first, counting.last),
    )
    alerts = alerts_of_window(context.reader, listings)
    if query.by is RuleKey.CWE:
        details = _details_of(context, alerts)

        def cwes(alert: Item) -> list[Group]:
            return [Group(cwe) for cwe in cwes_of(details.of(alert).details.tags)]

        found = largest(tallies(alerts, cwes, counting), query.order, query.first)
        return [RuleMetrics(tally=tally, newest=None, page=details) for tally in found]
    found = largest(tallies(alerts, _rules, counting), query.order, query.first)
    page = DetailsOfPage(
        context.reader, context.tables.all_events, [tally.newest for tally in found]
    )
    return [RuleMetrics(tally=tally, newest=tally.newest, page=page) for tally in found]


def _details_of(context: Context, alerts: list[Item]) -> DetailsOfPage:
    reads = context.budget.reads_left
    if len(alerts) > reads * KEYS_PER_READ:
        raise TooManyAlertsError(
            f"The window contains {len(alerts):,} alerts, and by CWE a request can count "
            f"{reads * KEYS_PER_READ:,} more, since it reads the tags of each alert. Ask for a "
            "shorter window, one repository, a filter, or by: RULE."
        )
    return DetailsOfPage(context.reader, context.tables.all_events, alerts)


def _rules(alert: Item) -> list[Group]:
    return [Group(text(alert, of_alert.RULE) or "", text(alert, of_alert.TOOL))]
