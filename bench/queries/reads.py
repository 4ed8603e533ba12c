"""The reads of a query as the tables grow: requests and items, over tables with indexes (moto).

They must not grow: a list is a query on a key or an index, and a number is a stored sum. The alerts
are spread over a year and 40 repositories. Two of three are fixed.
"""

import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from bench import dynamodb_tables as tables
from bench.queries.read_meter import ReadMeter
from bench.query_function import CONTEXT, ENVIRONMENT, KEY, gateway_event
from bench.report import Table, Value
from bench.workload import ORGANISATION, TODAY, created, fixed
from graphql_api import query_handler
from graphql_api.access.key_store import hash_of
from ingest.alerts import alert_row
from ingest.alerts.alert_row import AlertRow
from ingest.alerts.change import change_of
from rollup.metrics.counts import Counts
from rollup.rows.contribution import AlertContribution
from rollup.rows.overview_row import ORGANISATION as ORGANISATION_LEVEL
from rollup.rows.overview_row import REPOSITORY, Level, OverviewRow, to_items
from rollup.rows.row_key import RowKey
from rollup.rows.spelling import Spelling

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ALERTS = (100, 1_000, 4_000)
"""The last one is the table whose read units the cost page uses."""
REPOSITORIES = 40
_YEAR_MINUTES = 365 * 24 * 60

_OF = f'organisation(name: "{ORGANISATION}")'
QUERIES: Mapping[str, str] = {
    "50 open alerts": f"{{ {_OF} {{ alerts(state: OPEN, limit: 50) {{ data {{ id }} }} }} }}",
    "a year by month": f"{{ {_OF} {{ metrics {{ closed openAtEnd }} }} }}",
    "worst repositories": (
        f'{{ {_OF} {{ metrics(from: "now/Q", interval: TOTAL, groupBy: REPOSITORY, '
        "top: {groups: 5, by: MEDIAN_TIME_TO_REMEDIATE}) { group closed } } }"
    ),
}


def reads() -> Table:
    """Return the reads of each query, by the number of stored alerts."""
    rows: list[dict[str, Value]] = [
        {"query": query, "alerts": alerts, **counted}
        for alerts in ALERTS
        for query, counted in reads_with(alerts).items()
    ]
    return Table(
        title="Query: reads as the tables grow",
        note="Requests to DynamoDB, the items that they read, and read units. alerts: stored alerts"
        " of a year.",
        rows=sorted(rows, key=lambda row: str(row["query"])),
    )


def reads_with(alerts: int) -> dict[str, dict[str, int | float]]:
    """Return the requests, the items and the read units (RCU) of each query."""
    found: dict[str, dict[str, int | float]] = {}
    with _deployment(alerts) as client:
        meter = ReadMeter(boto3.client("dynamodb"))
        meter.watch(client)
        for name, query in QUERIES.items():
            _request(query)  # reads the API key too, which is then cached
            meter.clear()
            _request(query)
            found[name] = {"requests": meter.requests, "items": meter.items, "RCU": meter.units}
    return found


def _request(query: str) -> None:
    event = gateway_event(json.dumps({"query": query}), {"x-api-key": KEY})
    with redirect_stdout(io.StringIO()):  # its log
        response = json.loads(query_handler.handler(event, CONTEXT)["body"])
    if "errors" in response:
        raise ValueError(response["errors"])


@contextmanager
def _deployment(alerts: int) -> Iterator["DynamoDBClient"]:
    with patch.dict(os.environ, ENVIRONMENT), mock_aws():
        client = boto3.client("dynamodb")
        tables.create_tables(client)
        client.create_table(
            TableName=ENVIRONMENT["ACCESS_KEYS_TABLE"],
            KeySchema=[{"AttributeName": "keyHash", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "keyHash", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        now = {"S": TODAY.isoformat()}
        key = {"keyHash": {"S": hash_of(KEY)}, "name": {"S": "bench"}, "createdAt": now}
        client.put_item(TableName=ENVIRONMENT["ACCESS_KEYS_TABLE"], Item=key)
        rows = [_row(number) for number in range(alerts)]
        _fill(client, tables.ALL_EVENTS, [alert_row.to_item(row) for row in rows])
        _fill(client, tables.REPOSITORY_OVERVIEW, _overviews(rows, REPOSITORY))
        _fill(client, tables.ORGANISATION_OVERVIEW, _overviews(rows, ORGANISATION_LEVEL))
        with patch.dict(vars(query_handler), dynamodb_client=lambda: client):
            _forget_parts()
            yield client
        _forget_parts()


def _forget_parts() -> None:
    """Make the handler create its parts anew, since it keeps them with their client."""
    for part in ("_service", "_adapter"):
        vars(query_handler)[part].cache_clear()


def _row(number: int) -> AlertRow:
    at = TODAY - timedelta(minutes=number * 131 % _YEAR_MINUTES)
    event = created(number, repositories=REPOSITORIES, at=at)
    changes = {change_of(event)}
    if number % 3:
        changes.add(change_of(fixed(event, at=at + (TODAY - at) / 2)))
    return AlertRow(event.repository, event.number, 1, frozenset(changes))


def _overviews(rows: Iterable[AlertRow], level: Level) -> list[dict[str, Any]]:
    parts: dict[RowKey, list[Counts]] = {}
    for row in rows:
        alert = row.alert
        assert alert is not None
        contribution = AlertContribution.of(row.repository, alert)
        for key, share in contribution.shares().items():
            name = key.name if level is REPOSITORY else ORGANISATION
            parts.setdefault(RowKey(name, key.period), []).append(share.counts)
    return [
        item
        for key, counts in parts.items()
        for item in to_items(
            level,
            OverviewRow(
                key, 1, Counts.total(counts), Spelling(int(TODAY.timestamp()) * 1_000, key.name)
            ),
        )
    ]


def _fill(client: "DynamoDBClient", table: str, items: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(items), 25):
        puts: Any = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        client.batch_write_item(RequestItems={table: puts})
