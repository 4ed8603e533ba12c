"""Repositories (moto): the newest observation wins, and what is known already costs no request."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.repositories import repository_row as rows
from ingest.repositories.repository import Register, Repository
from ingest.repositories.repository_store import RepositoryError, RepositoryStore
from ingest.terms import Visibility

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_TABLES = count()


def seen(name: str, minutes: int, repository_id: int = 7, **facts: Any) -> SeenRepository:
    return SeenRepository(
        id=repository_id,
        name=name,
        seen_at=NOW + timedelta(minutes=minutes),
        facts=RepositoryFacts(**facts),
    )


class Counting:
    """A client that counts the requests."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.requests: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        if name not in {"exceptions", "_client"}:
            self.requests[name] += 1
        return getattr(self._client, name)


@pytest.fixture(scope="module")
def client() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


def new_store(client: Any) -> RepositoryStore:
    table = f"repositories-{next(_TABLES)}"
    client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "repository", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "repository", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return RepositoryStore(client, table=table)


def another(store: RepositoryStore, client: Any) -> RepositoryStore:
    """Return a store over the same table, without its cache."""
    return RepositoryStore(client, table=store.table)


def test_rows_are_these_documents(client: "DynamoDBClient") -> None:
    store = new_store(client)
    store.observe(seen("Octo/Cat", 0, visibility=Visibility.INTERNAL, topics=("api", "web")))
    items = client.scan(TableName=store.table)["Items"]
    assert sorted(items, key=lambda item: str(item["repository"])) == [
        {
            "repository": {"S": "id#7"},
            "name": {"S": "Octo/Cat"},
            "nameSeenAt": {"S": "2026-11-23T09:00:00.000Z"},
            "keyName": {"S": "octo/cat"},
            "organisationName": {"S": "octo"},
            "facts": {
                "S": '{"topics":["2026-11-23T09:00:00.000Z","[\\"api\\",\\"web\\"]"],'
                '"visibility":["2026-11-23T09:00:00.000Z","\\"internal\\""]}'
            },
            "revision": {"N": "1"},
        },
        {
            "repository": {"S": "name#octo/cat"},
            "repositoryId": {"N": "7"},
            "seenAt": {"S": "2026-11-23T09:00:00.000Z"},
            "revision": {"N": "1"},
        },
    ]


def test_confirmed_observation_costs_no_request(client: "DynamoDBClient") -> None:
    counting = Counting(client)
    store = RepositoryStore(counting, table=new_store(client).table)  # type: ignore[arg-type]
    first = store.observe(seen("octo/cat", 0, archived=False))
    assert counting.requests == {"get_item": 2, "transact_write_items": 1}
    for minutes in (0, 5, -5):
        assert store.observe(seen("octo/cat", minutes, archived=False)) == first
    assert counting.requests == {"get_item": 2, "transact_write_items": 1}
    cold = RepositoryStore(counting, table=store.table)  # type: ignore[arg-type]
    assert cold.observe(seen("octo/cat", 9, archived=False)) == first
    assert counting.requests == {"get_item": 3, "transact_write_items": 1}


def test_unreported_fact_keeps_its_value(client: "DynamoDBClient") -> None:
    store = new_store(client)
    store.observe(seen("octo/cat", 0, archived=True, default_branch="main"))
    known = store.observe(seen("octo/cat", 5, archived=False))
    assert {name: one.value for name, one in known.facts.items()} == {
        "archived": "false",
        "defaultBranch": '"main"',
    }


def test_old_delivery_that_is_sent_again_changes_nothing(client: "DynamoDBClient") -> None:
    store = new_store(client)
    store.observe(seen("octo/cat", 0, archived=False))
    renamed = store.observe(seen("octo/tiger", 10, archived=True))
    assert (renamed.name, renamed.moving_from) == ("octo/tiger", ("octo/cat",))
    assert store.observe(seen("octo/cat", 5, archived=False)) == renamed
    assert another(store, client).observe(seen("octo/cat", 5, archived=False)) == renamed


def test_spelling_changes_without_a_move(client: "DynamoDBClient") -> None:
    store = new_store(client)
    store.observe(seen("octo/cat", 0))
    known = store.observe(seen("Octo/Cat", 1))
    assert (known.name, known.moving_from) == ("Octo/Cat", ())


def test_rename_there_and_back_leaves_the_other_name_to_move(client: "DynamoDBClient") -> None:
    store = new_store(client)
    for minutes, name in enumerate(("octo/a", "octo/b", "octo/a")):
        known = store.observe(seen(name, minutes))
    assert (known.key_name, known.moving_from) == ("octo/a", ("octo/b",))
    known = store.observe(seen("octo/c", 9))
    assert (known.key_name, known.moving_from) == ("octo/c", ("octo/b", "octo/a"))


def test_name_is_found_under_its_last_owner(client: "DynamoDBClient") -> None:
    store = new_store(client)
    assert store.of_name("octo/cat") is None
    fresh = another(store, client)
    store.observe(seen("octo/cat", 0))
    store.observe(seen("octo/tiger", 1))
    for name in ("Octo/Cat", "octo/tiger"):
        found = fresh.of_name(name)
        assert found is not None
        assert found.key_name == "octo/tiger"


def test_unknown_name_is_read_again_after_a_minute(client: "DynamoDBClient") -> None:
    now = [0.0]
    counting = Counting(client)
    table = new_store(client).table
    store = RepositoryStore(counting, table=table, clock=lambda: now[0])  # type: ignore[arg-type]
    assert [store.of_name("octo/cat") for _ in range(3)] == [None] * 3
    assert counting.requests == {"get_item": 1}
    now[0] = 61
    store.of_name("octo/cat")
    assert counting.requests == {"get_item": 2}


@pytest.mark.parametrize("late", [False, True])
def test_new_repository_takes_the_name_of_an_old_one(client: "DynamoDBClient", late: bool) -> None:
    store = new_store(client)
    observations = [seen("octo/cat", 0, 7), seen("octo/cat", 10, 8)]
    for one in reversed(observations) if late else observations:
        store.observe(one)
    first, second = (another(store, client).read(repository_id) for repository_id in (7, 8))
    assert first is not None
    assert second is not None
    assert second.key_name == "octo/cat"
    assert first.key_name == "octo/cat.former-7"
    renamed = another(store, client).observe(seen("octo/tiger", 5, 7))
    assert (renamed.key_name, "octo/cat.former-7" in renamed.moving_from) == ("octo/tiger", True)


def test_deletion_is_stored_and_pending(client: "DynamoDBClient") -> None:
    store = new_store(client)
    store.observe(seen("octo/cat", 0))
    gone = store.observe(seen("octo/cat", 1), deleted_at=NOW + timedelta(minutes=2))
    assert gone.is_deletion_pending
    assert another(store, client).read(7) == gone
    assert store.replace(gone, replace(gone, is_deletion_pending=False))
    assert not store.replace(gone, replace(gone, is_deletion_pending=False))


def test_row_is_read_back() -> None:
    whole = Repository(
        id=7,
        name="Octo/Cat",
        name_ms=1_767_225_600_000,
        lost_ms=1_767_225_600_001,
        deleted_ms=1_767_225_600_002,
        facts={"archived": Register(1_767_225_600_000, "true")},
        moving_from=("octo/a", "octo/b"),
        is_deletion_pending=True,
        revision=3,
    )
    assert rows.from_item(rows.to_item(whole)) == whole


def test_lasting_conflict_raises_error(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(RepositoryStore, "_write", lambda *_: False)
    with pytest.raises(RepositoryError, match="repository_contention"):
        new_store(client).observe(seen("octo/cat", 0))


_OBSERVED = st.lists(
    st.tuples(st.sampled_from(["octo/a", "octo/b"]), st.sampled_from([None, True, False])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_OBSERVED, st.data())
def test_newest_observation_decides_after_any_order(
    client: "DynamoDBClient", observed: list[tuple[str, bool | None]], data: st.DataObject
) -> None:
    """An observation that confirms a name does not renew its time, so the newest one comes last."""
    history = [
        seen(name, minutes, archived=archived)
        for minutes, (name, archived) in enumerate(observed)
        if minutes == 0 or observed[minutes - 1][0] != name
    ]
    store = new_store(client)
    for one in data.draw(st.permutations(history + history[:2])):
        store.observe(one)
        if data.draw(st.booleans()):
            store = another(store, client)
    last = store.observe(history[-1])
    assert last.name == history[-1].name
    assert last == another(store, client).read(7)
