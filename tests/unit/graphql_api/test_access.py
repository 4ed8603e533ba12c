"""Who may ask: named keys of which only hashes are stored, and nothing without one."""

import json

import pytest
from botocore.exceptions import ClientError

from graphql_api import query_handler
from graphql_api.access import key_store as access_key_store
from graphql_api.access.access import Access
from graphql_api.access.key_store import AccessKeyStore, KeyCheck
from operations import access_keys
from tests.support.graphql_api.deployment import NOW, Answer, Deployment, alert

ASK = b'{"query":"{ getAlerts { data { id } } }"}'
LATER = "2026-11-24T09:00:00.000Z"


def ask(deployment: Deployment, key: str | None) -> Answer:
    """Ask for data with a key, or with no such header at all."""
    headers = {"content-type": "application/json", "x-api-key": key or ""}
    return deployment.send("POST", headers=headers, body=ASK)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def reads(deployment: Deployment) -> list[str]:
    """The names of the tables that the handler reads, in order."""
    seen: list[str] = []

    def note(params: dict[str, str], **_: object) -> None:
        seen.append(params["TableName"])

    assert ask(deployment, "").status == 401
    service = query_handler._service()
    store = service.authenticate._store  # type: ignore[attr-defined]
    store._client.meta.events.register("provide-client-params.dynamodb.*", note)
    return seen


def test_a_valid_key_is_let_in(deployment: Deployment) -> None:
    assert ask(deployment, deployment.key).status == 200


@pytest.mark.parametrize(
    "key",
    ["", "wrong", "gcsmttr_" + "A" * 43, "gcsmttr_" + "A" * 42, "é" * 51, "x" * 100_000],
)
def test_a_missing_or_wrong_key_gets_a_401_in_json_and_touches_no_data(
    deployment: Deployment, reads: list[str], key: str
) -> None:
    deployment.record(alert(1))
    reads.clear()
    answer = ask(deployment, key)
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert set(answer.json) == {"errors", "message", "reason"}
    assert set(reads) <= {"AccessKeys"}


def test_what_does_not_look_like_a_key_is_not_even_looked_up(
    deployment: Deployment, reads: list[str]
) -> None:
    ask(deployment, "wrong")
    assert reads == []
    ask(deployment, "gcsmttr_" + "A" * 43)
    assert reads == ["AccessKeys"]


def test_a_known_key_is_looked_up_once_in_a_while(deployment: Deployment, reads: list[str]) -> None:
    for _ in range(3):
        assert ask(deployment, deployment.key).status == 200
    assert reads.count("AccessKeys") == 1


def test_no_key_is_stored_and_none_can_be_told_from_what_is(deployment: Deployment) -> None:
    rows = deployment.client.scan(TableName="AccessKeys")["Items"]
    assert deployment.key not in json.dumps(rows)
    assert len(rows[0]["keyHash"]["S"]) == 64


def test_a_revoked_key_stops_working_within_the_time_that_answers_are_kept(
    deployment: Deployment,
) -> None:
    store, clock = AccessKeyStore(deployment.client, "AccessKeys"), Clock()
    check = KeyCheck(store, clock=clock)
    assert check(deployment.key) == Access("tests")
    assert store.revoke("tests", now=LATER) == 1
    clock.now += access_key_store.KEPT_SECONDS - 1
    assert check(deployment.key) == Access("tests")
    clock.now += 1
    assert check(deployment.key) is None


def test_two_keys_of_one_name_work_side_by_side_so_that_a_rotation_loses_nothing(
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


def test_the_memory_of_keys_is_bounded(deployment: Deployment) -> None:
    check = KeyCheck(AccessKeyStore(deployment.client, "AccessKeys"), clock=Clock())
    for number in range(access_key_store.MOST_KEPT + 10):
        assert check(f"guess {number}") is None
    assert len(check._kept) == access_key_store.MOST_KEPT


def test_a_table_of_keys_that_cannot_be_read_is_a_503_and_not_a_yes(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "GetItem")

    service = query_handler._service()
    store = service.authenticate._store  # type: ignore[attr-defined]
    monkeypatch.setattr(store._client, "get_item", broken)
    answer = ask(deployment, deployment.key)
    assert (answer.status, answer.json["reason"]) == (503, "access_unavailable")


def test_the_command_creates_lists_and_revokes_keys(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(access_keys, "outputs_of", lambda *_: {"AccessKeysTable": "AccessKeys"})
    assert access_keys.main(["create", "grafana", "--stack", "Mine"]) == 0
    key = capsys.readouterr().out.strip()
    assert ask(deployment, key).status == 200
    capsys.readouterr()
    assert access_keys.main(["list", "--stack", "Mine"]) == 0
    listed = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[2]) for line in listed] == [("grafana", "valid"), ("tests", "valid")]
    assert access_keys.main(["revoke", "grafana", "--stack", "Mine"]) == 0
    assert access_keys.main(["revoke", "nobody", "--stack", "Mine"]) == 1
    capsys.readouterr()
    access_keys.main(["list", "--stack", "Mine"])
    assert "valid" not in capsys.readouterr().out.splitlines()[0]


def test_access_is_to_everything_or_to_the_organisations_named() -> None:
    assert Access("all").may_read("octo")
    assert Access("some", frozenset({"octo"})).may_read("octo")
    assert not Access("some", frozenset({"octo"})).may_read("acme")
