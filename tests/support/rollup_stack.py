"""Both levels of the rollup with tables that moto imitates, and messages of the stream handlers.

Owns the comparison of the stored rows with sums that are recomputed from the alerts.
"""

import random
from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

from ingest.alerts import alert_row
from ingest.alerts.alert_store import AlertStore
from ingest.alerts.lifecycle import Alert
from ingest.names import owner_of
from ingest.recording.recorder import Recorder
from ingest.repositories.repository_store import RepositoryStore
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


def make_table(
    client: "DynamoDBClient", name: str, *keys: str, indexes: dict[str, tuple[str, str]]
) -> None:
    """Create a table. Keys are strings, except the number of an alert."""
    names = {*keys, *(key for index_keys in indexes.values() for key in index_keys)}
    client.create_table(
        TableName=name,
        KeySchema=_schema(*keys),
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "N" if key == "alertID" else "S"}
            for key in sorted(names)
        ],
        BillingMode="PAY_PER_REQUEST",
        **_indexes(indexes),
    )


def _indexes(indexes: dict[str, tuple[str, str]]) -> Any:
    definitions = [
        {"IndexName": name, "KeySchema": _schema(*keys), "Projection": {"ProjectionType": "ALL"}}
        for name, keys in indexes.items()
    ]
    return {"GlobalSecondaryIndexes": definitions} if definitions else {}


def _schema(*keys: str) -> Any:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)]


class Stack:
    """Five new tables and their stores. `writer` is another client for the writes."""

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
        make_table(client, f"repositories-{suffix}", "repository", indexes={})
        self.known = RepositoryStore(client, table=f"repositories-{suffix}")
        self.recorder = Recorder(client, alerts=self.alerts, repositories=self.known)

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
        """Deliver the newest image of every alert and then of every repository row."""
        images = [{"dynamodb": {"NewImage": item}} for item in self.items("events")]
        self.apply_alerts(forwarding.alert_messages(images))
        self.apply_rows()

    def apply_rows(self) -> None:
        """Deliver every repository row in random order, and two of them twice."""
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
        """Return the alerts in All Events by repository and number."""
        rows = [alert_row.from_item(item) for item in self.items("events")]
        return {(row.repository, row.number): alert for row in rows if (alert := row.alert)}


def contents(stack: Stack) -> dict[str, list[Item]]:
    """Return the attributes of every item that do not depend on the order of events.

    Revisions, origins and empty rows depend on it. So does the time of the spelling in the rows of
    days and months, because a row keeps the newest time of all alerts that were ever counted in it.
    For the same reason the newest time is left out where an alert is gone.
    """
    events = stack.items("events")
    bereft = {_owner(item) for item in events if alert_row.is_tombstone(item)}
    return {
        name: sorted(
            filter(None, (_content(item, _owner(item) in bereft) for item in stack.items(name))),
            key=str,
        )
        for name in stack.names
    }


def _owner(item: Item) -> str:
    names = (item.get(name) for name in ("repositoryName", "organisationName", "source"))
    name = next(str(name["S"]) for name in names if name is not None)
    return owner_of(name.rpartition("#")[2])


def _content(item: Item, lacks_alerts: bool) -> Item:
    if "cells" in item and parts.counts_of(item, ()) == Counts():
        return {}
    left_out = {"revision", "writes", "origins"}
    if "cells" in item and ("lastEventAt" not in item or lacks_alerts):
        left_out |= {"spelledAt", "lastEventAt"}
    return {name: value for name, value in sorted(item.items()) if name not in left_out}


def table_names(stack: Stack) -> TableNames:
    """Return the names of the tables for the operator commands."""
    return TableNames(
        all_events=stack.names["events"],
        repository_overview=stack.names["repository"],
        organisation_overview=stack.names["organisation"],
        ledger=stack.names["ledger"],
    )


def recomputed(
    finals: dict[tuple[str, int], Alert], name_of: Callable[[str, Alert], str]
) -> dict[RowKey, Counts]:
    """Return the counts of all rows, added up from the alerts. `name_of` names an alert's row."""
    found: dict[RowKey, list[Counts]] = {}
    for (repository, _), state in finals.items():
        for row, share in AlertContribution.of(repository, state).shares().items():
            found.setdefault(RowKey(name_of(repository, state), row.period), []).append(
                share.counts
            )
    totals = {row: Counts.total(counts) for row, counts in found.items()}
    return {row: counts for row, counts in totals.items() if counts != Counts()}


def assert_exact(stack: Stack, finals: dict[tuple[str, int], Alert]) -> None:
    """Check that the rows of both levels equal the sums of the alerts."""
    assert stack.counts(REPOSITORY, "repository") == recomputed(finals, lambda name, _: name)
    assert stack.counts(ORGANISATION, "organisation") == recomputed(
        finals, lambda name, _: owner_of(name)
    )
