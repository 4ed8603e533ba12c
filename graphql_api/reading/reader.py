"""Rows for one request: single rows, pages and whole lists that its API key may read.

Owns the pages of lists and the check of each row against the access of the key. Never depends on
GraphQL; rows keep DynamoDB's form.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from graphql_api.access.access import Access
from graphql_api.reading.attribute_values import Item
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import CursorCodec, OutdatedCursorError
from graphql_api.reading.table_client import Response, TableClient
from graphql_api.reading.tables import Listing
from graphql_api.vocabulary.errors import BadLimitError
from ingest.names import owner_of
from rollup.rows import attributes as names

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000
READS_PER_PAGE = 10
"""A page of 1,000 alerts takes one read. A page of mostly hidden rows can take many."""


class Page(NamedTuple):
    """Some rows of a list, and the cursor of the next page; None at the end of the list."""

    items: list[Item]
    next_token: str | None


class Reader:
    """The reads of one request, within its budget and the access of its API key.

    Every method that reads raises BudgetError if the request has used up its reads or bytes, and
    BusyError if DynamoDB throttles.
    """

    def __init__(
        self, client: "DynamoDBClient", cursors: CursorCodec, access: Access, budget: Budget
    ) -> None:
        self.client = client
        self.cursors = cursors
        self.access = access
        self.budget = budget
        self._tables = TableClient(client, budget)

    def one(self, request: dict[str, Any]) -> Item | None:
        """Return the row of a GetItem request, or None if it does not exist or is hidden."""
        if not self._is_readable(request["Key"]):
            return None
        item: Item | None = self._tables.get_item(request).get("Item")
        return item

    def page(
        self, listings: Iterable[Listing], *, limit: int | None, token: str | None, binding: bytes
    ) -> Page:
        """Return up to `limit` rows after a cursor; fewer if the page reaches its limit of reads.

        Args:
            listings: One list, or several that follow each other. The first one is the list in
                which the cursor is.
            limit: The most rows of the page; None for DEFAULT_LIMIT.
            token: The cursor of the previous page, or None for the first page.
            binding: The binding of the list's cursors, see `cursor.binding_of`.

        Raises:
            BadLimitError: The limit is outside 1 to 1,000.
            BadCursorError: The token is damaged, outdated or bound to another list.
        """
        limit = checked_limit(limit)
        start = () if token is None else self.cursors.decode(token, binding=binding).position
        items: list[Item] = []
        reads = 0
        for listing in filter(self._may_read, listings):
            earlier = len(items)
            if self._must_end(reads):
                return Page(items, self._cursor(listing, (), binding))
            request = dict(listing.request)
            if start:
                request["ExclusiveStartKey"] = listing.start_after(start)
            # DynamoDB applies a filter after its limit, so a selective list reads whole pages.
            # Without a filter, one row more than the limit shows whether another row follows.
            if not listing.is_selective:
                request["Limit"] = limit + 1 - earlier
            while True:
                response = self._read(listing, request, is_cursor=bool(start))
                reads, start = reads + 1, ()
                items += self._readable(_of(listing, response["Items"]))
                if len(items) > limit:
                    last = listing.position_of(items[limit - 1]) if limit > earlier else ()
                    return Page(items[:limit], self._cursor(listing, last, binding))
                last_key: Item | None = response.get("LastEvaluatedKey")
                if last_key is None:
                    break
                if self._must_end(reads):
                    position = listing.position_of(last_key)
                    return Page(items, self._cursor(listing, position, binding))
                request["ExclusiveStartKey"] = last_key
                if not listing.is_selective:
                    request["Limit"] = MAX_LIMIT
        return Page(items, None)

    def _must_end(self, reads: int) -> bool:
        return reads > 0 and (self.budget.reads_left == 0 or reads == READS_PER_PAGE)

    def _read(self, listing: Listing, request: Mapping[str, Any], *, is_cursor: bool) -> Response:
        read = self._tables.query if listing.operation == "query" else self._tables.scan
        try:
            return read(request)
        except ClientError as error:
            # DynamoDB refuses a position outside of the keys that the request selects.
            if is_cursor and error.response["Error"]["Code"] == "ValidationException":
                raise OutdatedCursorError from error
            raise

    def _cursor(self, listing: Listing, position: tuple[str, ...], binding: bytes) -> str:
        return self.cursors.encode(position, binding=binding, kept=listing.kept)

    def cursor_after(self, listing: Listing, item: Item, *, binding: bytes) -> str:
        """Return the cursor of the rows that follow a row of a list."""
        return self._cursor(listing, listing.position_of(item), binding)

    def empty_page(self, *, limit: int | None, token: str | None, binding: bytes) -> Page:
        """Return the page of a list that cannot have any rows, without a read.

        Raises:
            BadLimitError: The limit is outside 1 to 1,000.
            BadCursorError: The token is damaged or bound to another list.
        """
        checked_limit(limit)
        if token is not None:
            self.cursors.decode(token, binding=binding)
        return Page([], None)

    def all(self, listing: Listing) -> list[Item]:
        """Return all rows of a list that is read with a query."""
        return [item for page in self.pages(listing) for item in page]

    def pages(self, listing: Listing) -> Iterator[list[Item]]:
        """Yield all rows of a list that is read with a query, as DynamoDB returns them."""
        if not self._may_read(listing):
            return
        request = dict(listing.request)
        while True:
            response = self._tables.query(request)
            yield _of(listing, response["Items"])
            last_key = response.get("LastEvaluatedKey")
            if last_key is None:
                return
            request["ExclusiveStartKey"] = last_key

    def first(self, listing: Listing) -> list[Item]:
        """Return the rows of a list that one query reads; of a short list, these are all rows."""
        if not self._may_read(listing):
            return []
        items: list[Item] = self._tables.query(listing.request)["Items"]
        return items

    @contextmanager
    def at_most(self, reads: int) -> Iterator[None]:
        """Limit the number of reads inside a `with` block."""
        reserved = max(0, self.budget.reads_left - reads)
        self.budget.reads_left -= reserved
        try:
            yield
        finally:
            self.budget.reads_left += reserved

    def batch(
        self, table: str, keys: Sequence[dict[str, Any]], attributes: dict[str, Any] | None = None
    ) -> Iterator[list[Item]]:
        """Yield the rows of one table with these keys, without keys that do not exist.

        Keys of hidden rows are not read. `attributes` is the projection; None reads whole rows.
        """
        readable = list(self._readable(keys)) if self.access.is_limited else keys
        yield from self._tables.batch(table, readable, attributes or {})

    def _may_read(self, listing: Listing) -> bool:
        """Return whether the key can read the rows of a list, without a read."""
        if listing.organisation is not None:
            return self.access.may_read(listing.organisation)
        if self.access.is_limited:
            raise AssertionError("A limited key reads the list of one organisation at a time.")
        return True

    def _readable(self, items: Iterable[Item]) -> Iterable[Item]:
        return filter(self._is_readable, items) if self.access.is_limited else items

    def _is_readable(self, item: Item) -> bool:
        return self.access.may_read(_organisation_of(item))


def _of(listing: Listing, items: list[Item]) -> list[Item]:
    return items if listing.accepts is None else list(filter(listing.accepts, items))


def _organisation_of(item: Item) -> str:
    """Return the organisation of a row. Parts, and rows outside of all indexes, have only keys."""
    organisation = item.get(names.ORGANISATION_NAME)
    if organisation is not None:
        return str(organisation["S"])
    return owner_of(item[names.REPOSITORY_NAME]["S"])


def checked_limit(limit: int | None) -> int:
    """Return the most rows of a page.

    Raises:
        BadLimitError: The limit is outside 1 to 1,000.
    """
    if limit is None:
        return DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise BadLimitError(f"limit is {limit:,}, but must be 1 to {MAX_LIMIT:,}.")
    return limit
