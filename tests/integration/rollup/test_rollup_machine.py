"""Any history of alerts, delivered in any way, gives rows equal to a recomputation.

The recorder's store records the events. Stream batches have any size and repeat. Messages arrive in
any order, repeatedly, and at two queue handlers at once. A queue handler crashes just before or
just after any of its writes.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import boto3
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from moto import mock_aws

from ingest.alerts import alert_key
from ingest.events.alert_event import AlertEvent
from ingest.recording.recorder import Recorded
from ingest.terms import Action, ClosedAs, Ref, Severity
from operations.overviews.runner import AuditRunner
from operations.overviews.verification import Summary
from rollup.queues import forwarding
from rollup.queues.message import Message, unpack_alerts, unpack_rows
from rollup.rows.overview_row import ORGANISATION, REPOSITORY
from rollup.stores.rollup_store import RollupStore
from tests.support.rollup_stack import Stack, assert_exact, contents, table_names
from tests.unit.rollup.builders import event

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_DAYS = st.integers(0, 70)
_ALERTS = [("octo/cat", 1), ("octo/cat", 2), ("octo/dog", 1), ("acme/app", 1)]
_CLOSINGS = {
    Action.FIXED: st.just(ClosedAs.FIXED),
    Action.CLOSED_BY_USER: st.sampled_from([*ClosedAs][1:]),
    Action.RECONCILED: st.none() | st.sampled_from(ClosedAs),
}


@st.composite
def events(draw: st.DrawFn) -> AlertEvent:
    """Draw any event of one of four alerts."""
    action = draw(st.sampled_from(Action))
    repository, number = draw(st.sampled_from(_ALERTS))
    one = event(
        repository,
        number,
        action,
        created=draw(st.integers(0, 3)),
        at=draw(_DAYS if action is Action.RECONCILED else _DAYS | st.none()),
        received=draw(_DAYS),
        closed_as=draw(_CLOSINGS.get(action, st.none())),
        severity=draw(st.sampled_from([Severity.HIGH, Severity.LOW])),
        tool=draw(st.sampled_from([None, "CodeQL"])),
        ref=draw(st.sampled_from(Ref)),
    )
    # Another delivery of the same body differs only in its time of receipt.
    body = repr(replace(one, received_at=one.created_at))
    return replace(one, body_digest=sha256(body.encode()).hexdigest())


class CrashError(Exception):
    """The process crashed."""


class Client:
    """DynamoDB for a queue handler that can crash and can have a rival."""

    def __init__(self, machine: "Machine", crash: tuple[int, str] | None) -> None:
        self._machine = machine
        self._crash = crash
        self._writes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._machine.client, name)

    def transact_write_items(self, *, TransactItems: list[Any]) -> None:  # noqa: N803
        self._writes += 1
        crash = self._crash[1] if self._crash and self._crash[0] == self._writes else None
        if crash == "before":
            raise CrashError
        self._machine.rival()
        self._machine.client.transact_write_items(TransactItems=TransactItems)
        for action in TransactItems:
            item = action.get("Put", {}).get("Item", {})
            if "repositoryName" in item:
                self._machine.row_stream.append({"dynamodb": {"NewImage": item}})
        if crash == "after":
            raise CrashError


@dataclass(frozen=True)
class Delivery:
    """The messages of one queue handler and of its rival, by their positions in the queue."""

    positions: list[int]
    rival_positions: list[int]
    crash: tuple[int, str] | None
    again: bool


_POSITIONS = st.integers(0, 5)
DELIVERIES = st.builds(
    Delivery,
    st.lists(_POSITIONS, min_size=1, max_size=3),
    st.lists(_POSITIONS, max_size=2),
    st.none() | st.tuples(st.integers(1, 2), st.sampled_from(["before", "after"])),
    st.booleans(),
)
NEWEST = Delivery([-1], [], None, again=False)


class Machine(RuleBasedStateMachine):
    """The path of alerts through both levels, in arbitrary steps."""

    def __init__(self) -> None:
        super().__init__()
        self.mock = mock_aws()
        self.mock.start()
        self.client: DynamoDBClient = boto3.client("dynamodb", region_name="eu-west-1")
        self.stack = Stack(self.client)
        self.alert_stream: list[dict[str, Any]] = []
        self.row_stream: list[dict[str, Any]] = []
        self.alert_messages: list[Message] = []
        self.row_messages: list[Message] = []
        self.rival_messages: list[Message] = []
        self.recorded: list[AlertEvent] = []

    @initialize()
    def alerts_are_created(self) -> None:
        for position, (repository, number) in enumerate(_ALERTS):
            self.record(event(repository, number, Action.CREATED, created=position))
        self.alerts_are_forwarded(3, again=False)

    @rule(new_events=st.lists(events(), min_size=1, max_size=4), size=st.integers(0, 3))
    def alerts_change(self, new_events: list[AlertEvent], size: int) -> None:
        for one in new_events:
            self.record(one)
        self.alerts_are_forwarded(size, again=False)

    def record(self, one: AlertEvent) -> None:
        """Record an event, and append its record to the table's stream."""
        self.recorded.append(one)
        if self.stack.recorder.record(one) is Recorded.STORED:
            key = alert_key.key(one.repository, one.number)
            table = self.stack.names["events"]
            item = self.client.get_item(TableName=table, Key=key)["Item"]
            self.alert_stream.append({"dynamodb": {"NewImage": item}})

    @rule(size=st.integers(1, 4), again=st.booleans())
    def alerts_are_forwarded(self, size: int, again: bool) -> None:
        batch = self.alert_stream[:size]
        self.alert_messages += forwarding.alert_messages(batch)
        if not again:
            del self.alert_stream[:size]

    @rule(size=st.integers(1, 12), again=st.booleans())
    def rows_are_forwarded(self, size: int, again: bool) -> None:
        batch = self.row_stream[:size]
        self.row_messages += forwarding.row_messages(batch)
        if not again:
            del self.row_stream[:size]

    @rule(deliveries=st.lists(DELIVERIES, min_size=2, max_size=6))
    def alerts_are_applied(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            self.apply(self.alert_messages, delivery)

    @rule(deliveries=st.lists(DELIVERIES, min_size=2, max_size=6))
    def rows_are_applied(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            self.apply(self.row_messages, delivery)

    def apply(self, queue: list[Message], delivery: Delivery) -> None:
        """Apply some messages of a queue, and delete them if no crash happens."""
        if not queue:
            return
        messages, self.rival_messages = (
            [queue[position % len(queue)] for position in positions]
            for positions in (delivery.positions, delivery.rival_positions)
        )
        try:
            self.invoke(messages, Client(self, delivery.crash), rows=queue is self.row_messages)
        except CrashError:
            return
        if not delivery.again:
            queue[:] = [message for message in queue if message not in messages]

    def drain(self, queue: list[Message]) -> None:
        """Apply all remaining messages, newest first, so that outdated ones come last."""
        while queue:
            self.apply(queue, NEWEST)

    def invoke(self, messages: list[Message], client: Any, *, rows: bool) -> None:
        """Run one invocation of a queue handler."""
        level, name = (ORGANISATION, "organisation") if rows else (REPOSITORY, "repository")
        names = self.stack.names
        store = RollupStore(client, level=level, table=names[name], ledger=names["ledger"])
        if rows:
            found = [row for message in messages for row in unpack_rows(message.body)]
            store.apply(self.stack.reader.entries(found))
        else:
            store.apply([e for message in messages for e in unpack_alerts(message.body)])

    def rival(self) -> None:
        """Run another queue handler once, between the reads and the write of the first one."""
        messages, self.rival_messages = self.rival_messages, []
        if messages:
            rows = '"rows"' in messages[0].body
            self.invoke(messages, Client(self, None), rows=rows)

    def in_another_order(self) -> Stack:
        """Record the same events in reverse order, with a catch-up after every fifth one."""
        other = Stack(self.client)
        for position, one in enumerate(reversed(self.recorded)):
            other.recorder.record(one)
            if position % 5 == 0:
                other.catch_up()
        other.catch_up()
        return other

    def teardown(self) -> None:
        try:
            self.alerts_are_forwarded(len(self.alert_stream), again=False)
            self.drain(self.alert_messages)
            self.rows_are_forwarded(len(self.row_stream), again=False)
            self.drain(self.row_messages)
            assert_exact(self.stack, self.stack.finals())
            runner = AuditRunner(self.client, tables=table_names(self.stack), wait=lambda _: None)
            checked = Summary()
            for result in runner.check(runner.of_deployment()):
                checked.add(result)
            assert (checked.found, checked.busy) == (0, [])
            assert contents(self.stack) == contents(self.in_another_order())
        finally:
            self.mock.stop()


Machine.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=timedelta(minutes=1),
    # Shrinking takes minutes with moto.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyHistory = Machine.TestCase
