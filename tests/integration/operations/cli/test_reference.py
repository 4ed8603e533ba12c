"""Help, docs/commands.md and shell completion describe the same commands."""

from collections.abc import Iterator, Sequence

import click
import pytest
from click.testing import CliRunner

from operations.cli.app import app
from operations.cli.exit_status import ExitStatus
from operations.cli.reference import COMMAND, FILE, page


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command and group."""
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def resolved(words: Sequence[str]) -> tuple[click.Command, list[str]]:
    """Return the command that a line names, and the rest of the line."""
    command: click.Command = app
    rest = list(words)
    while rest and isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    return command, rest


each_command = pytest.mark.parametrize("words", [(), *commands(app)], ids=" ".join)


def test_the_page_is_generated_from_the_commands() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), f"run `{COMMAND}`"


@each_command
def test_help_has_an_example_that_the_command_accepts(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words, "--help"], prog_name="gcsmttr")
    assert done.exit_code == ExitStatus.OK
    assert max(map(len, done.stdout.splitlines())) <= 80
    examples = [
        line.split()[1:] for line in done.stdout.splitlines() if line.startswith("    gcsmttr ")
    ]
    assert examples
    for example in examples:
        assert tuple(example[: len(words)]) == words
        command, rest = resolved(example)
        assert not isinstance(command, click.Group), example
        command.make_context(command.name, rest)


@each_command
def test_commands_for_a_deployment_accept_stack_local_and_json(words: tuple[str, ...]) -> None:
    command, _ = resolved(words)
    if not words or not isinstance(command, click.Group):
        options = {option for param in command.params for option in param.opts}
        assert options >= {"--stack", "--local", "--json"}


def completed(line: str) -> list[str]:
    words = line.split(" ")
    done = CliRunner().invoke(
        app,
        prog_name="gcsmttr",
        env={
            "_GCSMTTR_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    return [one.partition(",")[2] for one in done.stdout.splitlines()]


def test_shell_completes_commands_and_options() -> None:
    assert completed("gcsmttr ve") == ["verify"]
    assert completed("gcsmttr keys ") == ["create", "list", "revoke"]
    assert "--repository" in completed("gcsmttr verify --")
