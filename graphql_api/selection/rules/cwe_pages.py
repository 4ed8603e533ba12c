"""Pages of the alerts whose rules have some CWEs.

Owns the search: no index contains CWEs, so it reads the alerts of the list, and then the tags of
their rules, a hundred at a time. A page searches at most a thousand alerts, so it can have fewer
rows than its limit, or none, and still have a next page.
"""

from collections.abc import Sequence

from graphql_api.reading.alert_details import DetailsOfPage
from graphql_api.reading.attribute_values import Item
from graphql_api.reading.reader import MAX_LIMIT, Page, Reader, checked_limit
from graphql_api.reading.table_client import KEYS_PER_READ
from graphql_api.reading.tables import Listing
from graphql_api.vocabulary.cwe import checked_cwe, cwes_of
from graphql_api.vocabulary.lists import distinct, limited

SEARCHED_PER_PAGE = MAX_LIMIT
"""The most alerts that one page searches."""


def checked_cwes(values: Sequence[str] | None, argument: str) -> tuple[str, ...] | None:
    """Return the distinct CWEs of an argument in the form `CWE-79`, or None if it is absent.

    Raises:
        EmptyListError: The list is empty.
        BadCweError: A value is not a CWE.
        BadNameError: The list has over 50 CWEs.
    """
    texts = distinct(values, argument)
    if texts is None:
        return None
    return limited(tuple(dict.fromkeys(checked_cwe(text, argument) for text in texts)), argument)


def page_with_cwes(  # noqa: PLR0913
    reader: Reader,
    listing: Listing,
    details: DetailsOfPage,
    cwes: Sequence[str],
    *,
    limit: int,
    token: str | None,
    binding: bytes,
) -> Page:
    """Return up to `limit` rows after a cursor that have one of the CWEs.

    Args:
        reader: Reads the list.
        listing: The list of the alerts to search.
        details: Reads the tags. Afterwards it contains the details of all rows of the page.
        cwes: The CWEs, in the form `CWE-79`.
        limit: The most rows of the page.
        token: The cursor of the previous page, or None for the first page.
        binding: The binding of the list's cursors, see `cursor.binding_of`.

    Raises:
        BadLimitError: The limit is outside 1 to 1,000.
        BadCursorError: The token is damaged, outdated or bound to another list.
        BudgetError: The request has used up its reads or bytes.
        BusyError: DynamoDB throttles the reads.
    """
    limit, wanted = checked_limit(limit), frozenset(cwes)
    searched = reader.page((listing,), limit=SEARCHED_PER_PAGE, token=token, binding=binding)
    found: list[Item] = []
    for start in range(0, len(searched.items), KEYS_PER_READ):
        some = searched.items[start : start + KEYS_PER_READ]
        details.read(some)
        found += [
            item for item in some if wanted.intersection(cwes_of(details.of(item).details.tags))
        ]
        if len(found) > limit:
            rows = found[:limit]
            return Page(rows, reader.cursor_after(listing, rows[-1], binding=binding))
    return Page(found, searched.next_token)
