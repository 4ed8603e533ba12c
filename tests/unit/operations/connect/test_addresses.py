"""To which GitHub a stack can be connected, and which command follows."""

import pytest

from github_rest.servers import GITHUB_COM, server_of
from operations.connect import next_command, public_address
from operations.connect.errors import NoPublicAddressError
from operations.connect.target import Kind, Target
from tests.unit.operations.connect.conftest import ACME, MONA, WEB

PUBLIC = "https://abc.execute-api.eu-west-1.amazonaws.com/github/webhook"
LOCAL = server_of("http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:4566/w", "http://localhost/w", "http://[::1]:1/w", "http://x.localhost"],
)
def test_local_stack_can_be_connected_to_a_local_github_only(url: str) -> None:
    public_address.check(url, LOCAL)
    with pytest.raises(NoPublicAddressError, match=r"https://github\.com cannot deliver") as caught:
        public_address.check(url, GITHUB_COM)
    assert "--enterprise-server" in caught.value.next_step


def test_stack_in_aws_can_be_connected_to_any_github() -> None:
    public_address.check(PUBLIC, GITHUB_COM)
    public_address.check(PUBLIC, server_of("https://github.example.com"))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (ACME, ("--organisation", "acme")),
        (WEB, ("--repository", "acme/web")),
        (MONA, ("--user", "mona")),
    ],
)
def test_next_command_backfills_what_was_connected(target: Target, words: tuple[str, ...]) -> None:
    command = next_command.backfill(target, stack="Mine", is_local=False)
    assert command == ("backfill", *words, "--stack", "Mine")


def test_next_command_names_another_server_and_the_local_stack() -> None:
    target = Target(
        server=server_of("https://github.example.com"),
        kind=Kind.USER,
        name="mona",
        owner="mona",
        is_organisation=False,
    )
    assert next_command.backfill(target, stack="Mine", is_local=True) == (
        *("backfill", "--user", "mona"),
        *("--api-url", "https://github.example.com/api/v3", "--local"),
    )
