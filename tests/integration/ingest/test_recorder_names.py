"""The name under which an event is recorded (moto): the newest one of its repository."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from ingest.alerts.alert_row import AlertRow
from ingest.alerts.alert_store import AlertStore
from ingest.events.alert_event import AlertEvent
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.instant import to_ms
from ingest.recording.recorder import Recorded, Recorder
from ingest.repositories.repository_store import RepositoryStore
from ingest.terms import Action, AlertState, ClosedAs
from tests.support.alert_events import CREATED, at
from tests.support.rollup_stack import make_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def seen(name: str, minutes: int, repository_id: int = 7) -> SeenRepository:
    return SeenRepository(id=repository_id, name=name, seen_at=at(minutes), facts=RepositoryFacts())


def created(name: str, minutes: int = 0, repository_id: int | None = 7) -> AlertEvent:
    return replace(
        CREATED,
        repository=name,
        url=f"https://github.com/{name}/security/code-scanning/7",
        seen=None if repository_id is None else seen(name, minutes, repository_id),
    )


def fixed(name: str, minutes: int, repository_id: int | None = 7) -> AlertEvent:
    return replace(
        created(name, minutes, repository_id),
        action=Action.FIXED,
        closed_as=ClosedAs.FIXED,
        happened_at=at(minutes),
    )


class Tables:
    """The tables of alerts and repositories, and requests to them by kind."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.client = client
        self.requests: Counter[str] = Counter()
        client.meta.events.register("before-call.dynamodb", self._count)
        make_table(client, "events", "repositoryName", "alertID", indexes={})
        make_table(client, "repositories", "repository", indexes={})
        self.alerts = AlertStore(client, table="events")
        self.repositories = RepositoryStore(client, table="repositories")

    def _count(self, *, model: Any, **_: Any) -> None:
        self.requests[model.name] += 1

    def recorder(self) -> Recorder:
        """Return a recorder with an empty cache, as in another Lambda environment."""
        repositories = RepositoryStore(self.client, table="repositories")
        return Recorder(self.client, alerts=self.alerts, repositories=repositories)

    def rows(self) -> dict[str, AlertRow]:
        """Return the rows of alert 7 by their names, without those that moved."""
        items = self.client.scan(TableName="events")["Items"]
        names = {item["repositoryName"]["S"] for item in items}
        return {name: row for name in names for row in self.alerts.rows_of(name)}


@pytest.fixture
def tables() -> Iterator[Tables]:
    with mock_aws():
        yield Tables(boto3.client("dynamodb", region_name="eu-west-1"))


def test_event_is_recorded_under_the_newest_name(tables: Tables) -> None:
    tables.repositories.observe(seen("octo/cat", 0))
    tables.repositories.observe(seen("acme/Tiger", 9))
    assert tables.recorder().record(created("octo/cat")) is Recorded.STORED
    (row,) = tables.rows().values()
    assert (row.repository, row.repository_id) == ("acme/tiger", 7)
    assert row.alert is not None
    assert row.alert.facts.repository == "acme/Tiger"
    assert row.alert.facts.url == "https://github.com/acme/Tiger/security/code-scanning/7"


def test_event_without_an_id_goes_to_the_last_owner_of_its_name(tables: Tables) -> None:
    tables.repositories.observe(seen("octo/cat", 0))
    tables.repositories.observe(seen("octo/tiger", 9))
    recorder = tables.recorder()
    recorder.record(created("octo/cat", repository_id=None))
    recorder.record(fixed("octo/cat", 5, repository_id=None))
    (row,) = tables.rows().values()
    assert (row.repository, row.repository_id, len(row.changes)) == ("octo/tiger", 7, 2)


def test_event_of_an_unknown_name_keeps_its_name(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat", repository_id=None))
    (row,) = tables.rows().values()
    assert (row.repository, row.repository_id) == ("octo/cat", None)


def test_row_without_an_id_gets_the_id_of_its_next_event(tables: Tables) -> None:
    recorder = tables.recorder()
    recorder.record(created("octo/cat", repository_id=None))
    assert recorder.record(fixed("octo/cat", 5)) is Recorded.STORED
    (row,) = tables.rows().values()
    assert (row.repository, row.repository_id, len(row.changes)) == ("octo/cat", 7, 2)


def test_recorder_with_an_outdated_name_does_not_create_a_row(tables: Tables) -> None:
    outdated = tables.recorder()
    outdated.record(replace(created("octo/cat"), number=8))
    tables.repositories.observe(seen("octo/tiger", 9))
    outdated.record(created("octo/cat"))
    assert tables.alerts.read("octo/cat", 7) is None
    assert tables.alerts.read("octo/tiger", 7) is not None


def test_recorder_that_does_not_know_a_name_yet_does_not_create_a_row(tables: Tables) -> None:
    outdated = tables.recorder()
    outdated.record(replace(created("octo/cat", repository_id=None), number=8))
    tables.repositories.observe(seen("octo/cat", 0))
    tables.repositories.observe(seen("octo/tiger", 9))
    outdated.record(created("octo/cat", repository_id=None))
    assert tables.alerts.read("octo/cat", 7) is None
    assert tables.alerts.read("octo/tiger", 7) is not None


def test_late_event_of_a_deleted_repository_is_recorded_as_gone(tables: Tables) -> None:
    recorder = tables.recorder()
    recorder.record(replace(created("octo/cat"), number=8))
    tables.repositories.observe(seen("octo/cat", 10), deleted_at=at(10))
    recorder.record(created("octo/cat"))
    row = tables.alerts.read("octo/cat", 7)
    assert row is not None
    assert (row.alert, row.gone_ms) == (None, to_ms(at(10)))
    recorder.record(fixed("octo/cat", 11))
    row = tables.alerts.read("octo/cat", 7)
    assert row is not None
    assert row.alert is not None
    assert row.alert.state is AlertState.CLOSED


def test_alert_of_another_repository_makes_way(tables: Tables) -> None:
    """The name was free, and another repository took it before the alerts moved."""
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    other = replace(created("octo/cat", 9, repository_id=8), rule="of the other")
    assert tables.recorder().record(other) is Recorded.STORED
    rows = tables.rows()
    assert {name: row.repository_id for name, row in rows.items()} == {
        "octo/cat": 8,
        "octo/cat.former-7": 7,
    }
    rules = {name: row.alert.facts.rule for name, row in rows.items() if row.alert}
    assert rules == {"octo/cat": "of the other", "octo/cat.former-7": "js/xss"}
    known = tables.repositories.read(7)
    assert known is not None
    assert known.moving_from == ("octo/cat", "octo/cat.former-7")


def test_row_without_an_id_belongs_to_the_first_repository_of_its_name(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat", repository_id=None))
    tables.repositories.observe(seen("octo/cat", 0))
    tables.recorder().record(created("octo/cat", 9, repository_id=8))
    assert {name: row.repository_id for name, row in tables.rows().items()} == {
        "octo/cat": 8,
        "octo/cat.former-7": 7,
    }


def test_recording_costs_two_requests_for_each_event(tables: Tables) -> None:
    recorder = tables.recorder()
    recorder.record(replace(created("octo/cat"), number=8))
    tables.requests.clear()
    recorder.record(created("octo/cat", 1))
    assert tables.requests == {"GetItem": 1, "TransactWriteItems": 1}
    tables.requests.clear()
    recorder.record(fixed("octo/cat", 2))
    assert tables.requests == {"GetItem": 1, "PutItem": 1}
    tables.requests.clear()
    assert recorder.record(fixed("octo/cat", 2)) is Recorded.UNCHANGED
    assert tables.requests == {"GetItem": 1}
