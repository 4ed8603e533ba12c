"""Sections of the status and of the doctor, as text and as one JSON document."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from operations.cli.exit_status import ExitStatus
from operations.cli.options import Choices
from operations.cli.output import Output
from operations.deployment import Deployment
from operations.status.section import Finding, Section


def show(
    deployment: Deployment, output: Output, sections: Sequence[Section], now: datetime, *, well: str
) -> ExitStatus:
    """Print the sections and what is wrong, or else the line `well`."""
    findings = [finding for section in sections for finding in section.findings]
    target = _target(deployment)
    output.document(_document(deployment, sections, now, target))
    output.show(_table(sections))
    output.line()
    for finding in findings:
        output.line(f"Wrong: {finding.what}")
        output.line(f"Next: {_command(finding, target)}")
        output.line()
    if findings:
        return ExitStatus.FOUND
    output.line(well)
    return ExitStatus.OK


def _table(sections: Sequence[Section]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for section in sections:
        title = section.title
        style = "red" if section.findings else ""
        for name, text in section.rows:
            table.add_row(title, name, Text(text, style=style))
            title = ""
    return table


def _target(deployment: Deployment) -> str:
    """Return the option that selects the deployment in a command."""
    choices = click.get_current_context().find_object(Choices) or Choices()
    return "--local" if choices.is_local else f"--stack {deployment.stack}"


def _command(finding: Finding, target: str) -> str:
    is_ours = finding.next_step.startswith("gcsmttr ") and "," not in finding.next_step
    return f"{finding.next_step} {target}" if is_ours else finding.next_step


def _document(
    deployment: Deployment, sections: Sequence[Section], now: datetime, target: str
) -> dict[str, Any]:
    return {
        "stack": deployment.stack,
        "at": now.isoformat(),
        "isWell": not any(section.findings for section in sections),
        "findings": [
            {"section": section.key, "what": finding.what, "next": _command(finding, target)}
            for section in sections
            for finding in section.findings
        ],
        **{section.key: section.facts for section in sections},
    }
