"""The steps of the field `alerts`: the days of the list, its request, and one page.

Owns what a later page takes from the cursor. `alert_lists` builds the request.
"""

from datetime import datetime

from graphql_api.reading.reader import Page
from graphql_api.schema.context import Context
from graphql_api.selection.alert_days import Days
from graphql_api.selection.alert_lists import AlertListQuery
from graphql_api.selection.subject import Subject


def alert_page(  # noqa: PLR0913
    context: Context,
    subject: Subject,
    query: AlertListQuery,
    *,
    limit: int,
    token: str | None,
    now: datetime,
) -> Page:
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
    if listing is None or subject.is_excluded_by(query.conditions):
        return reader.empty_page(limit=limit, token=token, binding=binding)
    return reader.page((listing,), limit=limit, token=token, binding=binding)
