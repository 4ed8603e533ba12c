"""Any history of two repositories ends in the same rows, however it is delivered (moto).

The repositories are renamed, take the names of each other, and are deleted. The events of both
arrive in any order and repeatedly, at recorders that remember outdated names. Movers run at any
time, for a few rows. Recorders and movers crash before and after any write, and run between a read
and a write of each other.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ingest.alerts.change import Change, absence, add, change_of
from ingest.alerts.lifecycle import Alert, fold
from ingest.events.alert_event import AlertEvent
from ingest.instant import to_ms
from ingest.recording.recorder import Recorder
from ingest.repositories.name_change import under_name
from tests.support.alert_events import at
from tests.support.moved_alerts import Tables, created, fixed, seen

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

IDS = (7, 8)
EXAMPLES = int(os.environ.get("MOVED_HISTORIES", "60"))
NAMES = ("octo/a", "octo/b", "acme/c")
LATER = 1_000
"""After all that happens in a history, in minutes."""

Delivery: TypeAlias = AlertEvent | int
"""An event, or the id of a repository whose deletion is delivered."""


@dataclass
class History:
    """What happened: the events, the names of the repositories at the end, and their deletions."""

    events: list[AlertEvent]
    names: dict[int, str]
    deleted: dict[int, tuple[str, int]]

    def expected(self) -> dict[tuple[str, int], tuple[int, Alert]]:
        """Return the alerts at the end by name and number, each with the id of its repository."""
        changes: dict[tuple[int, int], frozenset[Change]] = {}
        for event in self.events:
            assert event.seen is not None
            key = (event.seen.id, event.number)
            changes[key] = add(changes.get(key, frozenset()), change_of(event))
        found = {}
        for (repository_id, number), known in changes.items():
            name, all_known = self.names[repository_id], known
            if repository_id in self.deleted:
                all_known |= {absence(to_ms(at(self.deleted[repository_id][1])))}
            alert = fold(under_name(all_known, name, number))
            if alert is not None:
                found[name, number] = (repository_id, alert)
        return found


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw renames, a deletion, and events under the names of their time."""
    names = {7: "octo/a", 8: "octo/b"}
    history = History([], names, {})
    for repository_id in IDS:
        for number in (1, 2):
            history.events.append(created(names[repository_id], 0, repository_id, number=number))
    for minute in range(1, draw(st.integers(2, 8))):
        repository_id = draw(st.sampled_from(IDS))
        free = [
            name
            for name in NAMES
            if name not in {names[one] for one in IDS if one not in history.deleted}
        ]
        step = draw(st.sampled_from(["rename", "rename", "event", "delete"]))
        if repository_id in history.deleted:
            continue
        if step == "rename":
            names[repository_id] = draw(st.sampled_from(free))
        elif step == "delete" and not history.deleted:
            history.deleted[repository_id] = (names[repository_id], minute)
            continue
        number = draw(st.integers(1, 3))
        make = fixed if draw(st.booleans()) else created
        event = make(names[repository_id], minute, repository_id, number=number)
        history.events.append(event)
    return history


class CrashError(Exception):
    """The process crashed."""


@dataclass
class Interruption:
    """What happens around one write of an operation: the first one has position 0."""

    position: int = 0
    kind: str = "none"
    rival: Callable[[], None] = field(default=lambda: None)


class Client:
    """DynamoDB for an operation that can crash and can have a rival."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.interruption = Interruption()
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **request: Any) -> None:
        self._write(lambda: self._client.put_item(**request))

    def transact_write_items(self, **request: Any) -> None:
        self._write(lambda: self._client.transact_write_items(**request))

    def _write(self, write: Callable[[], object]) -> None:
        is_now = self.writes == self.interruption.position
        self.writes += 1
        if is_now and self.interruption.kind == "before":
            raise CrashError
        if is_now and self.interruption.kind == "rival":
            self.interruption.rival()
        write()
        if is_now and self.interruption.kind == "after":
            raise CrashError


class World:
    """Two recorders and a mover that remember what they read, and rivals of them."""

    def __init__(self, client: "DynamoDBClient", history: History) -> None:
        self.tables = Tables(client)
        self.history = history
        self.client = Client(client)
        self.recorders = [self.tables.recorder(self.client) for _ in range(2)]
        self.mover = self.tables.mover(self.client)
        self.rivals = (self.tables.recorder(), self.tables.mover())

    def deliver(self, delivery: Delivery, recorder: Recorder) -> None:
        """Record an event, or observe the deletion of a repository if the delivery is its id."""
        if isinstance(delivery, AlertEvent):
            recorder.record(delivery)
        else:
            name, minute = self.history.deleted[delivery]
            self.tables.repositories.observe(seen(name, minute, delivery), deleted_at=at(minute))

    def rival(self, steps: list[Delivery | None]) -> None:
        """Deliver something in another process, or run the movers to their end for None."""
        recorder, mover = self.rivals
        for step in steps:
            if step is not None:
                self.deliver(step, recorder)
                continue
            for repository_id in IDS:
                mover.settle(repository_id, has_time=lambda: True)

    def run(self, operation: Callable[[], object], interruption: Interruption) -> bool:
        """Run an operation, and return whether it did not crash."""
        self.client.interruption, self.client.writes = interruption, 0
        try:
            operation()
        except CrashError:
            return False
        finally:
            self.client.interruption = Interruption()
        return True

    def finish(self) -> None:
        """Run the movers to their end.

        An observation that confirms a name does not renew its time, so an outdated name can win
        until the next event of the repository.
        """
        for repository_id, name in self.history.names.items():
            known = self.tables.repositories.read(repository_id)
            assert known is not None
            if repository_id not in self.history.deleted and known.key_name != name:
                self.tables.repositories.observe(seen(name, LATER, repository_id))
        self.tables.settle(*IDS)

    def stored(self) -> dict[tuple[str, int], tuple[int, Alert]]:
        return {
            name: (row.repository_id or 0, alert)
            for name, row in self.tables.rows().items()
            if (alert := row.alert) is not None
        }


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> "Iterator[DynamoDBClient]":
    monkeypatch.setattr("time.sleep", lambda _: None)
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories(), st.data())
def test_any_delivery_of_a_history_ends_in_its_rows(
    client: "DynamoDBClient", history: History, data: st.DataObject
) -> None:
    world = World(client, history)
    deliveries: list[Delivery] = [*history.events, *history.deleted]
    steps = st.lists(st.none() | st.sampled_from(deliveries), max_size=3)

    def run(operation: Callable[[], object]) -> bool:
        kind = data.draw(st.sampled_from(["none", "none", "before", "after", "rival", "rival"]))
        rivals = data.draw(steps) if kind == "rival" else []
        position = data.draw(st.integers(0, 2))
        return world.run(operation, Interruption(position, kind, lambda: world.rival(rivals)))

    def move(repository_id: int, rows: int) -> Callable[[], object]:
        left = iter(range(rows))
        return lambda: world.mover.settle(
            repository_id, has_time=lambda: next(left, None) is not None
        )

    order = deliveries if data.draw(st.booleans()) else data.draw(st.permutations(deliveries))
    waiting = list(order) + data.draw(st.lists(st.sampled_from(deliveries), max_size=3))
    while waiting:
        delivery = waiting.pop(0)
        recorder = data.draw(st.sampled_from(world.recorders))
        if not run(partial(world.deliver, delivery, recorder)):
            waiting.append(delivery)
        for repository_id in data.draw(st.lists(st.sampled_from(IDS), max_size=2)):
            run(move(repository_id, data.draw(st.sampled_from([1, 2, 50]))))
    world.finish()
    assert world.stored() == history.expected()
    rows = world.tables.rows().values()
    for repository_id in IDS:
        known = world.tables.repositories.read(repository_id)
        assert known is not None
        own = {row.repository for row in rows if row.repository_id == repository_id}
        assert own <= {known.key_name}
