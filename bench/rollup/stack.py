"""The pipeline on this machine: the real code over tables and queues in memory (moto).

Owns the behaviour of AWS between the functions: which records of a stream make a batch, and which
messages of a group make an invocation. A batch passes all levels before the next one starts.
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

from bench import dynamodb_tables
from bench.rollup.meter import Meter, Tally
from bench.workload import item_of
from ingest.alerts.alert_store import AlertStore
from ingest.events.alert_event import AlertEvent
from ingest.recording.recorder import Recorder
from ingest.repositories.repository_store import RepositoryStore
from rollup.queues.forwarding import alert_messages, row_messages
from rollup.queues.message import Message, unpack_alerts, unpack_rows
from rollup.queues.sender import Sender
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level, OverviewRow
from rollup.stores.rollup_store import RollupStore
from rollup.stores.row_reader import RowReader

MESSAGES_AN_INVOCATION = 10
"""The most messages of one group in one invocation of a queue handler."""

SMALLEST_BATCH_OF_ROWS = 100
"""All rows that one batch of alerts changes arrive within one batching window of their stream."""

INVOCATIONS_AN_EVENT = 2
"""The recorder, and the receiver, which does not run here."""

_REGION = "eu-west-1"
_T = TypeVar("_T")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Costs:
    """The tally of each level."""

    ingest: Tally = field(default_factory=Tally)
    repository: Tally = field(default_factory=Tally)
    organisation: Tally = field(default_factory=Tally)


class Stack:
    """All levels over empty tables. Use `running` to make one."""

    def __init__(self) -> None:
        self._client, self._sqs = _session().client("dynamodb"), _session().client("sqs")
        self._unmetered_sqs = _session().client("sqs")
        dynamodb_tables.create_tables(self._client)
        self._meter = Meter()
        self._meter.watch(self._client)
        self._meter.watch(self._sqs)
        self._recorder = Recorder(
            self._client,
            alerts=AlertStore(self._client, table=dynamodb_tables.ALL_EVENTS),
            repositories=RepositoryStore(self._client, table=dynamodb_tables.REPOSITORIES),
        )
        self._repositories = self._store(REPOSITORY, dynamodb_tables.REPOSITORY_OVERVIEW)
        self._organisations = self._store(ORGANISATION, dynamodb_tables.ORGANISATION_OVERVIEW)
        self._reader = RowReader(self._client, table=dynamodb_tables.REPOSITORY_OVERVIEW)

    def _store(self, level: Level, table: str) -> RollupStore:
        return RollupStore(self._client, level=level, table=table, ledger=dynamodb_tables.LEDGER)

    def record(self, events: Iterable[AlertEvent], costs: Costs) -> None:
        """Record events one by one."""
        with self._meter.counting_on(costs.ingest):
            for event in events:
                self._recorder.record(event)
                costs.ingest.invocations += INVOCATIONS_AN_EVENT

    def roll_up(self, records: Sequence[Record], costs: Costs, *, stream_batch: int) -> None:
        """Roll records of All Events up to both levels, at most `stream_batch` at a time."""
        for batch in _batches(records, stream_batch):
            with self._meter.counting_on(costs.repository):
                self._forward(alert_messages(batch))
                for bodies in self._deliveries():
                    self._repositories.apply([e for body in bodies for e in unpack_alerts(body)])
            self._roll_up_rows(costs, stream_batch)

    def seed(self, rows: Iterable[OverviewRow]) -> None:
        """Store rows of repositories and roll them up, without counting."""
        costs = Costs()
        with self._meter.counting_on(costs.repository):
            for row in rows:
                table = dynamodb_tables.REPOSITORY_OVERVIEW
                self._client.put_item(TableName=table, Item=item_of(row))
        self._roll_up_rows(costs, stream_batch=1_000)

    def _roll_up_rows(self, costs: Costs, stream_batch: int) -> None:
        changed = self._meter.take_stream(dynamodb_tables.REPOSITORY_OVERVIEW)
        with self._meter.counting_on(costs.organisation):
            for batch in _batches(changed, max(stream_batch, SMALLEST_BATCH_OF_ROWS)):
                self._forward(row_messages(batch))
                for bodies in self._deliveries():
                    named = [row for body in bodies for row in unpack_rows(body)]
                    self._organisations.apply(self._reader.entries(named))

    def _forward(self, messages: Iterable[Message]) -> None:
        # A new queue each time: moto searches all messages that a queue ever received.
        queue = self._unmetered_sqs.create_queue(
            QueueName="bench.fifo", Attributes={"FifoQueue": "true"}
        )
        Sender(self._sqs, queue_url=queue["QueueUrl"]).send(messages, stream="bench")
        self._unmetered_sqs.delete_queue(QueueUrl=queue["QueueUrl"])
        self._meter.tally.invocations += 1

    def _deliveries(self) -> Iterator[Sequence[str]]:
        groups: dict[str, list[str]] = {}
        for message in self._meter.take_messages():
            groups.setdefault(message["MessageGroupId"], []).append(message["MessageBody"])
        tally = self._meter.tally
        for bodies in groups.values():
            for some in _batches(bodies, MESSAGES_AN_INVOCATION):
                tally.invocations += 1
                tally.sqs.update(("ReceiveMessage", "DeleteMessageBatch"))
                yield some


@contextmanager
def running() -> Iterator[Stack]:
    """Yield a stack of its own.

    moto copies whole tables for each action of a transaction, to restore them when the transaction
    is cancelled. That takes minutes, so it is left out: the meter refuses a cancelled transaction.
    """
    with mock_aws(), mock.patch.object(MotoTable, "__deepcopy__", _itself, create=True):
        yield Stack()


@cache
def _session() -> boto3.Session:
    return boto3.Session("bench", "bench", region_name=_REGION)


def _itself(table: MotoTable, _memo: object) -> MotoTable:
    return table


def _batches(many: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (many[start : start + size] for start in range(0, len(many), size))
