"""The command `gcsmttr redeliver`, which asks GitHub to deliver again what got lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from github_rest.servers import GITHUB_COM, server_of
from ingest.names import is_owner, is_repository
from operations import github
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Name, deployment_command
from operations.cli.output import Output, counted
from operations.cli.recovery.times import Time, in_json, shown
from operations.deployment import Deployment
from operations.redeliver.hooks import NamedHook, Selection, hooks_of
from operations.redeliver.run import Redelivery


@click.command(
    epilog=epilog(
        "gcsmttr redeliver --since 2d --stack Gcsmttr",
        "gcsmttr redeliver --organisation octo-org --hook 12345678 --stack Gcsmttr",
        found="with --dry-run, some events are lost; otherwise GitHub no longer has some of them.",
    )
)
@click.option(
    "--since", type=Time(), default="3d", show_default=True,
    help="The start of the period: 2d, 6h, 30m, a day or an RFC 3339 time.",
)  # fmt: skip
@click.option(
    "--organisation", metavar="NAME", type=Name(is_owner, "a login"),
    help="The organisation of a webhook made by hand. Needs GITHUB_TOKEN.",
)  # fmt: skip
@click.option(
    "--repository", metavar="OWNER/NAME", type=Name(is_repository, "a repository, OWNER/NAME"),
    help="The repository of a webhook made by hand. Needs GITHUB_TOKEN.",
)  # fmt: skip
@click.option(
    "--hook", "hook_id", metavar="ID", type=click.IntRange(min=1),
    help="The id of the webhook made by hand. Default: those that deliver to this stack.",
)  # fmt: skip
@click.option(
    "--api-url", metavar="URL", default=GITHUB_COM.api_url, show_default=True,
    help="The GitHub of a webhook made by hand.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only count what is lost.")
@deployment_command
def redeliver(  # noqa: PLR0913
    deployment: Deployment,
    output: Output,
    *,
    since: datetime,
    organisation: str | None,
    repository: str | None,
    hook_id: int | None,
    api_url: str,
    dry_run: bool,
) -> ExitStatus:
    """Ask GitHub to deliver lost events again.

    An event is lost if none of the attempts to deliver it has the status OK. The command reads the
    deliveries of every connected GitHub App, or those of a webhook that was made by hand. It sends
    at most one request for a redelivery a second. An event that arrives twice counts once.

    GitHub keeps deliveries for 3 days, GitHub Enterprise Server for 7 days.
    """
    selection = _selection(organisation, repository, hook_id, api_url)
    hooks = hooks_of(deployment, selection)
    runs = [_of_hook(output, one, since, is_dry_run=dry_run) for one in hooks]
    output.document({"since": in_json(since), "dryRun": dry_run, "webhooks": _document(runs)})
    if any(one.error for one in runs):
        return ExitStatus.FAILED
    is_open = any(one.expired or (dry_run and one.lost) for one in runs)
    return ExitStatus.FOUND if is_open else ExitStatus.OK


def _selection(
    organisation: str | None, repository: str | None, hook_id: int | None, api_url: str
) -> Selection:
    if organisation and repository:
        raise click.UsageError("Give --organisation or --repository, not both.")
    if hook_id and not (organisation or repository):
        raise click.UsageError("Give --hook with --organisation or --repository.")
    try:
        server = server_of(api_url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--api-url") from error
    return Selection(
        organisation=organisation, repository=repository, hook_id=hook_id, server=server
    )


def _of_hook(output: Output, named: NamedHook, since: datetime, *, is_dry_run: bool) -> Redelivery:
    kept_since = datetime.now(UTC) - named.kept_for
    if since < kept_since - timedelta(minutes=1):
        days = named.kept_for.days
        output.note(f"{named.name}: GitHub keeps deliveries for {days} days only.")
    output.note(f"{named.name}: reading the deliveries since {shown(max(since, kept_since))} …")
    run = Redelivery(named, since=since)
    if run.lost and not is_dry_run:
        with output.progress("Redelivering", run.lost) as step:
            run.request(seen=lambda: step(1))
    _print(output, run, is_dry_run=is_dry_run)
    return run


def _print(output: Output, run: Redelivery, *, is_dry_run: bool) -> None:
    read = counted(run.attempts, "delivery", "deliveries")
    events = counted(run.events, "event", "events")
    asked = "" if is_dry_run else f" Redeliveries requested: {run.requested:,}."
    output.line(f"{run.name}: {read} of {events}, {run.lost:,} lost.{asked}")
    if is_dry_run and run.lost:
        output.note("Next: run the command without --dry-run.")
    if run.expired:
        output.note(f"GitHub no longer has {counted(run.expired, 'lost event', 'lost events')}.")
        output.note("Next: read the alerts themselves with gcsmttr backfill.")
    if run.error:
        failure = github.explained(run.error)
        output.note(f"Error: {failure}\nNext: {failure.next_step}")


def _document(runs: Sequence[Redelivery]) -> list[dict[str, Any]]:
    return [
        {
            "webhook": run.name,
            "deliveries": run.attempts,
            "events": run.events,
            "lost": run.lost,
            "requested": run.requested,
            "expired": run.expired,
            "error": run.error.reason if run.error else None,
        }
        for run in runs
    ]
