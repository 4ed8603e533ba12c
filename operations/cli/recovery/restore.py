"""The command `gcsmttr restore`, which restores all tables to an earlier time."""

from datetime import UTC, datetime

import click

from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.cli.recovery.times import Time, in_json, shown
from operations.deployment import Deployment
from operations.restore.run import complete, planned, start


@click.command(epilog=epilog("gcsmttr restore --at 2026-11-23T09:00:00Z --stack Gcsmttr"))
@click.option(
    "--at", type=Time(), required=True, help="The time: 2d, 6h, 30m, a day or an RFC 3339 time."
)
@click.option("--dry-run", is_flag=True, help="Only show the tables and the names of the copies.")
@deployment_command
def restore(deployment: Deployment, output: Output, *, at: datetime, dry_run: bool) -> ExitStatus:
    """Restore all tables to an earlier time, as copies beside the present ones.

    The present tables and the stack do not change. The command prints the setting restoredTables,
    with which the next deployment uses the copies. It needs the recovery points that DynamoDB keeps
    for 35 days, and can take hours. After an interruption, run it again with the same time: it
    continues.
    """
    if at >= datetime.now(UTC):
        raise click.UsageError("--at must be in the past.")
    tables = planned(deployment, at)
    if dry_run:
        output.document({"at": in_json(at), "tables": {one.source: one.target for one in tables}})
        output.table("Table", "Copy", rows=[(one.source, one.target) for one in tables])
        return ExitStatus.OK
    dynamodb = deployment.aws.dynamodb
    for one in tables:
        start(dynamodb, one, at)
    with output.waiting(f"Restoring {len(tables)} tables to {shown(at)}"):
        values = {one.table: complete(dynamodb, one) for one in tables}
    output.document({"at": in_json(at), "restoredTables": values})
    output.line("restoredTables=" + ",".join(f"{table}={name}" for table, name in values.items()))
    output.note("Deploy with this setting, then run gcsmttr repair --all, then gcsmttr replay.")
    return ExitStatus.OK
