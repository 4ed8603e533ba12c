"""The command `gcsmttr replay`, which sends archived events through the pipeline again."""

from datetime import UTC, datetime

import click

from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.cli.recovery.times import Time, in_json, shown
from operations.deployment import Deployment
from operations.replay.archive import DELAY, Archive, describe
from operations.replay.run import Period, Replay


@click.command(
    epilog=epilog(
        "gcsmttr replay --from 2026-11-23 --to 2026-11-24 --stack Gcsmttr",
        "gcsmttr replay --from 6h --to now --dry-run --stack Gcsmttr",
    )
)
@click.option(
    "--from", "start", type=Time(), required=True,
    help="The start: 2d, 6h, 30m, a day or an RFC 3339 time.",
)  # fmt: skip
@click.option("--to", "end", type=Time(), required=True, help="The end, also `now`.")
@click.option("--dry-run", is_flag=True, help="Only describe the archive and the period.")
@deployment_command
def replay(
    deployment: Deployment, output: Output, *, start: datetime, end: datetime, dry_run: bool
) -> ExitStatus:
    """Send the archived events of a period through the pipeline again.

    The time of an event is when it was put on the event bus. An event that is recorded twice
    changes nothing, so the period can be longer than necessary. The archive keeps events for the
    number of days in the setting archiveDays. The command waits until the replay ends.
    """
    if start >= end:
        raise click.UsageError("--from must be before --to.")
    now = datetime.now(UTC)
    events = deployment.aws.events
    archive = describe(events, deployment.output("EventArchiveName"))
    period = Period(start=start, end=min(end, now))
    if period.start >= period.end:
        raise click.UsageError("--from must be in the past.")
    _warn(output, archive, period, now)
    document = {
        "from": in_json(period.start),
        "to": in_json(period.end),
        "dryRun": dry_run,
        "archivedEvents": archive.events,
        "oldestArchived": in_json(archive.oldest_at(now)),
    }
    if dry_run:
        output.document(document)
        output.line(f"Would replay {_shown(period)}.")
        output.line(f"The archive has about {archive.events:,} events in all.")
        return ExitStatus.OK
    made = Replay(
        events,
        archive_arn=archive.arn,
        bus_arn=deployment.output("EventBusArn"),
        period=period,
        now=now,
    )
    output.note(f"The replay {made.name} has started. It continues if you end this command.")
    _follow(output, made)
    output.document({**document, "replay": made.name})
    output.line(f"Replayed {_shown(period)}. The rows follow within seconds.")
    return ExitStatus.OK


def _warn(output: Output, archive: Archive, period: Period, now: datetime) -> None:
    oldest_at = archive.oldest_at(now)
    if period.start < oldest_at:
        output.note(f"The archive has no events from before {shown(oldest_at)}.")
    if period.end > now - DELAY:
        output.note(
            "Events can reach the archive 10 minutes late. Replay the last minutes again later."
        )


def _follow(output: Output, made: Replay) -> None:
    """Show how much of the period is replayed, in minutes."""
    minutes = made.period.minutes_until(made.period.end)
    done = 0
    with output.progress("Replaying", minutes) as step:
        for at in made.follow():
            reached = max(done, made.period.minutes_until(at))
            step(reached - done)
            done = reached


def _shown(period: Period) -> str:
    return f"the events from {shown(period.start)} to {shown(period.end)}"
