"""API keys: the table stores only hashes of named keys, and a request without a key fails."""

import json

import pytest
from botocore.exceptions import ClientError

from graphql_api import query_handler
from graphql_api.access import key_store as access_key_store
from graphql_api.access.access import Access
from graphql_api.access.key_store import AccessKeyStore, KeyCheck
from tests.support.graphql_api.deployment import NOW, Deployment, Response, alert

ASK = b'{"query":"{ getAlerts { data { id } } }"}'
LATER = "2026-11-24T09:00:00.000Z"


def ask(deployment: Deployment, key: str | None) -> Response:
    """Send a query with a key. None is sent as an empty key."""
    headers = {"content-type": "application/json", "x-api-key": key or ""}
    return deployment.send("POST", headers=headers, body=ASK)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def reads(deployment: Deployment) -> list[str]:
    """Return the names of the tables that the handler reads, in order."""
    seen: list[str] = []

    def record(params: dict[str, str], **_: object) -> None:
        seen.append(params["TableName"])

    assert ask(deployment, "").status == 401
    service = query_handler._service()
    store = service.authenticate.keys._store  # type: ignore[attr-defined]
    store._client.meta.events.register("provide-client-params.dynamodb.*", record)
    return seen


def test_valid_key_is_accepted(deployment: Deployment) -> None:
    assert ask(deployment, deployment.key).status == 200


@pytest.mark.parametrize(
    "key",
    ["", "wrong", "gcsmttr_" + "A" * 43, "gcsmttr_" + "A" * 42, "é" * 51, "x" * 100_000],
)
def test_missing_or_wrong_key_is_unauthorized_and_reads_no_data(
    deployment: Deployment, reads: list[str], key: str
) -> None:
    deployment.record(alert(1))
    reads.clear()
    response = ask(deployment, key)
    assert response.status == 401
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert set(response.json) == {"errors", "message", "reason"}
    assert set(reads) <= {"AccessKeys"}


def test_malformed_key_is_not_looked_up(deployment: Deployment, reads: list[str]) -> None:
    ask(deployment, "wrong")
    assert reads == []
    ask(deployment, "gcsmttr_" + "A" * 43)
    assert reads == ["AccessKeys"]


def test_key_lookups_are_cached(deployment: Deployment, reads: list[str]) -> None:
    for _ in range(3):
        assert ask(deployment, deployment.key).status == 200
    assert reads.count("AccessKeys") == 1


def test_table_stores_only_hashes_of_keys(deployment: Deployment) -> None:
    rows = deployment.client.scan(TableName="AccessKeys")["Items"]
    assert deployment.key not in json.dumps(rows)
    assert len(rows[0]["keyHash"]["S"]) == 64


def test_revoked_key_stops_working_when_cache_expires(
    deployment: Deployment,
) -> None:
    store, clock = AccessKeyStore(deployment.client, "AccessKeys"), Clock()
    check = KeyCheck(store, clock=clock, now=lambda: NOW)
    assert check(deployment.key) == Access("tests")
    assert store.revoke("tests", now=LATER) == 1
    clock.now += access_key_store.KEPT_SECONDS - 1
    assert check(deployment.key) == Access("tests")
    clock.now += 1
    assert check(deployment.key) is None


def test_two_keys_with_same_name_are_valid_at_once(
    deployment: Deployment,
) -> None:
    store = AccessKeyStore(deployment.client, "AccessKeys")
    first, second = (store.create("ci", now=NOW) for _ in range(2))
    assert ask(deployment, first).status == ask(deployment, second).status == 200
    assert store.revoke("ci", now=LATER) == 2
    assert store.revoke("ci", now=LATER) == 0
    query_handler._service.cache_clear()
    assert ask(deployment, first).status == ask(deployment, second).status == 401
    assert ask(deployment, deployment.key).status == 200


def test_key_cache_has_limited_size(deployment: Deployment) -> None:
    check = KeyCheck(
        AccessKeyStore(deployment.client, "AccessKeys"), clock=Clock(), now=lambda: NOW
    )
    for number in range(access_key_store.MOST_KEPT + 10):
        assert check(f"guess {number}") is None
    assert len(check._cache) == access_key_store.MOST_KEPT


def test_unreadable_key_table_makes_service_unavailable(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "GetItem")

    service = query_handler._service()
    store = service.authenticate.keys._store  # type: ignore[attr-defined]
    monkeypatch.setattr(store._client, "get_item", broken)
    response = ask(deployment, deployment.key)
    assert (response.status, response.json["reason"]) == (503, "access_unavailable")


def test_access_covers_all_or_named_organisations() -> None:
    assert Access("all").may_read("octo")
    assert Access("some", frozenset({"octo"})).may_read("octo")
    assert not Access("some", frozenset({"octo"})).may_read("acme")
