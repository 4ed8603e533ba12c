"""Reads rows for one request: within its budget, and only what its bearer may see.

The one place that talks to the tables. Knows nothing of GraphQL; rows stay in DynamoDB's form.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from graphql_api.access.access import Access
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import OutdatedCursorError, Seal
from graphql_api.reading.item import Item
from graphql_api.reading.tables import Listing
from graphql_api.vocabulary.errors import BadLimitError, BusyError
from ingest.backoff import Backoff, pause
from ingest.names import owner_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DEFAULT_LIMIT = 100
GREATEST_LIMIT = 1_000
KEYS_PER_READ = 100
READS_PER_PAGE = 10
"""A page of 1,000 alerts takes one read; a page of rows that may not be seen could take many."""

BACKOFF = Backoff(first_s=0.05, longest_s=1.0)
"""Between batch reads that DynamoDB answers in part."""
WAITS_S = 4.0
"""The longest that a request waits in total. The function runs for up to 29 seconds."""

_BUSY = "The tables are busy: try again in a moment."
_THROTTLES = frozenset(
    {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
)


class Page(NamedTuple):
    """Some rows of a list, and the cursor of what follows, None at the end."""

    items: list[Item]
    next_token: str | None


class Reader:
    """What one request may still read. Made for each request from parts that outlive it."""

    def __init__(
        self, client: "DynamoDBClient", seal: Seal, access: Access, budget: Budget
    ) -> None:
        self.client = client
        self.seal = seal
        self.access = access
        self.budget = budget
        self._waits_s = WAITS_S

    def one(self, request: dict[str, Any]) -> Item | None:
        """Return the row that a GetItem request names, or None.

        Raises:
            BudgetError: the request as a whole has used up its reads or bytes.
            BusyError: DynamoDB throttles.
        """
        item: Item | None = self._call(self.client.get_item, request).get("Item")
        return item if item is not None and self._may_be_seen(item) else None

    def page(self, listing: Listing, *, limit: int | None, token: str | None, asked: bytes) -> Page:
        """Return up to `limit` rows that follow `token`; fewer where the bound of reads is met.

        Raises:
            BadLimitError: the limit is outside 1 to 1,000.
            BadCursorError: the token is damaged, outdated or belongs to another question.
            BudgetError: the request as a whole has used up its reads or bytes.
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
            if self.budget.reads_left == 0 or reads == READS_PER_PAGE:
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
        """Return every row of a list that is read with a query; see `pages`."""
        return [item for page in self.pages(listing) for item in page]

    def pages(self, listing: Listing) -> Iterator[list[Item]]:
        """Yield the rows of a list that is read with a query, as they come in.

        Raises:
            BudgetError: the request as a whole has used up its reads or bytes.
            BusyError: DynamoDB throttles.
        """
        is_of_one_owner = "listed" not in listing.shared
        if is_of_one_owner and not self._may_be_seen(listing.shared):
            return
        request = dict(listing.request)
        while True:
            answer = self._call(self.client.query, request)
            items = answer["Items"]
            yield items if is_of_one_owner else list(self._seen(items))
            last_key = answer.get("LastEvaluatedKey")
            if last_key is None:
                return
            request["ExclusiveStartKey"] = last_key

    def first(self, listing: Listing) -> list[Item]:
        """Return the rows of a list that one query reads: all of them where they are few.

        Raises:
            BudgetError: the request as a whole has used up its reads or bytes.
            BusyError: DynamoDB throttles.
        """
        return list(self._seen(self._call(self.client.query, listing.request)["Items"]))

    @contextmanager
    def at_most(self, reads: int) -> Iterator[None]:
        """Let no more than so many reads be made meanwhile."""
        kept = max(0, self.budget.reads_left - reads)
        self.budget.reads_left -= kept
        try:
            yield
        finally:
            self.budget.reads_left += kept

    def batch(
        self, table: str, keys: Sequence[dict[str, Any]], attributes: dict[str, Any] | None = None
    ) -> Iterator[list[Item]]:
        """Yield the rows of one table that have these keys, as far as they exist.

        `attributes` is the projection; rows of which the request may see nothing are not read.

        Raises:
            BudgetError: the request as a whole has used up its reads or bytes.
            BusyError: DynamoDB throttles.
        """
        seen = [key for key in keys if self._may_be_seen(key)] if self.access.is_limited else keys
        self.budget.expect_reads(-(-len(seen) // KEYS_PER_READ))
        for start in range(0, len(seen), KEYS_PER_READ):
            asked = {**(attributes or {}), "Keys": list(seen[start : start + KEYS_PER_READ])}
            yield from self._some(table, {table: asked})

    def _some(self, table: str, wanted: dict[str, Any]) -> Iterator[list[Item]]:
        attempt = 0
        answer = self._call(self.client.batch_get_item, {"RequestItems": wanted})
        while True:
            items = answer["Responses"].get(table, [])
            yield items
            wanted = answer.get("UnprocessedKeys", {})
            if not wanted:
                return
            # Keys are left over where DynamoDB throttles, or where the rows are over 16 MB.
            attempt = 0 if items else attempt + 1
            self._wait(attempt)
            # Not another read: the keys were counted, and a busy table is not a large question.
            answer = self._answer(self.client.batch_get_item, {"RequestItems": wanted})

    def _wait(self, attempt: int) -> None:
        if self._waits_s < BACKOFF.limit_s(attempt):
            raise BusyError(_BUSY)
        self._waits_s -= pause(BACKOFF, attempt)

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
        self.budget.take_read()
        return self._answer(method, request)

    def _answer(self, method: Callable[..., Any], request: dict[str, Any]) -> Any:  # noqa: ANN401
        try:
            answer = method(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _THROTTLES:
                raise BusyError(_BUSY) from error
            raise
        self.budget.take_bytes(_bytes_of(answer))
        return answer


def _bytes_of(answer: dict[str, Any]) -> int:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return int(headers.get("content-length", 0))


def _organisation_of(item: Item) -> str:
    """Return whose row it is; rows that no list holds, and parts of rows, have only their keys."""
    organisation = item.get("organisationName")
    return owner_of(item["repositoryName"]["S"]) if organisation is None else organisation["S"]


def _checked(limit: int | None) -> int:
    if limit is None:
        return DEFAULT_LIMIT
    if not 1 <= limit <= GREATEST_LIMIT:
        raise BadLimitError(f"limit is {limit:,}, but must be 1 to {GREATEST_LIMIT:,}.")
    return limit
