"""Shell completion as docs/commands.md describes it, in a real bash with the installed command."""

import os
import re
import shutil
import subprocess

import pytest

from infra.local.deployment import GCSMTTR
from tests.support.paths import ROOT

_BASH = shutil.which("bash")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("gcsmttr ver", ["verify"]), ("gcsmttr keys ", ["create", "list", "revoke"])],
)
def test_bash_completes_commands(words: str, expected: list[str]) -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    (line,) = re.findall(r"^- bash, in .+?: `(.+)`$", page, re.MULTILINE)
    split = words.split(" ")
    script = f"""{line}
        complete -p gcsmttr
        COMP_WORDS=({" ".join(split)} ""); COMP_CWORD={len(split) - 1}
        _gcsmttr_completion gcsmttr
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        [str(_BASH), "--norc", "-c", script],
        env={**os.environ, "PATH": f"{GCSMTTR.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    registered, *completions = done.stdout.split("\n")
    assert registered.endswith(" _gcsmttr_completion gcsmttr")
    assert completions[: len(expected)] == expected
