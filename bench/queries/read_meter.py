"""Counts the requests, the items and the capacity units of reads by a boto3 client.

DynamoDB charges for whole items or index entries, whatever a query projects or filters. The meter
reads them again, whole, with a client of its own. It raises on an operation that it cannot count.
"""

import re
from collections.abc import Mapping
from typing import Any

from bench.dynamodb_tables import SPECS
from bench.errors import BenchError
from bench.item_size import Item, item_bytes, read_units

_PARAMS = "bench_read_params"
_NAMES = "ExpressionAttributeNames"
_VALUES = "ExpressionAttributeValues"
_NARROWING = ("ProjectionExpression", "FilterExpression", "Select", _NAMES, _VALUES)


class UnmeteredReadError(BenchError):
    """The meter cannot count an operation; the message names it."""


class ReadMeter:
    """The counts since the last `clear`."""

    def __init__(self, unwatched: Any) -> None:  # noqa: ANN401 - a client of DynamoDB
        self._unwatched = unwatched
        self.clear()

    def clear(self) -> None:
        """Start at zero."""
        self.requests, self.items, self.units = 0, 0, 0.0

    def watch(self, client: Any) -> None:  # noqa: ANN401 - a client of DynamoDB
        """Count the requests of a client from now on."""
        client.meta.events.register("provide-client-params.dynamodb", _remember)
        client.meta.events.register("after-call.dynamodb", self._count)

    def _count(self, *, model: Any, context: Any, parsed: Any, **_: Any) -> None:  # noqa: ANN401
        params = context[_PARAMS]
        self.requests += 1
        if model.name == "Query":
            self._query(params, scanned=parsed["ScannedCount"])
        elif model.name == "GetItem":
            self._get(params["TableName"], params["Key"], params)
        elif model.name == "BatchGetItem":
            for table, request in params["RequestItems"].items():
                for key in request["Keys"]:
                    self._get(table, key, request)
        else:
            raise UnmeteredReadError(model.name)

    def _get(self, table: str, key: Item, request: Mapping[str, Any]) -> None:
        """Add the read of one item, which is rounded up by itself."""
        item = self._unwatched.get_item(TableName=table, Key=key).get("Item", {})
        self.items += 1
        self.units += read_units(item_bytes(item), consistent=request.get("ConsistentRead", False))

    def _query(self, params: dict[str, Any], *, scanned: int) -> None:
        """Add a query: the sizes of all items that it reads are added, then rounded up."""
        items: list[Item] = []
        if scanned:
            items = self._unwatched.query(**_whole(params), Limit=scanned)["Items"]
        if len(items) != scanned:
            raise UnmeteredReadError(f"Query of {scanned} items, {len(items)} when repeated")
        spec, index = SPECS[params["TableName"]], params.get("IndexName")
        entries = [spec.indexes[index].entry(one, spec.keys) if index else one for one in items]
        size_bytes = sum(item_bytes(entry) for entry in entries if entry)
        self.items += scanned
        self.units += read_units(size_bytes, consistent=params.get("ConsistentRead", False))


def _whole(params: dict[str, Any]) -> dict[str, Any]:
    """Return a query for the same items with all attributes, without a limit."""
    used = re.findall(r"[#:]\w+", params["KeyConditionExpression"])
    kept = {name: value for name, value in params.items() if name not in (*_NARROWING, "Limit")}
    for name in (_NAMES, _VALUES):
        if some := {one: value for one, value in params.get(name, {}).items() if one in used}:
            kept[name] = some
    return kept


def _remember(*, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    context[_PARAMS] = params
