"""The commands `gcsmttr verify` and `gcsmttr repair`, which compare overviews with All Events."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import click

from ingest.names import is_owner, is_repository
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Name, deployment_command
from operations.cli.output import Output, Step, counted
from operations.deployment import Deployment
from operations.overviews.verification import Part, Summary, Verification


def with_part(command: Callable[..., ExitStatus]) -> Callable[..., ExitStatus]:
    """Call a command with the part of the deployment that exactly one option selects."""

    @functools.wraps(command)
    def call(
        *, repository: str | None, organisation: str | None, everything: bool, **given: object
    ) -> ExitStatus:
        if sum((bool(repository), bool(organisation), everything)) != 1:
            raise click.UsageError("Give exactly one of --repository, --organisation and --all.")
        return command(part=Part(repository=repository, organisation=organisation), **given)

    for option in (
        click.option("--all", "everything", is_flag=True, help="All rows of the deployment."),
        click.option(
            "--organisation",
            metavar="LOGIN",
            type=Name(is_owner, "a login"),
            help="The rows of an organisation and of all its repositories.",
        ),
        click.option(
            "--repository",
            metavar="OWNER/NAME",
            type=Name(is_repository, "a repository, OWNER/NAME"),
            help="The rows of a repository, and the ledger entries that its organisation counts.",
        ),
    ):
        call = option(call)
    return call


@click.command(
    epilog=epilog(
        "gcsmttr verify --all --stack Gcsmttr",
        "gcsmttr verify --repository octo-org/octo-repo --stack Gcsmttr",
        found="some rows or ledger entries differ.",
    )
)
@with_part
@deployment_command
def verify(deployment: Deployment, output: Output, part: Part) -> ExitStatus:
    """Compare the overviews with All Events, and change nothing.

    The command prints one line for each difference. It compares while events arrive. Rows that
    change all the time cannot be compared; the command lists them and ends with status 4.
    """
    verification = Verification(deployment, part)
    with output.progress("Comparing", verification.total) as step:
        summary = verification.check(seen=_printed(output, step))
    output.document(_document(summary))
    if summary.found:
        output.line(f"Different: {_counted(summary)}. Repair them with: gcsmttr repair")
        return ExitStatus.FOUND
    if summary.busy:
        return _busy(output)
    output.line(
        f"All rows are correct. Compared: {summary.subjects} repositories and organisations."
    )
    return ExitStatus.OK


@click.command(epilog=epilog("gcsmttr repair --all --stack Gcsmttr"))
@with_part
@deployment_command
def repair(deployment: Deployment, output: Output, part: Part) -> ExitStatus:
    """Replace each overview row that differs from the sum of its alerts.

    The command prints what it repairs. It repairs while events arrive: each repair is one
    conditional write, so nothing counts twice and no total is wrong in between. Rows that change
    all the time cannot be repaired; the command lists them and ends with status 4.
    """
    verification = Verification(deployment, part)
    with output.progress("Repairing", verification.total) as step:
        summary = verification.repair(seen=_printed(output, step))
    output.document(_document(summary))
    output.line(f"Repaired: {_counted(summary)}.")
    return _busy(output) if summary.busy else ExitStatus.OK


def _printed(output: Output, step: Step) -> Callable[[Sequence[str]], None]:
    def seen(lines: Sequence[str]) -> None:
        for line in lines:
            output.line(line)
        step(1)

    return seen


def _busy(output: Output) -> ExitStatus:
    output.note("Some rows changed all the time. Run the command again.")
    return ExitStatus.BUSY


def _counted(summary: Summary) -> str:
    rows = counted(len(summary.rows), "row", "rows")
    entries = counted(len(summary.entries), "ledger entry", "ledger entries")
    return f"{rows} and {entries}"


def _document(summary: Summary) -> dict[str, Any]:
    return {
        "compared": summary.subjects,
        "rows": summary.rows,
        "ledgerEntries": summary.entries,
        "tooBusy": summary.busy,
    }
