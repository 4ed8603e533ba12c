"""The name under which an event is recorded (moto): the newest one of its repository."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from ingest.instant import to_ms
from ingest.recording.recorder import Recorded
from ingest.terms import AlertState
from tests.support.alert_events import at
from tests.support.moved_alerts import Tables, created, fixed, seen


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
    assert {name: row.repository_id for (name, _), row in rows.items()} == {
        "octo/cat": 8,
        "octo/cat.former-7": 7,
    }
    rules = {name: row.alert.facts.rule for (name, _), row in rows.items() if row.alert}
    assert rules == {"octo/cat": "of the other", "octo/cat.former-7": "js/xss"}
    known = tables.repositories.read(7)
    assert known is not None
    assert known.moving_from == ("octo/cat", "octo/cat.former-7")


def test_row_without_an_id_belongs_to_the_first_repository_of_its_name(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat", repository_id=None))
    tables.repositories.observe(seen("octo/cat", 0))
    tables.recorder().record(created("octo/cat", 9, repository_id=8))
    assert {name: row.repository_id for (name, _), row in tables.rows().items()} == {
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
