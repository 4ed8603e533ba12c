"""The command `gcsmttr status`, which shows the state of a deployment and what to do about it."""

from datetime import UTC, datetime

import click

from operations.cli.exit_status import ExitStatus
from operations.cli.health import sections
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment
from operations.status.collect import status_of


@click.command(
    epilog=epilog(
        "gcsmttr status --stack Gcsmttr",
        found="something is wrong. A line that begins with Next says what to do.",
    )
)
@deployment_command
def status(deployment: Deployment, output: Output) -> ExitStatus:
    """Show whether all is well, and what to do about what is wrong.

    The command shows the connections to GitHub, the last backfill and reconcile, the rate limits,
    the newest change at each level, the queues, the dead letters and the stored source addresses.
    It only reads. `gcsmttr doctor` also examines the parts of the stack.
    """
    now = datetime.now(UTC)
    return sections.show(deployment, output, status_of(deployment, now), now, well="All is well.")
