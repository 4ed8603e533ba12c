"""The alerts of a window: those that are open now, and those opened or closed in the window.

Owns the three lists that contain exactly these alerts. Each of them is a range of an index, so the
number of reads depends on the alerts of the window, not on those of all time. The exception is a
repository: its third list is a filter of all its closed alerts.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.expressions import Expressions
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Listing, Tables
from graphql_api.repositories.alert_filter import of_chosen
from graphql_api.selection.alert_partitions import (
    filters_of,
    listing_of,
    partition_of,
)
from graphql_api.selection.filters import Conditions
from graphql_api.vocabulary.enums import AlertState
from graphql_api.vocabulary.errors import (
    TooManyAlertsError,
    TooManyBytesError,
    TooManyReadsError,
)
from ingest.alerts import attributes as of_alert
from rollup.rows.overview_row import REPOSITORY, Level

_SHOWN = (
    *(of_alert.REPOSITORY_NAME, of_alert.ALERT_ID, of_alert.CREATED_AT, of_alert.CLOSED_AT),
    *(of_alert.CLOSED_AS, of_alert.SEVERITY, of_alert.TOOL, of_alert.RULE),
)
Between = tuple[str, str]
"""Two timestamps, both inclusive."""


class _ClosedOutside(NamedTuple):
    """The condition that an alert was closed before or after a window."""

    first: str
    last: str

    def expression(self, expressions: Expressions) -> str:
        return expressions.outside(of_alert.CLOSED_AT, self.first, self.last)


def window_listings(
    tables: Tables, level: Level, name: str, conditions: Conditions, between: Between
) -> Iterator[Listing]:
    """Yield the lists of the alerts of a window. An alert that does not change is in one of them.

    The lists are: the alerts that are open; those closed in the window; those created in the window
    and closed outside of it.
    """
    for listing in _listings(tables, level, name, conditions, between):
        yield of_chosen(listing, conditions.chosen)


def _listings(
    tables: Tables, level: Level, name: str, conditions: Conditions, between: Between
) -> Iterator[Listing]:
    filters = filters_of(level, conditions)
    closed = partition_of(level, name, AlertState.CLOSED)
    created = partition_of(level, name, None)
    if level is REPOSITORY:
        # The table itself contains the changes of each alert, so the index has fewer bytes.
        created = closed._replace(time=of_alert.CREATED_AT)
    yield listing_of(
        tables,
        partition_of(level, name, AlertState.OPEN),
        between=None,
        filters=filters,
        shown=_SHOWN,
    )
    yield listing_of(tables, closed, between=between, filters=filters, shown=_SHOWN)
    yield listing_of(
        tables,
        created,
        between=between,
        filters={**filters, of_alert.STATE: (AlertState.CLOSED,)},
        condition=_ClosedOutside(*between),
        shown=_SHOWN,
    )


def alerts_of_window(reader: Reader, listings: Iterable[Listing]) -> list[Item]:
    """Return the alerts of the lists, each once, in its most recently read state.

    Raises:
        TooManyAlertsError: The window contains more alerts than one request can count.
        BusyError: DynamoDB throttles the reads.
    """
    found: dict[tuple[str, str], Item] = {}
    try:
        for listing in listings:
            for page in reader.pages(listing):
                before = len(found)
                found |= {
                    (item[of_alert.REPOSITORY_NAME]["S"], item[of_alert.ALERT_ID]["N"]): item
                    for item in page
                }
                reader.budget.take_alerts(len(found) - before)
    except (TooManyReadsError, TooManyBytesError) as error:
        raise TooManyAlertsError(
            "The alerts of the window, or those that a filter leaves out, need more reads of the "
            "tables than a request has left. Ask for a shorter window, one repository, or fewer "
            "fields in one document."
        ) from error
    return list(found.values())
