"""`gcsmttr badges`: badges are created, listed and revoked, as text and as JSON."""

from typing import cast

import pytest

from graphql_api.badges.badge import Badge, Metric
from graphql_api.badges.badge_store import BadgeStore
from ingest.terms import Severity
from operations.cli.exit_status import ExitStatus
from tests.integration.operations.cli.conftest import Terminal

BASE = "https://api.test/badge/"
OPEN = ("--organisation", "Acme", "--metric", "open")


@pytest.fixture
def store(terminal: Terminal) -> BadgeStore:
    return BadgeStore(terminal.deployment.aws.dynamodb, "AccessKeys")


def test_create_prints_only_the_addresses_on_stdout(terminal: Terminal, store: BadgeStore) -> None:
    created = terminal.mine("badges", "create", *OPEN)
    assert created.exit_code == ExitStatus.OK
    svg, json, markdown = created.stdout.splitlines()
    token = svg.removeprefix(BASE).removesuffix(".svg")
    assert json == f"{BASE}{token}.json"
    assert markdown == f"![open alerts]({svg})"
    found = store.find(token)
    assert found is not None
    assert found.badge == Badge(Metric.OPEN, "acme")
    assert "Everyone" in created.stderr


def test_every_option_is_stored(terminal: Terminal, store: BadgeStore) -> None:
    limits = ("--team", "core", "--severity", "high", "--window", "30d", "--label", "due [core]")
    document = terminal.document(
        "badges", "create", "--organisation", "acme", "--metric", "compliance", *limits
    )
    assert document.keys() == {"svg", "json", "markdown"}
    assert document["markdown"] == f"![due (core)]({document['svg']})"
    (stored,) = store.all()
    assert stored.badge == Badge(
        Metric.COMPLIANCE, "acme", team="core", severity=Severity.HIGH, days=30, label="due [core]"
    )


def test_list_has_no_token_and_no_whole_hash(terminal: Terminal, store: BadgeStore) -> None:
    token = terminal.document("badges", "create", *OPEN)["svg"].removeprefix(BASE).split(".")[0]
    (stored,) = store.all()
    for listed in (
        terminal.mine("badges", "list").stdout,
        terminal.mine("badges", "list", "--json").stdout,
    ):
        assert stored.id in listed
        assert token not in listed
        assert stored.token_hash not in listed


def test_revoked_badge_is_listed_and_cannot_be_revoked_again(
    terminal: Terminal, store: BadgeStore
) -> None:
    terminal.mine("badges", "create", *OPEN)
    terminal.mine("badges", "create", *OPEN)
    first, second = terminal.document("badges", "list")
    assert terminal.mine("badges", "revoke", first["id"]).exit_code == ExitStatus.OK
    assert [one.id for one in store.all() if one.revoked_at is None] == [second["id"]]
    again = terminal.mine("badges", "revoke", first["id"])
    assert (again.exit_code, again.stdout) == (ExitStatus.FOUND, "")
    assert "gcsmttr badges list" in again.stderr
    assert {one["revokedAt"] is None for one in terminal.document("badges", "list")} == {
        *(True, False)
    }


def test_badges_are_not_listed_as_keys(terminal: Terminal) -> None:
    terminal.mine("badges", "create", *OPEN)
    assert terminal.document("keys", "list") == []


def test_empty_list_names_the_next_command(terminal: Terminal) -> None:
    listed = terminal.mine("badges", "list")
    assert (listed.exit_code, listed.stdout) == (ExitStatus.OK, "")
    assert "gcsmttr badges create" in listed.stderr


def test_stack_without_badges_is_named_and_stores_none(
    terminal: Terminal, store: BadgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(cast("dict[str, str]", terminal.deployment.outputs), "BadgesUrl")
    refused = terminal.mine("badges", "create", *OPEN)
    assert refused.exit_code == ExitStatus.FAILED
    assert "serves no badges" in refused.stderr
    assert list(store.all()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--metric", "open"), "--organisation or --repository"),
        ((*OPEN, "--repository", "acme/web"), "--organisation or --repository"),
        (("--repository", "acme/web", "--metric", "open", "--team", "core"), "--organisation"),
        (("--organisation", "acme/web", "--metric", "open"), "login of an organisation"),
        (("--repository", "acme", "--metric", "open"), "OWNER/NAME"),
        ((*OPEN, "--team", "x" * 257), "at most 256 characters"),
        ((*OPEN, "--label", ""), "1 to 60 printable"),
        ((*OPEN, "--label", "a\nb"), "1 to 60 printable"),
        *(((*OPEN, "--window", days), "1d to 366d") for days in ("12h", "367d")),
    ],
)
def test_invalid_options_are_usage_errors(
    terminal: Terminal, store: BadgeStore, options: tuple[str, ...], message: str
) -> None:
    refused = terminal.mine("badges", "create", *options)
    assert (refused.exit_code, refused.stdout) == (ExitStatus.USAGE, "")
    assert message in refused.stderr
    assert list(store.all()) == []
