"""`gcsmttr`: how a stack is selected, and how each error ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from operations import deployment as deployments
from operations.access import api_keys
from operations.cli.exit_status import ExitStatus
from operations.deployment import Deployment
from operations.local_stack import LocalStack
from tests.integration.operations.cli.conftest import Terminal

LIST = ("keys", "list")


def test_stack_is_named_before_or_after_the_command_or_by_the_variable(terminal: Terminal) -> None:
    variable = {"GCSMTTR_STACK": "Mine"}
    for ended in (
        terminal.run(*LIST, "--stack", "Mine"),
        terminal.run("--stack", "Mine", *LIST),
        terminal.run("--stack", "Other", *LIST, "--stack", "Mine"),
        terminal.run(*LIST, env=variable),
        terminal.run(*LIST, "--stack", "Mine", env={"GCSMTTR_STACK": "Other"}),
    ):
        assert ended.exit_code == ExitStatus.OK, ended.stderr


def test_json_is_accepted_before_the_command(terminal: Terminal) -> None:
    assert terminal.run("--json", *LIST, "--stack", "Mine").stdout == "[]\n"


def test_missing_stack_name_is_a_usage_error_with_the_ways_to_give_it(terminal: Terminal) -> None:
    ended = terminal.run(*LIST)
    assert ended.exit_code == ExitStatus.USAGE
    for way in ("--stack NAME", "GCSMTTR_STACK", "--local"):
        assert way in ended.stderr


def test_unknown_stack_has_its_own_status(terminal: Terminal) -> None:
    ended = terminal.run(*LIST, "--stack", "Other")
    assert (ended.exit_code, ended.stdout) == (ExitStatus.NO_STACK, "")
    error, next_step = ended.stderr.splitlines()
    assert error == "Error: This account has no GCSMTTR stack with the name Other in eu-west-1."
    assert next_step.startswith("Next: Check the name, the region (AWS_REGION)")


def test_local_uses_the_stack_of_make_run_and_not_the_variable(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = LocalStack("http://127.0.0.1:1", "eu-west-1", "Gcsmttr")
    (tmp_path / "outputs.json").write_text(json.dumps({**local.to_facts(), "apiKey": "k"}))
    asked: list[LocalStack] = []

    def on_emulator(stack: LocalStack) -> Deployment:
        asked.append(stack)
        return terminal.deployment

    monkeypatch.setattr(deployments, "on_emulator", on_emulator)
    variables = {"RUN_DIR": str(tmp_path), "GCSMTTR_STACK": "Other"}
    for arguments in (("--local", *LIST), (*LIST, "--local")):
        assert terminal.run(*arguments, env=variables).exit_code == ExitStatus.OK
    assert asked == [local, local]
    both = terminal.run("--local", *LIST, "--stack", "Mine", env=variables)
    assert both.exit_code == ExitStatus.USAGE


def test_local_without_make_run_states_how_to_start_it(terminal: Terminal, tmp_path: Path) -> None:
    ended = terminal.run("--local", *LIST, env={"RUN_DIR": str(tmp_path)})
    assert ended.exit_code == ExitStatus.NO_STACK
    assert "make run" in ended.stderr


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Scan")


@pytest.mark.parametrize(
    ("error", "next_step"),
    [
        (NoCredentialsError(), "AWS_PROFILE"),
        (NoRegionError(), "AWS_REGION"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "make run"),
        (client_error("AccessDeniedException"), "docs/README.md"),
        (client_error("ExpiredTokenException"), "Sign in"),
        (client_error("InternalServerError"), "again"),
    ],
)
def test_error_of_aws_states_the_next_step(
    terminal: Terminal, error: Exception, next_step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "all_of", failing(error))
    ended = terminal.mine(*LIST)
    assert (ended.exit_code, ended.stdout) == (ExitStatus.FAILED, "")
    assert next_step in ended.stderr.splitlines()[1]


def test_output_that_an_older_stack_lacks_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Deployment("Mine", terminal.deployment.aws, {"AllEventsTable": "t"})
    monkeypatch.setattr(deployments, "in_account", lambda _: old)
    ended = terminal.mine(*LIST)
    assert ended.exit_code == ExitStatus.FAILED
    assert ended.stderr.splitlines() == [
        "Error: The stack Mine has no output AccessKeysTable.",
        "Next: Deploy the stack again with this version of GCSMTTR.",
    ]


def test_interrupt_and_defect_have_their_own_status(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "all_of", failing(KeyboardInterrupt()))
    assert terminal.mine(*LIST).exit_code == ExitStatus.INTERRUPTED
    monkeypatch.setattr(api_keys, "all_of", failing(ZeroDivisionError("a defect")))
    ended = terminal.mine(*LIST)
    assert ended.exit_code == ExitStatus.DEFECT
    assert "ZeroDivisionError: a defect" in ended.stderr


def failing(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
