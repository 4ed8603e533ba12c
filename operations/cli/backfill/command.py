"""The command `gcsmttr backfill`, which reads the alerts of an account from GitHub."""

import functools
from collections.abc import Callable

import click

from github_rest.servers import server_of
from ingest.names import is_owner, is_repository
from operations.backfill.run import Backfill
from operations.backfill.selection import Selection
from operations.backfill.would_change import WouldChange
from operations.cli.backfill import report
from operations.cli.backfill.display import BackfillDisplay
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Name, deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment
from operations.github_access import Account, AccountKind

_LOGIN = Name(is_owner, "a login")


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else server_of(value).api_url
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


_OPTIONS = (
    click.option(
        "--organisation",
        metavar="LOGIN",
        type=_LOGIN,
        help="The repositories of an organisation, on their default branches.",
    ),
    click.option(
        "--user",
        metavar="LOGIN",
        type=_LOGIN,
        help="The repositories that a user owns, on all branches.",
    ),
    click.option(
        "--repository",
        metavar="OWNER/NAME",
        type=Name(is_repository, "a repository, OWNER/NAME"),
        help="One repository, on all branches.",
    ),
    click.option(
        "--enterprise",
        metavar="SLUG",
        type=Name(is_owner, "the slug of an enterprise"),
        help="The organisations of an enterprise, on default branches. Apps cannot read it, so it"
        " needs GITHUB_TOKEN.",
    ),
    click.option(
        "--api-url",
        metavar="URL",
        callback=_address,
        help="The address of GitHub Enterprise Server, or of a tenant of ghe.com. Default: that of"
        " the connected App; with GITHUB_TOKEN, github.com.",
    ),
    click.option(
        "--all-branches",
        is_flag=True,
        help="Read each repository of the organisation, on all branches: at least one request for"
        " each repository.",
    ),
    click.option(
        "--dry-run", "is_dry_run", is_flag=True, help="Print what would change. Change nothing."
    ),
    click.option(
        "--restart", is_flag=True, help="Begin again, also if an earlier run was interrupted."
    ),
)


def _with_selection(command: Callable[..., ExitStatus]) -> Callable[..., ExitStatus]:
    """Call a command with the selection that its options describe."""

    @functools.wraps(command)
    def call(  # noqa: PLR0913
        *,
        api_url: str | None,
        all_branches: bool,
        is_dry_run: bool,
        restart: bool,
        organisation: str | None,
        user: str | None,
        repository: str | None,
        enterprise: str | None,
        **given: object,
    ) -> ExitStatus:
        names = {
            AccountKind.ORGANISATION: organisation,
            AccountKind.USER: user,
            AccountKind.REPOSITORY: repository,
            AccountKind.ENTERPRISE: enterprise,
        }
        accounts = [Account(kind, name) for kind, name in names.items() if name]
        if len(accounts) != 1:
            raise click.UsageError(
                "Give exactly one of --organisation, --user, --repository and --enterprise."
            )
        if all_branches and not organisation:
            raise click.UsageError("--all-branches needs --organisation.")
        selection = Selection(
            account=accounts[0],
            api_url=api_url,
            all_branches=all_branches,
            is_dry_run=is_dry_run,
            restart=restart,
        )
        return command(selection=selection, **given)

    for option in reversed(_OPTIONS):
        call = option(call)
    return call


@click.command(
    epilog=epilog(
        "gcsmttr backfill --organisation octo-org --stack Gcsmttr",
        "gcsmttr backfill --repository octo-org/octo-repo --dry-run --stack Gcsmttr",
    )
)
@_with_selection
@deployment_command
def backfill(deployment: Deployment, output: Output, selection: Selection) -> ExitStatus:
    """Read the alerts of an account from GitHub, and record what is missing.

    The command compares GitHub's alerts with the stored ones, and publishes each one that differs
    on the event bus of the stack. It uses the token in GITHUB_TOKEN, or else the connected GitHub
    App.

    After an interruption, the same command continues where it stopped. You can repeat it, and
    run it while webhooks arrive.
    """
    display = BackfillDisplay(output)
    run = Backfill(deployment, selection, wait=display.wait)
    output.note(f"Reads {run.connection} with {run.credentials}.")
    resumed_at = run.progress.counts.pages + 1 if run.is_resumed else None
    if resumed_at is not None:
        output.note(f"Continues at page {resumed_at:,}. Started at {run.progress.started_at}.")
    would_change = WouldChange() if selection.is_dry_run else None
    try:
        with display.shown():
            for step in run.steps():
                display.show(step)
                if would_change is not None:
                    would_change.add(step.found)
    except KeyboardInterrupt:
        if not selection.is_dry_run:
            output.note("To continue, run the same command again.")
        raise
    report.show(output, run, resumed_at=resumed_at, would_change=would_change)
    return ExitStatus.OK
