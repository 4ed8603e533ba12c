"""A deployment of the API without AWS: tables that moto imitates, and the real query handler."""

import gzip
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zlib import crc32

import boto3
import pytest
from moto import mock_aws

from graphql_api import query_handler
from graphql_api.access.key_store import AccessKeyStore
from ingest.alerts.alert_store import AlertStore
from ingest.events.alert_event import AlertEvent
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.recording.recorder import Recorder
from ingest.repositories.repository_store import RepositoryStore
from ingest.terms import Action, ClosedAs, Ref, Severity
from rollup.queues.forwarding import alert_messages, row_messages
from rollup.queues.message import unpack_alerts, unpack_rows
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader
from tests.support.graphql_api.gateway import CONTEXT, body_of, gateway_event
from tests.support.graphql_api.tables import TABLES, create_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOW = "2026-11-23T09:00:00.000Z"

ENVIRONMENT = {
    "ALL_EVENTS_TABLE": "AllEvents",
    "REPOSITORY_OVERVIEW_TABLE": "RepositoryOverview",
    "ORGANISATION_OVERVIEW_TABLE": "OrganisationOverview",
    "REPOSITORIES_TABLE": "Repositories",
    "ACCESS_KEYS_TABLE": "AccessKeys",
    "CURSOR_SECRET": "s" * 64,
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "query",
}
SECURITY_HEADERS = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
"""Headers that each response of both handlers has."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the gateway sends it to the client."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as the client reads it, without compression."""
        is_compressed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if is_compressed else self.body).decode()

    @property
    def json(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        """The data of a response. The response must not have errors."""
        assert "errors" not in self.json, self.json["errors"]
        return self.json["data"]

    @property
    def reasons(self) -> list[str]:
        """The reasons of the response's errors."""
        return [error["extensions"]["reason"] for error in self.json["errors"]]

    def assert_security_headers(self) -> None:
        """Check the headers for browsers and caches."""
        assert SECURITY_HEADERS.items() <= self.headers.items()
        assert self.headers["cache-control"] in {"no-store", "private, max-age=15"}

    def assert_no_internal_error(self) -> None:
        """Check that the response contains no internal error and no internal text.

        Errors can repeat text of the request, so the check looks only for text that no request has.
        """
        shown = self.text[:1_000]
        assert self.status < 500, shown
        for trace in ("Traceback (most recent", 'File \\"', "botocore.exceptions"):
            assert trace not in self.text, shown
        errors = self.json.get("errors", []) if self.text else []
        assert "INTERNAL" not in {error["extensions"]["code"] for error in errors}, shown


@dataclass(frozen=True, slots=True)
class Deployment:
    """The tables of a test, and the handler that reads them. `key` is a valid API key."""

    client: "DynamoDBClient"
    key: str

    def record(self, *events: AlertEvent) -> None:
        """Write alerts to All Events like the recorder."""
        recorder = Recorder(
            self.client,
            alerts=AlertStore(self.client, table="AllEvents"),
            repositories=RepositoryStore(self.client, table="Repositories"),
        )
        for event in events:
            recorder.record(event)

    def report(
        self,
        repository: str,
        *,
        seen_at: datetime = datetime(2026, 11, 1, tzinfo=UTC),
        **facts: Any,
    ) -> None:
        """Store what GitHub reports about a repository. Its id follows from its name."""
        seen = SeenRepository(
            id=crc32(repository.lower().encode()) + 1,
            name=repository,
            seen_at=seen_at,
            facts=RepositoryFacts(**facts),
        )
        RepositoryStore(self.client, table="Repositories").observe(seen)

    def roll_up(self) -> None:
        """Update the overviews of repositories and organisations like the rollup's functions."""
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
        """Write rows of strings and numbers to a table."""
        for row in rows:
            item = {
                name: {"N": str(value)} if isinstance(value, int) else {"S": value}
                for name, value in row.items()
            }
            self.client.put_item(TableName=table, Item=item)

    def ask(self, query: str, **variables: object) -> Response:
        """Send a document with a POST request, like a client."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        return self.send("POST", body=body, headers={"content-type": "application/json"})

    def get(self, query: str, **headers: str) -> Response:
        """Send a document with a GET request. Names of headers have `_` in place of `-`."""
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
    ) -> Response:
        """Send a request. It has the deployment's key, unless the headers have another one."""
        with_key = {"x-api-key": self.key, **(headers or {})}
        event = gateway_event(method, path, query_string, with_key, body)
        response = query_handler.handler(event, CONTEXT)
        return Response(response["statusCode"], response.get("headers", {}), body_of(response))


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[Deployment]:
    """Yield a deployment with empty tables. `settings` are environment variables."""
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
    for cached in (
        *(query_handler._service, query_handler._badges),
        *(query_handler._adapter, query_handler._log),
    ):
        cached.cache_clear()
    logging.Logger.manager.loggerDict.pop(ENVIRONMENT["POWERTOOLS_SERVICE_NAME"], None)


def alert(number: int, *, repository: str = "octo/cat", **facts: Any) -> AlertEvent:
    """Return the creation of an alert. `facts` are other fields of the event."""
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
    """Return the event of the alert's closing."""
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
    """Return a monthly row of a repository or, for a name without a slash, of an organisation."""
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
