"""The command `gcsmttr reconcile`: the stack compares its alerts with GitHub's now."""

import click

from operations import reconcile as reconciliations
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment


@click.command(
    epilog=epilog(
        "gcsmttr reconcile --wait --stack Gcsmttr",
        "gcsmttr reconcile --organisation octo-org --complete --stack Gcsmttr",
    )
)
@click.option("--organisation", metavar="LOGIN", help="Only this organisation.")
@click.option("--complete", "is_complete", is_flag=True, help="Compare all alerts.")
@click.option("--wait", "waits", is_flag=True, help="Wait for the end, and print the drift.")
@deployment_command
def reconcile(
    deployment: Deployment,
    output: Output,
    *,
    organisation: str | None,
    is_complete: bool,
    waits: bool,
) -> ExitStatus:
    """Compare the stored alerts with GitHub's, for connected Apps.

    The comparison runs in the stack, and corrects what differs. It reads what changed since the
    last one, or with --complete all alerts on all branches.
    """
    execution = reconciliations.start(
        deployment, organisation=organisation, is_complete=is_complete
    )
    if not waits:
        output.document({"execution": execution.name})
        output.line(execution.name)
        return ExitStatus.OK
    output.note(f"Started {execution.name}. Waiting for its end.")
    drift = reconciliations.wait(deployment, execution)
    output.document({"execution": execution.name, "drift": drift})
    for connection, kinds in sorted(drift.items()):
        found = ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items()))
        output.line(f"{connection}: {found or 'no drift'}")
    return ExitStatus.OK
