"""DynamoDB over HTTP on loopback, for the reads of overviews and alerts of one workload.

Owns pages of 1 MB (by the size of the items, or of their parts in an index), key conditions on a
period, projections, and counts of the reads. It runs in a process of its own, so that its work does
not count as the query's.
"""

import base64
import json
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.dynamodb_tables import REPOSITORIES, REPOSITORY_OVERVIEW, SPECS
from bench.item_size import item_bytes
from bench.large import alerts
from bench.large.facts import facts_row
from bench.large.rows import LOGIN, MODELS, NAME, Item, Workload
from bench.query_function import KEY
from graphql_api.access.key_store import hash_of
from ingest.repositories.attributes import BY_ORGANISATION, KEY_NAME, ORGANISATION_NAME
from ingest.repositories.attributes import KEY as KEY_OF_REPOSITORY

PAGE_BYTES = 1_048_576
ORGANISATIONS = 12
_OTHER_LOGINS = [f"org-{number:03}" for number in range(1, ORGANISATIONS)]


class Tables:
    """The tables with the rows of a workload, and counts of their reads."""

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self._index_of = {workload.name(n): n for n in range(workload.repositories)}
        self._names = list(self._index_of)
        self._periods_of = [frozenset(workload.periods(model)) for model in range(MODELS)]
        self._periods = workload.organisation_periods
        self.reads = {"reads": 0, "bytes": 0}

    def respond(self, operation: str, request: Mapping[str, Any]) -> bytes:
        """Return the body of the response to a request."""
        body = self._response(operation, request)
        if request.get("TableName") != "AccessKeys":
            self.reads["reads"] += 1
            self.reads["bytes"] += len(body)
        return body.encode()

    def _response(self, operation: str, request: Mapping[str, Any]) -> str:
        match operation, request.get("TableName"):
            case "GetItem", "AccessKeys":
                key = {"keyHash": {"S": hash_of(KEY)}, "name": {"S": "bench"}}
                return json.dumps({"Item": {**key, "createdAt": {"S": "2026-11-01"}}})
            case "Query", "OrganisationOverview" if request.get("IndexName") == "listed":
                names = [LOGIN, *_OTHER_LOGINS]
                return json.dumps({"Items": [_organisation(name) for name in names]})
            case "Query", "AllEvents":
                return alerts.page(request)
            case "Query", "Repositories":
                return self._page_of_facts(request)
            case "Query", _:
                return self._page(request)
            case "BatchGetItem", _:
                return self._batch(request["RequestItems"])
        raise LookupError(operation)

    def _batch(self, requests: Mapping[str, Any]) -> str:
        found: dict[str, str] = {}
        for table, request in requests.items():
            if table == "AllEvents":
                found[table] = alerts.details(request["Keys"])
                continue
            names = _projected(request)
            keys = [(key["repositoryName"]["S"], key["period"]["S"]) for key in request["Keys"]]
            texts = [
                self._text(name, period, names)
                for name, period in keys
                if self._has_row(name, period)
            ]
            found[table] = "[" + ",".join(texts) + "]"
        responses = ",".join(f'"{table}":{items}' for table, items in found.items())
        return f'{{"Responses":{{{responses}}},"UnprocessedKeys":{{}}}}'

    def _page(self, request: Mapping[str, Any]) -> str:
        names, index = _projected(request), request.get("IndexName")
        texts: list[str] = []
        size = 0
        for name, period in self._keys(request):
            texts.append(self._text(name, period, names))
            size += self._size(name, period, index)
            if size > PAGE_BYTES:
                last = json.dumps(_last_key(name, period))
                return f'{{"Items":[{",".join(texts)}],"LastEvaluatedKey":{last}}}'
        return f'{{"Items":[{",".join(texts)}]}}'

    def _page_of_facts(self, request: Mapping[str, Any]) -> str:
        spec, names = SPECS[REPOSITORIES], _projected(request)
        start = request.get("ExclusiveStartKey", {}).get("keyName", {}).get("S")
        texts: list[str] = []
        size = 0
        for number in range(0 if start is None else self._index_of[start] + 1, len(self._names)):
            item = facts_row(number, self._names[number])
            texts.append(_as_text(item, names))
            size += item_bytes(spec.indexes[BY_ORGANISATION].entry(item, spec.keys) or {})
            if size > PAGE_BYTES:
                keys = (KEY_OF_REPOSITORY, ORGANISATION_NAME, KEY_NAME)
                last = json.dumps({name: item[name] for name in keys})
                return f'{{"Items":[{",".join(texts)}],"LastEvaluatedKey":{last}}}'
        return f'{{"Items":[{",".join(texts)}]}}'

    def _keys(self, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        values = request["ExpressionAttributeValues"]
        start = request.get("ExclusiveStartKey", {})
        first, last = values[":first"]["S"], values[":last"]["S"]
        after = (start.get("period", {}).get("S", ""), start.get("repositoryName", {}).get("S", ""))
        for period in self._periods[bisect_left(self._periods, max(first, after[0])) :]:
            if period > last:
                return
            if request["TableName"] == "OrganisationOverview":
                if period != after[0]:
                    yield values[":name"]["S"], period
            elif request.get("IndexName"):
                at = self._index_of[after[1]] + 1 if period == after[0] else 0
                for number in range(at, len(self._names)):
                    if period in self._periods_of[number % MODELS]:
                        yield self._names[number], period
            elif period != after[0] and self._has_row(values[":name"]["S"], period):
                yield values[":name"]["S"], period

    def _has_row(self, name: str, period: str) -> bool:
        return name in self._index_of and period in self._periods_of[self._index_of[name] % MODELS]

    def _text(self, name: str, period: str, names: tuple[str, ...] | None) -> str:
        if "/" not in name:
            return self._organisation_text(period, names).replace(f'"{LOGIN}"', f'"{name}"', 1)
        return self._model_text(self._index_of[name] % MODELS, period, names).replace(NAME, name)

    @cache  # noqa: B019
    def _organisation_text(self, period: str, names: tuple[str, ...] | None) -> str:
        return _as_text(self._workload.organisation_row(period), names)

    @cache  # noqa: B019
    def _model_text(self, model: int, period: str, names: tuple[str, ...] | None) -> str:
        return _as_text(self._workload.row(model, period), names)

    def _size(self, name: str, period: str, index: str | None) -> int:
        if "/" not in name:
            return item_bytes(self._workload.organisation_row(period))
        return self._model_size(self._index_of[name] % MODELS, period, index)

    @cache  # noqa: B019
    def _model_size(self, model: int, period: str, index: str | None) -> int:
        spec, item = SPECS[REPOSITORY_OVERVIEW], self._workload.row(model, period)
        if index is None:
            return item_bytes(item)
        return item_bytes(spec.indexes[index].entry(item, spec.keys) or {})


def _organisation(name: str) -> Item:
    """Return an entry of the index of organisations."""
    spelling = {"organisationSpelling": {"S": name}}
    return {"organisationName": {"S": name}, "period": {"S": "ALL"}, **spelling}


def _last_key(name: str, period: str) -> Item:
    key = {"period": {"S": period}, "organisationName": {"S": LOGIN}}
    return key if "/" not in name else {**key, "repositoryName": {"S": name}}


def _projected(request: Mapping[str, Any]) -> tuple[str, ...] | None:
    expression = request.get("ProjectionExpression")
    if expression is None:
        return None
    names = request.get("ExpressionAttributeNames", {})
    return tuple(names.get(one.strip(), one.strip()) for one in expression.split(","))


def _as_text(item: Item, names: Iterable[str] | None) -> str:
    kept = item if names is None else {name: item[name] for name in names if name in item}

    def as_text(value: bytes) -> str:
        return base64.b64encode(value).decode()

    return json.dumps(kept, default=as_text, separators=(",", ":"))


def serve(workload: Workload) -> None:
    """Print the port, then serve until the process ends."""
    tables = Tables(workload)

    class Endpoint(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Respond to a request of DynamoDB's client, or to `TakeReads`."""
            operation = self.headers["x-amz-target"].partition(".")[2]
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if operation == "TakeReads":
                body = json.dumps(tables.reads).encode()
                tables.reads = dict.fromkeys(tables.reads, 0)
            else:
                body = tables.respond(operation, request)
            self.send_response(200)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(Workload(int(sys.argv[1]), int(sys.argv[2])))
