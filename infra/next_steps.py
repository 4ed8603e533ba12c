"""Prints what to do after `make deploy`: `python -m infra.next_steps OUTPUTS`.

Reads the file that `cdk deploy --outputs-file` writes: the outputs of each deployed stack by name.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

_ADDRESSES = ("WebhookUrl", "GraphqlUrl", "DashboardUrl", "GraphiqlUrl")
_COMMANDS = (
    ("Connect GitHub", "connect --organisation YOUR-ORGANISATION"),
    ("Read the alerts that exist already", "backfill --organisation YOUR-ORGANISATION"),
    ("Create an API key", "keys create NAME"),
    ("See whether everything works", "status"),
)


def next_steps(stack: str, outputs: Mapping[str, str]) -> str:
    """Return the addresses of a stack and the next commands, as lines of text."""
    addresses = [f"  {name:<12} {outputs[name]}" for name in _ADDRESSES if name in outputs]
    commands = [
        f"  {purpose}:\n    .venv/bin/gcsmttr {command} --stack {stack}"
        for purpose, command in _COMMANDS
    ]
    return "\n".join((f"{stack} is deployed.", *addresses, "Next:", *commands))


def main(file: Path) -> None:
    """Print the steps of each stack in the file."""
    for stack, outputs in json.loads(file.read_text(encoding="utf-8")).items():
        sys.stdout.write(next_steps(stack, outputs) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
