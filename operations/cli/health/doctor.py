"""The command `gcsmttr doctor`, which examines every part of a deployed stack."""

from datetime import UTC, datetime

import click

from operations.cli.exit_status import ExitStatus
from operations.cli.health import sections
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment
from operations.doctor.run import examine


@click.command(
    epilog=epilog(
        "gcsmttr doctor --stack Gcsmttr",
        found="something is wrong. A line that begins with Next says what to do.",
    )
)
@deployment_command
def doctor(deployment: Deployment, output: Output) -> ExitStatus:
    """Examine every part of the deployed stack, and say what to do about what is wrong.

    The command compares functions, event sources, rules, tables, queues, secrets and alarms with
    the deployed template. It sends one request to the webhook and one to the GraphQL endpoint,
    which both must be refused, and includes all of `gcsmttr status`. It changes nothing.

    What your credentials may not read is shown as "could not check", and does not change the exit
    status.
    """
    now = datetime.now(UTC)
    with output.waiting("Examining the stack"):
        found = examine(deployment, now)
    unchecked = any(section.facts.get("unchecked") for section in found)
    well = "All that could be checked is well." if unchecked else "All is well."
    return sections.show(deployment, output, found, now, well=well)
