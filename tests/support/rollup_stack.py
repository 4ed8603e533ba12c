"""Both rollup levels over real table calls, with messages as the stream handlers build them.

Owns the comparison of the stored rows with sums recomputed from the alerts.
"""

import random
from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_row
from ingest.alerts.alert_store import AlertStore
from ingest.alerts.lifecycle import Alert
from ingest.names import owner_of
from operations.overviews.reader import TableNames
from rollup.metrics.counts import Counts
from rollup.queues import forwarding
from rollup.queues.message import Message, unpack_alerts, unpack_rows
from rollup.rows import overview_row, parts
from rollup.rows.contribution import AlertContribution
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow, from_items
from rollup.rows.parts import Item
from rollup.rows.row_key import RowKey
from rollup.stores.item_reader import ItemReader
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SUFFIXES = count(1)
_NAMES = {"repository": "repositoryName", "organisation": "organisationName"}


def make_table(
    client: "DynamoDBClient", name: str, *keys: str, indexes: dict[str, tuple[str, str]]
) -> None:
    """Create an on-demand table; keys are strings, except the number of an alert."""
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
    """Four new tables, and the stores over them."""

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
        """Deliver the newest image of every row, up to both levels."""
        images = [{"dynamodb": {"NewImage": item}} for item in self.items("events")]
        self.apply_alerts(forwarding.alert_messages(images))
        self.apply_rows()

    def apply_rows(self) -> None:
        """Deliver every repository row to the organisations, shuffled, and two of them twice."""
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
        item_keys = [
            (table, overview_row.key(level, overview_row.key_of_item(level, item)))
            for item in mains
        ]
        items = ItemReader(self.client, {table: level.keys}).read(item_keys).get(table, ())
        rows = [from_items(level, *item) for item in items]
        return {row.key: row for row in rows}

    def counts(self, level: Level, name: str) -> dict[RowKey, Counts]:
        rows = self.rows(level, name).items()
        return {key: row.counts for key, row in rows if row.counts != Counts()}

    def finals(self) -> dict[tuple[str, int], Alert]:
        """Return the alerts that All Events contains."""
        rows = [alert_row.from_item(item) for item in self.items("events")]
        return {(row.repository, row.number): alert for row in rows if (alert := row.alert)}


def contents(stack: Stack) -> dict[str, list[Item]]:
    """Return every attribute of every item that must not depend on the order of events.

    Left out are revisions, rows that became empty, and the time of the spelling in rows of days and
    months: a row keeps the newest time of all alerts that were ever counted in it.
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
    """Return the tables as the operator commands name them."""
    return TableNames(
        all_events=stack.names["events"],
        repository_overview=stack.names["repository"],
        organisation_overview=stack.names["organisation"],
        ledger=stack.names["ledger"],
    )


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
