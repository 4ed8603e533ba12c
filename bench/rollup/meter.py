"""The meter: hooks into boto3 clients that count requests and capacity units.

Owns the tallies, and a copy of each written item. The units of the next write follow from that
copy, and the stream of a table consists of such copies. The meter never ignores an operation that
it cannot count, or a response with an error: it raises.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.dynamodb_tables import SPECS
from bench.errors import BenchError
from bench.item_size import Item, item_bytes, read_units, write_units

_PARAMS = "bench_params"


class UnmeteredError(BenchError):
    """The meter cannot count an operation, or the operation failed; the message names it."""


@dataclass(slots=True)
class Tally:
    """Counts of requests by operation, of capacity units and of invocations."""

    dynamodb: Counter[str] = field(default_factory=Counter)
    sqs: Counter[str] = field(default_factory=Counter)
    write_units: int = 0
    read_units: float = 0.0
    invocations: int = 0


class Meter:
    """A counter of the requests of the clients that it watches, on the current tally."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._stored: dict[str, dict[tuple[str, ...], Item]] = {name: {} for name in SPECS}
        self._stream: dict[str, list[dict[str, Any]]] = {name: [] for name in SPECS}
        self._sent: list[dict[str, str]] = []

    def watch(self, client: Any) -> None:  # noqa: ANN401 - any service's client
        """Count the requests of a client of DynamoDB or SQS from now on.

        A request that cannot be counted raises `UnmeteredError`.
        """
        service = client.meta.service_model.service_name
        client.meta.events.register(f"provide-client-params.{service}", _remember)
        client.meta.events.register(f"after-call.{service}", getattr(self, f"_after_{service}"))

    @contextmanager
    def counting_on(self, tally: Tally) -> Iterator[None]:
        """Use another tally inside the context."""
        before, self.tally = self.tally, tally
        try:
            yield
        finally:
            self.tally = before

    def take_stream(self, table: str) -> list[dict[str, Any]]:
        """Return the records of a table's stream since the last call, in order."""
        taken, self._stream[table] = self._stream[table], []
        return taken

    def take_messages(self) -> list[dict[str, str]]:
        """Return the entries sent to SQS since the last call."""
        taken, self._sent = self._sent, []
        return taken

    def _after_sqs(self, *, model: Any, context: Any, **response: Any) -> None:  # noqa: ANN401
        self.tally.sqs[model.name] += 1
        if model.name != "SendMessageBatch" or response["parsed"].get("Failed"):
            raise UnmeteredError(model.name)
        self._sent += context[_PARAMS]["Entries"]

    def _after_dynamodb(self, *, model: Any, context: Any, **response: Any) -> None:  # noqa: ANN401
        self.tally.dynamodb[model.name] += 1
        parsed = response["parsed"]
        if "Error" in parsed:
            raise UnmeteredError(f"{model.name}: {parsed['Error']}")
        params = context[_PARAMS]
        match model.name:
            case "GetItem":
                self._read(parsed.get("Item", {}), consistent=params.get("ConsistentRead", False))
            case "BatchGetItem":
                self._batch_read(params["RequestItems"], parsed)
            case "PutItem":
                self._write(params["TableName"], params["Item"], transactional=False)
            case "TransactWriteItems":
                for action in params["TransactItems"]:
                    ((kind, put),) = action.items()
                    if kind == "Put":
                        self._write(put["TableName"], put["Item"], transactional=True)
                    elif kind == "ConditionCheck":
                        self._check(put["TableName"], put["Key"])
                    else:
                        raise UnmeteredError(f"TransactWriteItems {kind}")
            case _:
                raise UnmeteredError(model.name)

    def _read(self, item: Item, *, consistent: bool) -> None:
        self.tally.read_units += read_units(item_bytes(item), consistent=consistent)

    def _batch_read(self, requests: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        for table, request in requests.items():
            consistent = request.get("ConsistentRead", False)
            items = parsed["Responses"].get(table, [])
            unprocessed = parsed.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            missing = len(request["Keys"]) - len(items) - len(unprocessed)
            for item in [*items, *([{}] * missing)]:
                self._read(item, consistent=consistent)

    def _check(self, table: str, key: Item) -> None:
        """Count a check of a condition, which costs as much as a write of the item."""
        item = self._stored[table].get(SPECS[table].key_of(key))
        size_bytes = item_bytes(item or {})
        self.tally.write_units += 2 * write_units(size_bytes)

    def _write(self, table: str, item: Item, *, transactional: bool) -> None:
        key = SPECS[table].key_of(item)
        before = self._stored[table].get(key)
        self.tally.write_units += SPECS[table].units(before, item, transactional=transactional)
        self._stored[table][key] = item
        self._stream[table].append({"dynamodb": {"NewImage": dict(item)}})


def _remember(*, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    context[_PARAMS] = params
