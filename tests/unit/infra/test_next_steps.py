"""After a deployment, the addresses and the next commands are printed."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from infra.next_steps import main
from operations.cli.app import app

OUTPUTS = {"WebhookUrl": "https://a.test/github/webhook", "GraphqlUrl": "https://a.test/graphql"}


def test_steps_have_the_addresses_and_commands_that_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"Alerts": OUTPUTS}))

    main(file)

    printed = capsys.readouterr().out
    for address in OUTPUTS.values():
        assert address in printed
    assert "GraphiqlUrl" not in printed
    commands = re.findall(r"\.venv/bin/gcsmttr (.+)", printed)
    assert len(commands) == 4
    for command in commands:
        words = shlex.split(command)
        assert words[-2:] == ["--stack", "Alerts"]
        found: click.Command = app
        while isinstance(found, click.Group):
            found = found.commands[words.pop(0)]
        found.make_context(found.name, words)
