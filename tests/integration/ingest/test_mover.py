"""The mover (moto): the alerts of a repository follow its name, and its deletion."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from ingest import mover_handler
from ingest.alerts import alert_row
from ingest.instant import to_ms
from ingest.origin import Origin
from ingest.recording import mover as mover_module
from ingest.recording.next_row import RecordingError
from ingest.terms import AlertState
from tests.support.alert_events import at
from tests.support.moved_alerts import Tables, created, fixed, seen


@pytest.fixture
def tables() -> Iterator[Tables]:
    with mock_aws():
        yield Tables(boto3.client("dynamodb", region_name="eu-west-1"))


def names_of(tables: Tables) -> dict[tuple[str, int], int | None]:
    return {name: row.repository_id for name, row in tables.rows().items()}


def test_alerts_move_with_their_history_and_leave_tombstones(tables: Tables) -> None:
    recorder = tables.recorder()
    for number in range(1, 4):
        recorder.record(created("octo/cat", number=number))
    recorder.record(fixed("octo/cat", 5, number=1))
    tables.repositories.observe(seen("acme/tiger", 9))
    tables.settle(7)
    assert names_of(tables) == {("acme/tiger", number): 7 for number in range(1, 4)}
    moved = tables.rows()["acme/tiger", 1]
    assert moved.alert is not None
    assert (moved.alert.state, len(moved.changes)) == (AlertState.CLOSED, 2)
    assert moved.origins == (Origin("d"),)
    assert moved.alert.facts.url == "https://github.com/acme/tiger/security/code-scanning/1"
    left = tables.alerts.read("octo/cat", 1)
    assert left is not None
    item = alert_row.to_item(left)
    assert item == {
        "repositoryName": {"S": "octo/cat"},
        "alertID": {"N": "1"},
        "revision": {"N": "3"},
        "repositoryId": {"N": "7"},
        "movedTo": {"S": "acme/tiger"},
        "origins": {"S": '[["d",null]]'},
    }
    assert alert_row.is_tombstone(item)
    assert not alert_row.is_alert(item)
    assert alert_row.from_item(item) == left


def test_moved_rows_and_the_log_name_the_delivery_of_the_rename(
    tables: Tables, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 9), origin=Origin("rename"))
    mover = tables.mover()
    monkeypatch.setattr(mover_handler, "_mover", lambda: mover)
    keys = {"Keys": {"repository": {"S": "id#7"}}}
    mover_handler.handler({"Records": [{"dynamodb": keys}]}, context(60_000))
    assert [line.deliveries for line in caplog.records] == ["rename"]  # type: ignore[attr-defined]
    (row,) = tables.rows().values()
    assert row.origins == (Origin("rename"), Origin("d"))


def test_changes_under_both_names_become_one_alert(tables: Tables) -> None:
    recorder = tables.recorder()
    recorder.record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 9))
    tables.recorder().record(fixed("octo/tiger", 10))
    tables.settle(7)
    (row,) = tables.rows().values()
    assert row.alert is not None
    assert (row.repository, row.alert.state) == ("octo/tiger", AlertState.CLOSED)


def test_rename_there_and_back_returns_the_alert_with_a_new_revision(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    tables.settle(7)
    tables.repositories.observe(seen("octo/cat", 9))
    tables.settle(7)
    (row,) = tables.rows().values()
    assert (row.repository, row.revision) == ("octo/cat", 3)
    left = tables.alerts.read("octo/tiger", 7)
    assert left is not None
    assert (left.revision, left.moved_to) == (2, "octo/cat")


def test_names_are_swapped(tables: Tables) -> None:
    recorder = tables.recorder()
    for number in (1, 2):
        recorder.record(created("octo/a", 0, 7, number=number))
        recorder.record(created("octo/b", 0, 8, number=number))
    tables.repositories.observe(seen("octo/c", 5, 7))
    tables.repositories.observe(seen("octo/a", 6, 8))
    tables.repositories.observe(seen("octo/b", 7, 7))
    tables.settle(7, 8)
    assert names_of(tables) == {
        **{("octo/b", number): 7 for number in (1, 2)},
        **{("octo/a", number): 8 for number in (1, 2)},
    }


def test_waiting_changes_move_and_still_expire(tables: Tables) -> None:
    tables.recorder().record(fixed("octo/cat", 5))
    tables.repositories.observe(seen("octo/tiger", 9))
    before = tables.rows()["octo/cat", 7]
    tables.settle(7)
    (row,) = tables.rows().values()
    assert (row.is_created, row.expires_s) == (False, before.expires_s)


def test_row_that_was_counted_never_expires(tables: Tables) -> None:
    """A row that expires would start again at revision 1, which the ledger has seen already."""
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    tables.settle(7)
    tables.repositories.observe(seen("octo/cat", 9))
    tables.recorder().record(fixed("octo/cat", 10))
    row = tables.rows()["octo/cat", 7]
    assert (row.is_created, row.expires_s, row.revision) == (False, None, 3)


def test_rows_without_an_id_move_with_the_first_owner_of_the_name(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat", repository_id=None))
    tables.repositories.observe(seen("octo/cat", 0, 7))
    tables.repositories.observe(seen("octo/cat", 5, 8))
    tables.settle(7, 8)
    assert names_of(tables) == {("octo/cat.former-7", 7): 7}
    tables.repositories.observe(seen("octo/tiger", 9, 7))
    tables.settle(7)
    assert names_of(tables) == {("octo/tiger", 7): 7}


def test_deletion_makes_all_alerts_tombstones(tables: Tables) -> None:
    recorder = tables.recorder()
    for number in (1, 2):
        recorder.record(created("octo/cat", number=number))
    recorder.record(created("octo/dog", 0, 8))
    tables.repositories.observe(seen("octo/cat", 10), deleted_at=at(10))
    tables.settle(7, 8)
    gone = {name: row.gone_ms for name, row in tables.rows().items()}
    assert gone == {
        ("octo/cat", 1): to_ms(at(10)),
        ("octo/cat", 2): to_ms(at(10)),
        ("octo/dog", 7): None,
    }


def test_deletion_reaches_alerts_that_still_have_to_move(tables: Tables) -> None:
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    tables.repositories.observe(seen("octo/tiger", 10), deleted_at=at(10))
    tables.settle(7)
    (row,) = tables.rows().values()
    assert (row.repository, row.gone_ms) == ("octo/tiger", to_ms(at(10)))


def test_mover_continues_after_its_time_is_over(tables: Tables) -> None:
    recorder, mover = tables.recorder(), tables.mover()
    for number in range(1, 6):
        recorder.record(created("octo/cat", number=number))
    tables.repositories.observe(seen("octo/tiger", 9))
    left = []
    for _ in range(3):
        before = tables.repositories.read(7)
        time = chain([True, True], repeat(False))
        done = mover.settle(7, has_time=lambda time=time: next(time))  # type: ignore[misc]
        after = tables.repositories.read(7)
        assert before is not None
        assert after is not None
        # The write starts the mover again.
        assert after.revision == before.revision + 1
        left.append((done, sum(name == "octo/cat" for name, _ in tables.rows())))
    assert left == [(False, 3), (False, 1), (True, 0)]


def test_settled_repository_costs_one_read(tables: Tables) -> None:
    tables.repositories.observe(seen("octo/cat", 0))
    mover = tables.mover()
    tables.requests.clear()
    assert mover.settle(7, has_time=lambda: True)
    assert mover.settle(8, has_time=lambda: True)
    assert tables.requests == {"GetItem": 2}


def test_row_that_stays_busy_raises_an_error(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 9))
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(mover_module.Mover, "_write", lambda *_: False)
    with pytest.raises(RecordingError, match="write_contention"):
        tables.mover().settle(7, has_time=lambda: True)
    assert not tables.is_settled(7)


def context(remaining_ms: int) -> LambdaContext:
    made = LambdaContext()
    made._function_name = made._invoked_function_arn = made._aws_request_id = "test"
    made._memory_limit_in_mb = 128
    made.get_remaining_time_in_millis = lambda: remaining_ms  # type: ignore[method-assign]
    return made


def test_handler_settles_the_repositories_of_a_batch(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("ALL_EVENTS_TABLE", tables.events)
    monkeypatch.setenv("REPOSITORIES_TABLE", tables.known)
    mover_handler._mover.cache_clear()
    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 9))
    keys = ["id#7", "name#octo/tiger", "id#7", "id#8"]
    event = {"Records": [{"dynamodb": {"Keys": {"repository": {"S": key}}}} for key in keys]}
    mover_handler.handler(event, context(mover_handler.RESERVE_MS))
    assert names_of(tables) == {("octo/cat", 7): 7}
    mover_handler.handler(event, context(60_000))
    assert names_of(tables) == {("octo/tiger", 7): 7}
    mover_handler._mover.cache_clear()


class Overtaken:
    """DynamoDB for a mover: something else happens before or after its first transaction."""

    def __init__(
        self,
        client: Any,
        *,
        before: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._before = [before]
        self._after = [after]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        for happens in (self._before.pop() for _ in self._before[:1]):
            happens()
        response = self._client.transact_write_items(**request)
        for happens in (self._after.pop() for _ in self._after[:1]):
            happens()
        return response


def test_mover_with_an_outdated_name_moves_nothing(tables: Tables) -> None:
    def rename_back() -> None:
        tables.repositories.observe(seen("octo/cat", 9))
        tables.settle(7)

    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    mover = tables.mover(Overtaken(tables.client, before=rename_back))
    assert mover.settle(7, has_time=lambda: True)
    assert names_of(tables) == {("octo/cat", 7): 7}


def test_mover_does_not_forget_a_row_that_was_created_meanwhile(tables: Tables) -> None:
    def rename_twice() -> None:
        tables.recorder().record(created("octo/cat", 9, number=8))
        tables.recorder().record(created("octo/tiger", 12, number=8))

    tables.recorder().record(created("octo/cat"))
    tables.repositories.observe(seen("octo/tiger", 5))
    mover = tables.mover(Overtaken(tables.client, after=rename_twice))
    assert mover.settle(7, has_time=lambda: True)
    assert names_of(tables) == {("octo/tiger", 7): 7, ("octo/tiger", 8): 7}
