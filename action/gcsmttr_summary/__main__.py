"""`python3 -m gcsmttr_summary`, the only step of the action.

Owns the files and commands of the runner (GitHub Docs, "Workflow commands for GitHub Actions").
Exit status: 0; 1 if a condition of `fail-when` is met; 2 if the summary cannot be made.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from .api import data_of, token_of_job
from .errors import ActionError
from .figures import MEASURES, Figures, figures_of, query_of
from .inputs import Inputs, read_inputs
from .summary import summary, verdict


def main() -> int:
    """Make the summary, and return the exit status."""
    try:
        inputs = read_inputs(os.environ)
        figures = _figures(inputs)
    except ActionError as error:
        _command("error", str(error))
        return 2
    failed = [verdict(one, figures) for one in inputs.conditions if one.is_met(figures)]
    text = summary(inputs.subject, inputs.days, figures, inputs.conditions)
    _append("GITHUB_STEP_SUMMARY", text)
    values = {measure: figures.total[measure] for measure in MEASURES}
    _append("GITHUB_OUTPUT", _outputs(values, failed))
    for failure in failed:
        _command("error", failure)
    return 1 if failed else 0


def _figures(inputs: Inputs) -> Figures:
    if inputs.key:
        credentials = {"x-api-key": inputs.key}
    else:
        token = token_of_job(os.environ, inputs.audience)
        _command("add-mask", token)
        credentials = {"authorization": f"Bearer {token}"}
    kind = "organisation" if inputs.organisation else "repository"
    conditions = {"severity": inputs.severities, "team": [inputs.team] if inputs.team else None}
    variables = {
        "name": inputs.organisation or inputs.repository,
        "from": f"now-{inputs.days - 1}d" if inputs.days > 1 else "now",
        "filter": {name: value for name, value in conditions.items() if value},
    }
    response = data_of(inputs.url, credentials, query_of(kind), variables)
    figures = figures_of(response.data[kind])
    if not figures.is_known:
        raise ActionError(f"No event ever arrived for {variables['name']}: check the name")
    for warning in response.warnings:
        _command("warning", warning)
    return figures


def _outputs(values: Mapping[str, float | None], failed: list[str]) -> str:
    lines = [f"{name}={'' if value is None else value}" for name, value in values.items()]
    end = secrets.token_hex(16)
    return "\n".join([*lines, f"failures<<{end}", *failed, end]) + "\n"


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.write(text)


def _command(name: str, text: str) -> None:
    """Write a command to the runner, which reads the standard output line by line."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::{name}::{escaped}\n")


if __name__ == "__main__":
    sys.exit(main())
