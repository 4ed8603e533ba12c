"""The meter: hooks into boto3 clients that count every request and what it costs.

Owns the tallies, and a copy of every item written, from which the units of the next write follow
and which is the stream of its table. It refuses an operation that it cannot count, and an answer
that is an error, rather than leave out what they cost.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.rollup.item_size import Item, item_bytes, read_units
from bench.tables import SPECS

_PARAMS = "bench_params"


class UnmeteredError(Exception):
    """An operation that the meter does not know, or that failed; the message names it."""


@dataclass(slots=True)
class Tally:
    """What was counted: requests by operation, units, invocations of functions."""

    dynamodb: Counter[str] = field(default_factory=Counter)
    sqs: Counter[str] = field(default_factory=Counter)
    write_units: int = 0
    read_units: float = 0.0
    invocations: int = 0


class Meter:
    """Counts what the clients that it watches are asked for, on the tally that is current."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._stored: dict[str, dict[tuple[str, ...], Item]] = {name: {} for name in SPECS}
        self._stream: dict[str, list[dict[str, Any]]] = {name: [] for name in SPECS}
        self._sent: list[dict[str, str]] = []

    def watch(self, client: Any) -> None:  # noqa: ANN401 - any service's client
        """Count the requests of a client of DynamoDB or SQS from now on."""
        service = client.meta.service_model.service_name
        client.meta.events.register(f"provide-client-params.{service}", _remember)
        client.meta.events.register(f"after-call.{service}", getattr(self, f"_after_{service}"))

    @contextmanager
    def counting_on(self, tally: Tally) -> Iterator[None]:
        """Count on another tally inside."""
        before, self.tally = self.tally, tally
        try:
            yield
        finally:
            self.tally = before

    def take_stream(self, table: str) -> list[dict[str, Any]]:
        """The records of a table's stream since the last time, in the order of the writes."""
        taken, self._stream[table] = self._stream[table], []
        return taken

    def take_messages(self) -> list[dict[str, str]]:
        """The entries sent to SQS since the last time."""
        taken, self._sent = self._sent, []
        return taken

    def _after_sqs(self, *, model: Any, context: Any, **answer: Any) -> None:  # noqa: ANN401
        self.tally.sqs[model.name] += 1
        if model.name != "SendMessageBatch" or answer["parsed"].get("Failed"):
            raise UnmeteredError(model.name)
        self._sent += context[_PARAMS]["Entries"]

    def _after_dynamodb(self, *, model: Any, context: Any, **answer: Any) -> None:  # noqa: ANN401
        self.tally.dynamodb[model.name] += 1
        parsed = answer["parsed"]
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
                    self._act(action)
            case _:
                raise UnmeteredError(model.name)

    def _read(self, item: Item, *, consistent: bool) -> None:
        self.tally.read_units += read_units(item_bytes(item), consistent=consistent)

    def _batch_read(self, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        for table, request in asked.items():
            consistent = request.get("ConsistentRead", False)
            items = parsed["Responses"].get(table, [])
            left_over = parsed.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            missing = len(request["Keys"]) - len(items) - len(left_over)
            for item in [*items, *([{}] * missing)]:
                self._read(item, consistent=consistent)

    def _act(self, action: Mapping[str, Any]) -> None:
        ((kind, told),) = action.items()
        table = told["TableName"]
        match kind:
            case "Put":
                self._write(table, told["Item"], transactional=True)
            case "Delete":
                self._remove(table, told["Key"])
            case "ConditionCheck":
                known = self._stored[table].get(SPECS[table].key_of(told["Key"]))
                self.tally.write_units += SPECS[table].units(known, known, transactional=True)
            case _:
                raise UnmeteredError(f"TransactWriteItems {kind}")

    def _write(self, table: str, item: Item, *, transactional: bool) -> None:
        key = SPECS[table].key_of(item)
        before = self._stored[table].get(key)
        self.tally.write_units += SPECS[table].units(before, item, transactional=transactional)
        self._stored[table][key] = item
        self._stream[table].append({"dynamodb": {"NewImage": dict(item)}})

    def _remove(self, table: str, key: Item) -> None:
        before = self._stored[table].pop(SPECS[table].key_of(key), None)
        self.tally.write_units += SPECS[table].units(before, None, transactional=True)
        if before is not None:
            self._stream[table].append({"dynamodb": {"Keys": dict(key)}})


def _remember(*, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    context[_PARAMS] = params
