"""`gcsmttr keys`: keys are created, listed and revoked, as text and as JSON."""

from datetime import timedelta

import pytest

from graphql_api.access.key_store import AccessKeyStore
from ingest.instant import parse
from operations.cli.exit_status import ExitStatus
from tests.integration.operations.cli.conftest import Terminal


@pytest.fixture
def store(terminal: Terminal) -> AccessKeyStore:
    return AccessKeyStore(terminal.deployment.aws.dynamodb, "AccessKeys")


def test_create_prints_only_the_key_on_stdout(terminal: Terminal, store: AccessKeyStore) -> None:
    created = terminal.mine("keys", "create", "grafana")
    assert created.exit_code == ExitStatus.OK
    (key,) = created.stdout.splitlines()
    found = store.find(key)
    assert found is not None
    assert (found.name, found.revoked_at) == ("grafana", None)
    assert "x-api-key" in created.stderr


def test_create_prints_the_key_as_json(terminal: Terminal, store: AccessKeyStore) -> None:
    document = terminal.document("keys", "create", "grafana")
    assert document.keys() == {"name", "key", "expiresAt"}
    assert document["expiresAt"] is None
    assert store.find(document["key"]) is not None


def test_list_is_aligned_and_in_order_of_names(terminal: Terminal) -> None:
    for name in ("the-longest-name", "ci"):
        terminal.mine("keys", "create", name)
    terminal.mine("keys", "revoke", "ci")
    head, first, second = terminal.mine("keys", "list").stdout.splitlines()
    assert [head.index("Created"), head.index("Status")] == [
        second.index("20"),
        second.index("valid"),
    ]
    assert [first.split()[0], first.split()[-1]] == ["ci", "revoked"]
    assert second.split()[:2] == ["the-longest-name", "all"]


def test_list_as_json_has_no_key_and_no_hash(terminal: Terminal) -> None:
    terminal.mine("keys", "create", "ci")
    (listed,) = terminal.document("keys", "list")
    assert listed.keys() == {
        *("name", "organisations", "createdAt", "expiresAt", "revokedAt", "status")
    }
    assert (listed["name"], listed["revokedAt"], listed["status"]) == ("ci", None, "valid")


def test_key_can_be_limited_and_expire(terminal: Terminal, store: AccessKeyStore) -> None:
    limits = ("--organisation", "Acme", "--organisation", "octo")
    document = terminal.document("keys", "create", "ci", *limits, "--expires", "12h")
    found = store.find(document["key"])
    assert found is not None
    assert found.organisations == frozenset({"acme", "octo"})
    assert found.expires_at == document["expiresAt"]
    lifetime = parse(document["expiresAt"]) - parse(found.created_at)
    assert lifetime == timedelta(hours=12)
    (listed,) = terminal.document("keys", "list")
    assert listed["organisations"] == ["acme", "octo"]
    assert listed["status"] == "valid"
    assert "acme octo" in terminal.mine("keys", "list").stdout


@pytest.mark.parametrize(
    "option",
    [
        *(("--organisation", name) for name in ("", "acme/web", "a b", "é")),
        *(("--expires", text) for text in ("", "0d", "90", "d", "-1d", "1y", "1.5d", "999999d")),
    ],
)
def test_invalid_limits_are_usage_errors(
    terminal: Terminal, store: AccessKeyStore, option: tuple[str, str]
) -> None:
    created = terminal.mine("keys", "create", "ci", *option)
    assert created.exit_code == ExitStatus.USAGE
    assert list(store.all()) == []


def test_list_without_keys_states_the_next_step(terminal: Terminal) -> None:
    listed = terminal.mine("keys", "list")
    assert (listed.exit_code, listed.stdout) == (ExitStatus.OK, "")
    assert "gcsmttr keys create" in listed.stderr


def test_revoke_counts_the_keys_and_needs_one(terminal: Terminal, store: AccessKeyStore) -> None:
    key = terminal.mine("keys", "create", "ci").stdout.strip()
    terminal.mine("keys", "create", "ci")
    revoked = terminal.mine("keys", "revoke", "ci")
    assert revoked.exit_code == ExitStatus.OK
    assert revoked.stdout == "Revoked keys: 2. They stop working within 30 seconds.\n"
    found = store.find(key)
    assert found is not None
    assert found.revoked_at is not None
    again = terminal.mine("keys", "revoke", "ci")
    assert (again.exit_code, again.stdout) == (ExitStatus.FOUND, "")
    assert "gcsmttr keys list" in again.stderr
    assert terminal.document("keys", "revoke", "ci") == {"name": "ci", "revoked": 0}
