"""The steps of the field `alerts`: the days of the list, its request, and one page.

Owns what a later page takes from the cursor. `alert_lists` builds the request.
"""

from datetime import datetime

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.schema.alert_type import PaginatedAlerts, alerts_of
from graphql_api.schema.context import Context
from graphql_api.selection.alert_days import Days
from graphql_api.selection.alert_lists import AlertListQuery
from graphql_api.selection.rules.cwe_pages import page_with_cwes


def alert_page(
    context: Context, query: AlertListQuery, *, limit: int, token: str | None, now: datetime
) -> PaginatedAlerts:
    """Return one page of a list of alerts.

    Raises:
        BadCursorError: The token is damaged, outdated or bound to another list.
        BadDateError: `from` is after `to`, or a year is outside 2000 to 2999.
        BadLimitError: The limit is outside 1 to 1,000.
        BudgetError: The request exceeds a limit.
        BusyError: DynamoDB throttles the reads.
    """
    reader, binding = context.reader, query.binding
    if token is not None:
        days = Days.kept_by(reader.cursors.decode(token, binding=binding))
    else:
        days = Days.of(query.first, query.last, now=now)
        if query.overdue is not None:
            days = days._replace(due_at_ms=context.now_ms)
    listing = query.listing(context.tables, days, context.targets)
    details = None
    if listing is None or query.conditions.chosen.names == ():
        page = reader.empty_page(limit=limit, token=token, binding=binding)
    elif query.cwes is not None:
        # The search has read the details of the rows already.
        details = DetailsOfPage(reader, context.tables.all_events)
        page = page_with_cwes(
            reader, listing, details, query.cwes, limit=limit, token=token, binding=binding
        )
    else:
        page = reader.page((listing,), limit=limit, token=token, binding=binding)
    return PaginatedAlerts(data=alerts_of(context, page.items, details), next_token=page.next_token)
