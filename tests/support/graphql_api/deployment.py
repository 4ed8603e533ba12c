"""A deployment of the reading side without AWS: moto's tables, the real handler, HTTP around it."""

import base64
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum.types import LambdaContext as MangumContext
from moto import mock_aws

from graphql_api import query_handler
from graphql_api.access.key_store import AccessKeyStore
from graphql_api.graphiql import handler as graphiql_handler
from ingest.alerts.alert_store import AlertStore
from ingest.event import AlertEvent
from ingest.terms import Action, ClosedAs, Ref, Severity
from rollup.queues.forwarding import alert_messages, row_messages
from rollup.queues.message import unpack_alerts, unpack_rows
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOW = "2026-11-23T09:00:00.000Z"

TABLES: dict[str, tuple[str, ...]] = {
    "AllEvents": ("repositoryName", "alertID"),
    "RepositoryOverview": ("repositoryName", "period"),
    "OrganisationOverview": ("organisationName", "period"),
    "AccessKeys": ("keyHash",),
    "Ledger": ("source", "part"),
}
INDEXES: dict[str, dict[str, tuple[str, ...]]] = {
    "AllEvents": {
        "byOrganisation": ("organisationName", "createdAt"),
        "byOrganisationState": ("organisationState", "stateAt"),
        "byRepositoryState": ("repositoryState", "stateAt"),
    },
    "RepositoryOverview": {
        "byMonthlyPeriod": ("monthlyPeriod", "repositoryName"),
        "byOrganisation": ("organisationName", "period"),
        "headlines": ("organisationName", "period"),
    },
    "OrganisationOverview": {
        "byMonthlyPeriod": ("monthlyPeriod", "organisationName"),
        "listed": ("listed", "organisationName"),
    },
    "AccessKeys": {},
    "Ledger": {},
}
NUMBERS = frozenset({"alertID"})
ENVIRONMENT = {
    "ALL_EVENTS_TABLE": "AllEvents",
    "REPOSITORY_OVERVIEW_TABLE": "RepositoryOverview",
    "ORGANISATION_OVERVIEW_TABLE": "OrganisationOverview",
    "ACCESS_KEYS_TABLE": "AccessKeys",
    "CURSOR_SECRET": "s" * 64,
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "query",
}
SAFE = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
"""What every response of both handlers has."""


class Context:
    """What Lambda passes beside the event."""

    function_name = invoked_function_arn = aws_request_id = "test"
    memory_limit_in_mb = 128


CONTEXT = cast("MangumContext", Context())
POWERTOOLS_CONTEXT = cast("LambdaContext", CONTEXT)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as the gateway would send it on."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        """The data of an answer that has no errors."""
        assert "errors" not in self.json, self.json["errors"]
        return self.json["data"]

    @property
    def reasons(self) -> list[str]:
        """The reasons of the answer's errors."""
        return [error["extensions"]["reason"] for error in self.json["errors"]]

    def assert_safe(self) -> None:
        """Browsers and caches are kept from reading more into the answer than there is."""
        assert SAFE.items() <= self.headers.items()
        assert self.headers["cache-control"] in {"no-store", "private, max-age=15"}

    def assert_no_fault_of_ours(self) -> None:
        """Whatever was asked: the service is up, met no error of its own, and shows no insides.

        Errors may repeat words of the request, so only what no request holds is looked for.
        """
        shown = self.text[:1_000]
        assert self.status < 500, shown
        for trace in ("Traceback (most recent", 'File \\"', "botocore.exceptions"):
            assert trace not in self.text, shown
        errors = self.json.get("errors", []) if self.text else []
        assert "INTERNAL" not in {error["extensions"]["code"] for error in errors}, shown


@dataclass(frozen=True, slots=True)
class Deployment:
    """The tables of one test, and the handler that reads them."""

    client: "DynamoDBClient"
    key: str

    def record(self, *events: AlertEvent) -> None:
        """Put alerts into All Events the way the recorder does."""
        store = AlertStore(self.client, table="AllEvents")
        for event in events:
            store.record(event)

    def roll_up(self) -> None:
        """Bring both levels of overviews up to date, as the rollup's functions do."""
        stores = {
            level: RollupStore(self.client, level=level, table=table, ledger="Ledger")
            for level, table in (
                (REPOSITORY, "RepositoryOverview"),
                (ORGANISATION, "OrganisationOverview"),
            )
        }
        rows = RowReader(self.client, table="RepositoryOverview")
        for message in alert_messages(self._images("AllEvents")):
            stores[REPOSITORY].apply(unpack_alerts(message.body))
        for message in row_messages(self._images("RepositoryOverview")):
            stores[ORGANISATION].apply(rows.entries(unpack_rows(message.body)))

    def _images(self, table: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(TableName=table)
        return [{"dynamodb": {"NewImage": item}} for page in pages for item in page["Items"]]

    def put(self, table: str, rows: Iterable[Mapping[str, str | int]]) -> None:
        """Put rows of strings and numbers into a table."""
        for row in rows:
            item = {
                name: {"N": str(value)} if isinstance(value, int) else {"S": value}
                for name, value in row.items()
            }
            self.client.put_item(TableName=table, Item=item)

    def ask(self, query: str, **variables: object) -> Answer:
        """Send a document as a client would and return the answer."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        return self.send("POST", body=body, headers={"content-type": "application/json"})

    def get(self, query: str, **headers: str) -> Answer:
        """Send a document in the URL."""
        parameters = urlencode({"query": query})
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("GET", query_string=parameters, headers=named)

    def send(
        self,
        method: str,
        *,
        path: str = "/graphql",
        query_string: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send a request with the deployment's key, unless it brings its own (or an empty one)."""
        given = {"x-api-key": self.key, **(headers or {})}
        event = gateway_event(method, path, query_string, given, body)
        answer = query_handler.handler(event, CONTEXT)
        text = answer.get("body", "")
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        return Answer(answer["statusCode"], answer.get("headers", {}), text)


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[Deployment]:
    """A fresh deployment with empty tables; `settings` are environment variables."""
    for name, value in {**ENVIRONMENT, **settings}.items():
        monkeypatch.setenv(name, value)
    forget()
    with mock_aws():
        client = boto3.client("dynamodb")
        for table in TABLES:
            create_table(client, table)
        yield Deployment(client, AccessKeyStore(client, "AccessKeys").create("tests", now=NOW))
    forget()


def forget() -> None:
    """Reset the query handler, so that the next request creates its parts from the environment.

    powertools' Logger writes to the standard output that it found at its creation. pytest replaces
    the standard output for each test, so the handler's logger is removed as well.
    """
    for cached in (query_handler._service, query_handler._adapter, query_handler._log):
        cached.cache_clear()
    logging.Logger.manager.loggerDict.pop(ENVIRONMENT["POWERTOOLS_SERVICE_NAME"], None)


def create_table(client: "DynamoDBClient", table: str) -> None:
    """Create one table with its keys and indexes."""
    keys = {name for index in (TABLES[table], *INDEXES[table].values()) for name in index}
    indexes = [
        {"IndexName": name, "KeySchema": _schema(index), "Projection": {"ProjectionType": "ALL"}}
        for name, index in INDEXES[table].items()
    ]
    definition: dict[str, Any] = {
        "TableName": table,
        "KeySchema": _schema(TABLES[table]),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "N" if name in NUMBERS else "S"}
            for name in sorted(keys)
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        definition["GlobalSecondaryIndexes"] = indexes
    client.create_table(**definition)


def gateway_event(
    method: str, path: str, query_string: str, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """An event of an HTTP API, payload format 2.0; bodies of no text type arrive as base64."""
    is_text = headers.get("content-type", "").startswith("application/json")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        is_text = False
    return {
        "version": "2.0",
        "routeKey": "ANY /graphql",
        "rawPath": path,
        "rawQueryString": query_string,
        "headers": dict(headers),
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "isBase64Encoded": not is_text,
        **({"body": text if is_text else base64.b64encode(body).decode()} if body else {}),
    }


def _schema(keys: tuple[str, ...]) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, kinds, strict=False)
    ]


@contextmanager
def served(prefix: str = "") -> Iterator[str]:
    """Serve both handlers over HTTP on loopback, below a path, and yield their address."""

    class Gateway(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            path = url.path.removeprefix(prefix)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            event = gateway_event(self.command, path, url.query, headers, body)
            if path == "/graphql":
                answer = query_handler.handler(event, CONTEXT)
            else:
                answer = graphiql_handler.handler(event, POWERTOOLS_CONTEXT)
            text = answer.get("body", "")
            body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_OPTIONS = do_PUT = _handle  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)

    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def alert(number: int, *, repository: str = "octo/cat", **facts: Any) -> AlertEvent:
    """The creation of an alert; `facts` are fields of AlertEvent that matter to a test."""
    created_at = facts.pop("created_at", datetime(2026, 11, 1, 9, tzinfo=UTC))
    return AlertEvent(
        **{
            "delivery_id": f"{repository.replace(chr(47), chr(45))}-{number}",
            "action": Action.CREATED,
            "repository": repository,
            "number": number,
            "url": f"https://github.com/{repository}/security/code-scanning/{number}",
            "created_at": created_at,
            "happened_at": created_at,
            "received_at": created_at,
            "closed_as": None,
            "severity": Severity.HIGH,
            "tool": "CodeQL",
            "rule": "js/xss",
            "ref": Ref.DEFAULT,
            **facts,
        }
    )


def closing(of: AlertEvent, closed_at: datetime, closed_as: ClosedAs) -> AlertEvent:
    """What GitHub tells when that alert is closed."""
    action = Action.FIXED if closed_as is ClosedAs.FIXED else Action.CLOSED_BY_USER
    return replace(
        of,
        delivery_id=f"{of.delivery_id}-closed",
        action=action,
        happened_at=closed_at,
        received_at=closed_at,
        closed_as=closed_as,
    )


def month_row(name: str, month: str, **numbers: int) -> dict[str, str | int]:
    """A monthly row of RepositoryOverview or, for a name without a slash, OrganisationOverview."""
    organisation, slash, _ = name.partition("/")
    return {
        "organisationName": organisation.lower(),
        **({"repositoryName": name.lower(), "repositorySpelling": name} if slash else {}),
        **({} if slash else {"organisationSpelling": name}),
        "period": f"MONTH#{month}",
        "monthlyPeriod": month,
        "openAlerts": 1,
        "numberFixed": 2,
        "numberManuallyClosed": 3,
        "totalTimeToRemediate": 5_000,
        "meanTimeToRemediate": 1_000,
        **numbers,
    }
