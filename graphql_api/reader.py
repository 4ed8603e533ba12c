"""Reads rows for one request: within its bound of reads, and only what its bearer may see.

The one place that talks to the tables. Knows nothing of GraphQL; rows stay in DynamoDB's form.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from graphql_api.access import Access
from graphql_api.cursor import OutdatedCursorError, Seal
from graphql_api.errors import BadLimitError, BusyError, TooManyReadsError
from graphql_api.item import Item
from graphql_api.tables import Listing
from ingest.names import owner_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DEFAULT_LIMIT = 100
GREATEST_LIMIT = 1_000
READS_PER_REQUEST = 100
KEYS_PER_READ = 100
READS_PER_PAGE = 10
"""A page of 1,000 alerts takes one read; a page of rows that may not be seen could take many."""

_THROTTLES = frozenset(
    {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
)


class Page(NamedTuple):
    """Some rows of a list, and the cursor of what follows, None at the end."""

    items: list[Item]
    next_token: str | None


class Reader:
    """What one request may still read. Made for each request from parts that outlive it."""

    def __init__(self, client: "DynamoDBClient", seal: Seal, access: Access) -> None:
        self.client = client
        self.seal = seal
        self.access = access
        self.reads_left = READS_PER_REQUEST

    def one(self, request: dict[str, Any]) -> Item | None:
        """Return the row that a GetItem request names, or None.

        Raises:
            TooManyReadsError: the request as a whole has used up its reads.
            BusyError: DynamoDB throttles.
        """
        item: Item | None = self._call(self.client.get_item, request).get("Item")
        return item if item is not None and self._may_be_seen(item) else None

    def page(self, listing: Listing, *, limit: int | None, token: str | None, asked: bytes) -> Page:
        """Return up to `limit` rows that follow `token`; fewer where the bound of reads is met.

        Raises:
            BadLimitError: the limit is outside 1 to 1,000.
            BadCursorError: the token is damaged, outdated or belongs to another question.
            TooManyReadsError: the request as a whole has used up its reads.
            BusyError: DynamoDB throttles.
        """
        limit = _checked(limit)
        request = dict(listing.request)
        if token is not None:
            position = self.seal.open(token, asked=asked).position
            request["ExclusiveStartKey"] = listing.start_after(position)
        method = self.client.query if listing.operation == "query" else self.client.scan
        items: list[Item] = []
        for reads in range(1, READS_PER_PAGE + 1):
            # A filter is applied to what was read: a selective one needs whole pages of DynamoDB's.
            # Without one, one row more than wanted tells whether anything follows.
            if not listing.is_selective:
                request["Limit"] = limit + 1 - len(items) if reads == 1 else GREATEST_LIMIT
            answer = self._from(method, request, is_cursor=token is not None and reads == 1)
            items += self._seen(answer["Items"])
            if len(items) > limit:
                last = listing.place_of(items[limit - 1])
                return Page(items[:limit], self._cursor(listing, last, asked))
            last_key: Item | None = answer.get("LastEvaluatedKey")
            if last_key is None:
                return Page(items, None)
            if self.reads_left == 0 or reads == READS_PER_PAGE:
                return Page(items, self._cursor(listing, listing.place_of(last_key), asked))
            request["ExclusiveStartKey"] = last_key
        raise AssertionError("unreachable")  # pragma: no cover

    def _cursor(self, listing: Listing, position: tuple[str, ...], asked: bytes) -> str:
        return self.seal.close(position, asked=asked, kept=listing.kept)

    def empty_page(self, *, limit: int | None, token: str | None, asked: bytes) -> Page:
        """Return the page of a list that cannot have rows, without a read.

        Raises:
            BadLimitError: the limit is outside 1 to 1,000.
            BadCursorError: there is a token, which is damaged or belongs to another question.
        """
        _checked(limit)
        if token is not None:
            self.seal.open(token, asked=asked)
        return Page([], None)

    def all(self, listing: Listing) -> list[Item]:
        """Return every row of a list that is read with a query.

        Raises:
            TooManyReadsError: the request as a whole has used up its reads.
            BusyError: DynamoDB throttles.
        """
        request = dict(listing.request)
        items: list[Item] = []
        while True:
            answer = self._call(self.client.query, request)
            items += self._seen(answer["Items"])
            last_key = answer.get("LastEvaluatedKey")
            if last_key is None:
                return items
            request["ExclusiveStartKey"] = last_key

    def first(self, listing: Listing) -> list[Item]:
        """Return the rows of a list that one query reads: all of them where they are few.

        Raises:
            TooManyReadsError: the request as a whole has used up its reads.
            BusyError: DynamoDB throttles.
        """
        return list(self._seen(self._call(self.client.query, listing.request)["Items"]))

    @contextmanager
    def at_most(self, reads: int) -> Iterator[None]:
        """Let no more than so many reads be made meanwhile."""
        kept = max(0, self.reads_left - reads)
        self.reads_left -= kept
        try:
            yield
        finally:
            self.reads_left += kept

    def batch(self, table: str, keys: Sequence[dict[str, Any]]) -> list[Item]:
        """Return the rows of one table that have these keys, as far as they exist.

        Raises:
            TooManyReadsError: the request as a whole has used up its reads.
            BusyError: DynamoDB throttles.
        """
        items: list[Item] = []
        for start in range(0, len(keys), KEYS_PER_READ):
            wanted: dict[str, Any] = {table: {"Keys": list(keys[start : start + KEYS_PER_READ])}}
            while wanted:
                answer = self._call(self.client.batch_get_item, {"RequestItems": wanted})
                items += self._seen(answer["Responses"].get(table, ()))
                wanted = answer.get("UnprocessedKeys", {})
        return items

    def _seen(self, items: Iterable[Item]) -> Iterable[Item]:
        return filter(self._may_be_seen, items) if self.access.is_limited else items

    def _may_be_seen(self, item: Item) -> bool:
        return self.access.may_read(_organisation_of(item))

    def _from(self, method: Callable[..., Any], request: dict[str, Any], *, is_cursor: bool) -> Any:  # noqa: ANN401
        try:
            return self._call(method, request)
        except ClientError as error:
            # DynamoDB refuses a position outside of the keys that are asked for.
            if is_cursor and error.response["Error"]["Code"] == "ValidationException":
                raise OutdatedCursorError from error
            raise

    def _call(self, method: Callable[..., Any], request: dict[str, Any]) -> Any:  # noqa: ANN401
        if self.reads_left == 0:
            raise TooManyReadsError(
                f"One request may read the tables {READS_PER_REQUEST} times: ask for less at once."
            )
        self.reads_left -= 1
        try:
            return method(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _THROTTLES:
                raise BusyError("The tables are busy: try again in a moment.") from error
            raise


def _organisation_of(item: Item) -> str:
    """Return whose row it is; rows that no list holds, and parts of rows, have only their keys."""
    organisation = item.get("organisationName")
    return owner_of(item["repositoryName"]["S"]) if organisation is None else organisation["S"]


def _checked(limit: int | None) -> int:
    if limit is None:
        return DEFAULT_LIMIT
    if not 1 <= limit <= GREATEST_LIMIT:
        raise BadLimitError(f"limit must be 1 to {GREATEST_LIMIT:,}.")
    return limit
