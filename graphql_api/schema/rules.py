"""The steps of the field `rules`: read the alerts of the window, count them, select the rows.

Owns the limit of `first`, and the order of the reads.
"""

from typing import NamedTuple

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.reading.attribute_values import Item, text
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.schema.context import Context
from graphql_api.schema.rule_type import RuleMetrics
from graphql_api.selection.filters import Conditions
from graphql_api.selection.rules.tallies import Counting, Group, largest, tallies
from graphql_api.selection.rules.window_alerts import alerts_of_window, window_listings
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.cwe import cwes_of
from graphql_api.vocabulary.enums import RuleKey, RuleOrder
from graphql_api.vocabulary.errors import BadFirstError, TooManyAlertsError
from ingest.alerts import attributes as of_alert
from rollup.metrics.counts import Outcome
from rollup.metrics.window import Window

MOST_RULES = 100
"""The maximum of `first`."""


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
    if query.conditions.chosen.names == ():
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
