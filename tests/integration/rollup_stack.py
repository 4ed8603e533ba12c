"""Both rollup levels over real table calls, fed as the forwarders feed them; and what is exact."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_row
from ingest.alerts.alert_store import AlertStore
from ingest.alerts.change import Closing, Facts
from ingest.alerts.lifecycle import Alert, EarlierClosing
from ingest.event import AlertEvent
from ingest.names import owner_of
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from operations.overviews.reader import TableNames
from rollup.metrics.counts import Counts
from rollup.queues import forwarding
from rollup.queues.message import Message, unpack_alerts, unpack_rows
from rollup.rows import overview_row, parts
from rollup.rows.contribution import AlertContribution
from rollup.rows.ledger import Entry, alert_source
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow, from_items
from rollup.rows.parts import Item
from rollup.rows.row_key import RowKey
from rollup.stores.item_reader import ItemReader
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DAY_MS = 86_400_000
BASE_MS = 1_767_225_600_000  # 2026-01-01
_SUFFIXES = count(1)
_NAMES = {"repository": "repositoryName", "organisation": "organisationName"}


def make_table(
    client: "DynamoDBClient", name: str, *keys: str, indexes: dict[str, tuple[str, str]]
) -> None:
    """An on-demand table; attributes are texts but for the number of an alert."""
    named = {*keys, *(key for own in indexes.values() for key in own)}
    client.create_table(
        TableName=name,
        KeySchema=_schema(*keys),
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "N" if key == "alertID" else "S"}
            for key in sorted(named)
        ],
        BillingMode="PAY_PER_REQUEST",
        **_indexes(indexes),
    )


def _indexes(indexes: dict[str, tuple[str, str]]) -> Any:
    made = [
        {"IndexName": name, "KeySchema": _schema(*keys), "Projection": {"ProjectionType": "ALL"}}
        for name, keys in indexes.items()
    ]
    return {"GlobalSecondaryIndexes": made} if made else {}


def _schema(partition: str, sort: str) -> Any:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


class Stack:
    """The tables, freshly made, and the stores over them."""

    def __init__(self, client: "DynamoDBClient", *, writer: "DynamoDBClient | None" = None) -> None:
        self.client = client
        self.writer = writer or client
        suffix = next(_SUFFIXES)
        tables = ("events", "repository", "organisation", "ledger")
        self.names = {name: f"{name}-{suffix}" for name in tables}
        self._make("events", "repositoryName", "alertID", "organisationName", "createdAt")
        self._make("repository", "repositoryName", "period", "organisationName", "period")
        self._make("organisation", "organisationName", "period")
        self._make("ledger", "source", "part")
        self.repositories = self.store(REPOSITORY, "repository")
        self.organisations = self.store(ORGANISATION, "organisation")
        self.reader = RowReader(client, table=self.names["repository"])
        self.alerts = AlertStore(client, table=self.names["events"])

    def _make(self, name: str, partition: str, sort: str, *index: str) -> None:
        indexes = {"byOrganisation": (index[0], index[1])} if index else {}
        make_table(self.client, self.names[name], partition, sort, indexes=indexes)

    def store(self, level: Level, name: str) -> RollupStore:
        return RollupStore(
            self.writer, level=level, table=self.names[name], ledger=self.names["ledger"]
        )

    def apply_alerts(self, messages: Iterable[Message]) -> None:
        self.repositories.apply([e for m in messages for e in unpack_alerts(m.body)])

    def catch_up(self) -> None:
        """Deliver the newest image of everything."""
        images = [{"dynamodb": {"NewImage": item}} for item in self.items("events")]
        self.apply_alerts(forwarding.alert_messages(images))
        self.apply_rows()

    def apply_rows(self) -> None:
        """Tell the organisations of every row, in a wild order and some of them twice."""
        records = [{"dynamodb": {"NewImage": item}} for item in self.items("repository")]
        random.Random(len(records)).shuffle(records)  # noqa: S311
        for message in forwarding.row_messages(records + records[:2]):
            self.organisations.apply(self.reader.entries(unpack_rows(message.body)))

    def items(self, name: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.names[name], ConsistentRead=True
        )
        return [item for page in pages for item in page["Items"]]

    def rows(self, level: Level, name: str) -> dict[RowKey, OverviewRow]:
        mains = [i for i in self.items(name) if not parts.is_part(i["period"]["S"])]
        table = self.names[name]
        places = [
            (table, overview_row.key(level, overview_row.key_of_item(level, item)))
            for item in mains
        ]
        wholes = ItemReader(self.client, {table: level.keys}).read(places).get(table, ())
        rows = [from_items(level, *whole) for whole in wholes]
        return {row.key: row for row in rows}

    def counts(self, level: Level, name: str) -> dict[RowKey, Counts]:
        rows = self.rows(level, name).items()
        return {key: row.counts for key, row in rows if row.counts != Counts()}

    def finals(self) -> dict[tuple[str, int], Alert]:
        """What All Events holds."""
        rows = [alert_row.from_item(item) for item in self.items("events")]
        return {(row.repository, row.number): alert for row in rows if (alert := row.alert)}


def contents(stack: Stack) -> dict[str, list[Item]]:
    """Every attribute of every item that must not depend on the order in which events came.

    Left out are revisions, rows that are empty again, and since when the name of a day's or month's
    row is spelled so: a row keeps the newest time of all alerts that were ever counted in it.
    """
    return {
        name: sorted(filter(None, map(_content, stack.items(name))), key=str)
        for name in stack.names
    }


def _content(item: Item) -> Item:
    if "cells" in item and parts.counts_of(item, ()) == Counts():
        return {}
    left_out = {"revision", "writes"}
    if "cells" in item and "lastEventAt" not in item:
        left_out.add("spelledAt")
    return {name: value for name, value in sorted(item.items()) if name not in left_out}


def table_names(stack: Stack) -> TableNames:
    """The tables as the rebuild command names them."""
    return TableNames(
        all_events=stack.names["events"],
        repository_overview=stack.names["repository"],
        organisation_overview=stack.names["organisation"],
        ledger=stack.names["ledger"],
    )


def event(
    repository: str,
    number: int,
    action: Action,
    *,
    created: int = 0,
    at: int | None = 0,
    received: int | None = None,
    delivery: str = "d",
    digest: str | None = None,
    closed_as: ClosedAs | None = None,
    severity: Severity = Severity.HIGH,
    tool: str | None = "CodeQL",
    ref: Ref = Ref.DEFAULT,
) -> AlertEvent:
    """An event of the ingest side; times are days after BASE_MS."""

    def day(number: int) -> datetime:
        return datetime.fromtimestamp(BASE_MS / 1_000, UTC) + timedelta(days=number)

    return AlertEvent(
        delivery_id=delivery,
        action=action,
        repository=repository,
        number=number,
        url="https://x",
        created_at=day(created),
        happened_at=None if at is None else day(at),
        received_at=day((at or 0) if received is None else received),
        closed_as=closed_as,
        severity=severity,
        tool=tool,
        rule=None,
        ref=ref,
        body_digest=digest,
    )


def alert(
    *,
    created: int = 0,
    closed: int | None = None,
    closed_as: ClosedAs = ClosedAs.FIXED,
    reopened: tuple[int, ...] = (),
    earlier: tuple[tuple[int, int], ...] = (),
    repository: str = "octo/cat",
    severity: Severity = Severity.HIGH,
    tool: str | None = "CodeQL",
    branch: Branch = Branch.DEFAULT,
) -> Alert:
    def ms(day: int) -> int:
        return BASE_MS + day * DAY_MS

    return Alert(
        facts=Facts(ms(created), repository, "https://x", severity, tool, None),
        branch=branch,
        closing=None if closed is None else Closing(closed_as, ms(closed)),
        reopened_ms=tuple(ms(day) for day in reopened),
        earlier_closings=tuple(EarlierClosing(ms(start), ms(end)) for start, end in earlier),
        last_change_ms=ms(max(created, closed or 0)),
        spelled_ms=ms(created),
    )


def entry(repository: str, number: int, revision: int, state: Alert) -> Entry:
    contribution = AlertContribution.of(repository, state)
    return Entry(alert_source(repository, number), revision, contribution)


def recomputed(
    finals: dict[tuple[str, int], Alert], name_of: Callable[[str, Alert], str]
) -> dict[RowKey, Counts]:
    found: dict[RowKey, list[Counts]] = {}
    for (repository, _), state in finals.items():
        for row, share in AlertContribution.of(repository, state).shares().items():
            found.setdefault(RowKey(name_of(repository, state), row.period), []).append(
                share.counts
            )
    totals = {row: Counts.total(counts) for row, counts in found.items()}
    return {row: counts for row, counts in totals.items() if counts != Counts()}


def assert_exact(stack: Stack, finals: dict[tuple[str, int], Alert]) -> None:
    assert stack.counts(REPOSITORY, "repository") == recomputed(finals, lambda name, _: name)
    assert stack.counts(ORGANISATION, "organisation") == recomputed(
        finals, lambda name, _: owner_of(name)
    )
