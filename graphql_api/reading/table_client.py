"""DynamoDB for one request: every read is counted in the budget, and throttling is one error.

Owns the calls to the tables and the backoff of batch reads. It does not filter rows: `reader` does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.budget import Budget
from graphql_api.vocabulary.errors import BusyError
from ingest.backoff import Backoff, pause

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEYS_PER_READ = 100
"""The most keys of one batch read."""
BACKOFF = Backoff(first_s=0.05, longest_s=1.0)
"""The backoff between batch reads of which DynamoDB leaves keys unprocessed."""
MAX_WAIT_S = 4.0
"""The longest total wait of a request. The function runs for up to 29 seconds."""

_BUSY = "The tables are busy: try again in a moment."
_THROTTLES = frozenset(
    {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
)

Response = dict[str, Any]


class TableClient:
    """A client for one request. Each method raises BudgetError and BusyError.

    BudgetError: the request has used up its reads or bytes. BusyError: DynamoDB throttles. Other
    errors of DynamoDB pass through.
    """

    def __init__(self, client: "DynamoDBClient", budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._wait_left_s = MAX_WAIT_S

    def get_item(self, request: Mapping[str, Any]) -> Response:
        """Return the response to a GetItem request."""
        return self._read(self._client.get_item, request)

    def query(self, request: Mapping[str, Any]) -> Response:
        """Return the response to a Query request."""
        return self._read(self._client.query, request)

    def scan(self, request: Mapping[str, Any]) -> Response:
        """Return the response to a Scan request."""
        return self._read(self._client.scan, request)

    def batch(
        self, table: str, keys: Sequence[Mapping[str, Any]], attributes: Mapping[str, Any]
    ) -> Iterator[list[Item]]:
        """Yield the rows of one table with these keys, without keys that do not exist.

        Args:
            table: The name of the table.
            keys: The primary keys.
            attributes: The projection; empty to read whole rows.
        """
        self._budget.expect_reads(-(-len(keys) // KEYS_PER_READ))
        for start in range(0, len(keys), KEYS_PER_READ):
            selected = {**attributes, "Keys": list(keys[start : start + KEYS_PER_READ])}
            yield from self._until_complete(table, {table: selected})

    def _until_complete(self, table: str, wanted: dict[str, Any]) -> Iterator[list[Item]]:
        attempt = 0
        response = self._read(self._client.batch_get_item, {"RequestItems": wanted})
        while True:
            items = response["Responses"].get(table, [])
            yield items
            wanted = response.get("UnprocessedKeys", {})
            if not wanted:
                return
            # DynamoDB leaves keys unprocessed if it throttles, or if the rows exceed 16 MB.
            attempt = 0 if items else attempt + 1
            self._wait(attempt)
            # A repeated read does not count again, since its keys were counted the first time.
            response = self._call(self._client.batch_get_item, {"RequestItems": wanted})

    def _wait(self, attempt: int) -> None:
        if self._wait_left_s < BACKOFF.limit_s(attempt):
            raise BusyError(_BUSY)
        self._wait_left_s -= pause(BACKOFF, attempt)

    def _read(self, operation: Callable[..., Any], request: Mapping[str, Any]) -> Response:
        self._budget.take_read()
        return self._call(operation, request)

    def _call(self, operation: Callable[..., Any], request: Mapping[str, Any]) -> Response:
        try:
            response: Response = operation(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] in _THROTTLES:
                raise BusyError(_BUSY) from error
            raise
        self._budget.take_bytes(_bytes_of(response))
        return response


def _bytes_of(response: Response) -> int:
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return int(headers.get("content-length", 0))
