"""The way of an alert on this machine: the real code over tables and queues in memory (moto).

Owns the hand that AWS has in it: which records of a stream make a batch, which messages of a group
go to one invocation, and that each of these is one invocation. A batch of a stream goes all the way
before the next one starts.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from unittest import mock

import boto3
from moto import mock_aws
from moto.dynamodb.models.table import Table as MotoTable

from bench import tables
from bench.meter import Meter, Tally
from bench.workload import repository_item
from ingest.alerts.alert_store import AlertStore
from ingest.event import AlertEvent
from rollup.queues.forwarding import alert_messages, row_messages
from rollup.queues.message import Message, unpack_alerts, unpack_rows
from rollup.queues.sender import Sender
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

MESSAGES_AN_INVOCATION = 10
"""The most messages of one group in one invocation of a queue handler."""

SMALLEST_BATCH_OF_ROWS = 100
"""The rows that one batch of alerts changed are written within the window of their own stream."""

INVOCATIONS_AN_EVENT = 2
"""The receiver, which is not run here, and the recorder."""

_REGION = "eu-west-1"
_T = TypeVar("_T")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Costs:
    """What was counted at each level."""

    ingest: Tally = field(default_factory=Tally)
    repository: Tally = field(default_factory=Tally)
    organisation: Tally = field(default_factory=Tally)


class Stack:
    """All levels over empty tables. Made inside `running`."""

    def __init__(self) -> None:
        self._client, self._sqs = _session().client("dynamodb"), _session().client("sqs")
        self._sqs_aside = _session().client("sqs")
        tables.create_tables(self._client)
        self._meter = Meter()
        self._meter.watch(self._client)
        self._meter.watch(self._sqs)
        self._alerts = AlertStore(self._client, table=tables.ALL_EVENTS)
        self._repositories = self._store(REPOSITORY, tables.REPOSITORY_OVERVIEW)
        self._organisations = self._store(ORGANISATION, tables.ORGANISATION_OVERVIEW)
        self._reader = RowReader(self._client, table=tables.REPOSITORY_OVERVIEW)

    def _store(self, level: Level, table: str) -> RollupStore:
        return RollupStore(self._client, level=level, table=table, ledger=tables.LEDGER)

    def record(self, events: Iterable[AlertEvent], costs: Costs) -> list[Record]:
        """Record events one by one; the records that the stream of All Events then has."""
        with self._meter.counting_on(costs.ingest):
            for event in events:
                self._alerts.record(event)
                costs.ingest.invocations += INVOCATIONS_AN_EVENT
        return self._meter.take_stream(tables.ALL_EVENTS)

    def roll_up(self, records: Sequence[Record], costs: Costs, *, stream_batch: int) -> None:
        """Take the records to both levels of overviews, so many at most in a stream's batch."""
        for batch in _portions(records, stream_batch):
            with self._meter.counting_on(costs.repository):
                self._forward(alert_messages(batch))
                for bodies in self._deliveries():
                    self._repositories.apply([e for body in bodies for e in unpack_alerts(body)])
            self._roll_up_rows(costs, stream_batch)

    def seed(self, rows: Iterable[OverviewRow]) -> None:
        """Store repositories' rows as if their alerts had come, and take them up; not counted."""
        costs = Costs()
        with self._meter.counting_on(costs.repository):
            for row in rows:
                item = repository_item(row)
                self._client.put_item(TableName=tables.REPOSITORY_OVERVIEW, Item=item)
        self._roll_up_rows(costs, stream_batch=1_000)

    def _roll_up_rows(self, costs: Costs, stream_batch: int) -> None:
        changed = self._meter.take_stream(tables.REPOSITORY_OVERVIEW)
        with self._meter.counting_on(costs.organisation):
            for batch in _portions(changed, max(stream_batch, SMALLEST_BATCH_OF_ROWS)):
                self._forward(row_messages(batch))
                for bodies in self._deliveries():
                    named = [row for body in bodies for row in unpack_rows(body)]
                    self._organisations.apply(self._reader.entries(named))

    def _forward(self, messages: Iterable[Message]) -> None:
        # A new queue each time, since moto goes through all messages that it has ever been sent.
        queue = self._sqs_aside.create_queue(
            QueueName="bench.fifo", Attributes={"FifoQueue": "true"}
        )
        Sender(self._sqs, queue_url=queue["QueueUrl"]).send(messages)
        self._sqs_aside.delete_queue(QueueUrl=queue["QueueUrl"])
        self._meter.tally.invocations += 1

    def _deliveries(self) -> Iterator[Sequence[str]]:
        groups: dict[str, list[str]] = {}
        for message in self._meter.take_messages():
            groups.setdefault(message["MessageGroupId"], []).append(message["MessageBody"])
        tally = self._meter.tally
        for bodies in groups.values():
            for some in _portions(bodies, MESSAGES_AN_INVOCATION):
                tally.invocations += 1
                tally.sqs.update(("ReceiveMessage", "DeleteMessageBatch"))
                yield some


@contextmanager
def running() -> Iterator[Stack]:
    """A stack of its own, gone afterwards.

    moto copies whole tables for every action of a transaction, to restore them if it is cancelled.
    None is cancelled here (the meter refuses that), so copying is left out: it takes minutes.
    """
    with mock_aws(), mock.patch.object(MotoTable, "__deepcopy__", _itself, create=True):
        yield Stack()


@cache
def _session() -> boto3.Session:
    return boto3.Session("bench", "bench", region_name=_REGION)


def _itself(table: MotoTable, _memo: object) -> MotoTable:
    return table


def _portions(many: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (many[start : start + size] for start in range(0, len(many), size))
