"""The command `gcsmttr`: its subcommands, and how it ends.

Owns the mapping from errors to messages on stderr and exit statuses.
"""

import traceback
from typing import NoReturn

import click
from botocore.exceptions import BotoCoreError, ClientError

from github_rest.errors import GitHubError
from operations import aws, github
from operations.cli.access.badges import badges
from operations.cli.access.keys import keys
from operations.cli.backfill.command import backfill
from operations.cli.connect import connect
from operations.cli.exit_status import ExitStatus
from operations.cli.health.doctor import doctor
from operations.cli.health.status import status
from operations.cli.help_text import epilog
from operations.cli.options import shared_options
from operations.cli.overviews import repair, verify
from operations.cli.reconcile import reconcile
from operations.cli.recovery.redeliver import redeliver
from operations.cli.recovery.redrive import redrive
from operations.cli.recovery.replay import replay
from operations.cli.recovery.restore import restore
from operations.cli.report import report
from operations.errors import NoLocalStackError, NoStackError, OperationsError


class App(click.Group):
    """A group of commands that always ends with a documented exit status."""

    def invoke(self, ctx: click.Context) -> NoReturn:
        """Run the selected command, and exit with its status or with that of its error."""
        ctx.exit(self._status(ctx))

    def _status(self, ctx: click.Context) -> int:
        try:
            return int(super().invoke(ctx))
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (click.Abort, KeyboardInterrupt):
            click.echo("Interrupted.", err=True)
            return ExitStatus.INTERRUPTED
        except OperationsError as error:
            return _shown(error)
        except (BotoCoreError, ClientError) as error:
            return _shown(aws.explained(error))
        except GitHubError as error:
            return _shown(github.explained(error))
        except Exception:  # noqa: BLE001  # Python's own status is 1, which means a finding here
            traceback.print_exc()
            return ExitStatus.DEFECT


def _shown(error: OperationsError) -> ExitStatus:
    click.echo(f"Error: {error}\nNext: {error.next_step}", err=True)
    is_missing = isinstance(error, NoStackError | NoLocalStackError)
    return ExitStatus.NO_STACK if is_missing else ExitStatus.FAILED


@click.group(
    name="gcsmttr",
    cls=App,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=epilog("gcsmttr keys create ci-dashboard --stack Gcsmttr"),
)
@shared_options
def app() -> None:
    """Operate a deployment of GCSMTTR.

    The options can be before and after the name of a command. Results go to stdout; progress, hints
    and errors go to stderr.
    """


for _command in (
    backfill,
    badges,
    connect,
    doctor,
    keys,
    verify,
    repair,
    reconcile,
    redeliver,
    redrive,
    replay,
    restore,
    report,
    status,
):
    app.add_command(_command)
