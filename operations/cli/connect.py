"""The command `gcsmttr connect`, which connects an account or a repository of GitHub."""

import os
import shlex
import time
import webbrowser
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from github_rest.http.retries import Patience
from github_rest.servers import GITHUB_COM, Server, server_of
from ingest.instant import to_ms, to_text
from ingest.names import is_owner, is_repository
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Name, deployment_command
from operations.cli.output import Output
from operations.connect import next_command, public_address, removal
from operations.connect.app_store import AppStore
from operations.connect.connecting import Connected, Connecting
from operations.connect.deadline import Deadline
from operations.connect.guide.page import Step, View
from operations.connect.guide.screen import Screen
from operations.connect.guide.server import serving
from operations.connect.target import Kind, Target, target_of, unseen
from operations.deployment import Deployment
from operations.github import TOKEN_VARIABLE

_SHORT = Patience(attempts=3, longest_wait_s=10)
"""A person waits for the look-up of the account."""


class ServerAddress(click.ParamType[Server]):
    """The address of a GitHub."""

    name = "url"

    def convert(
        self,
        value: str | Server,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Server:
        """Return the server with this address."""
        try:
            return value if isinstance(value, Server) else server_of(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


@dataclass(frozen=True, slots=True)
class _Terminal:
    """Prints on stderr, and opens the browser unless the user does not want it."""

    output: Output
    opens_browser: bool

    def note(self, text: str) -> None:
        self.output.note(text)

    def open(self, url: str) -> None:
        self.output.note(f"Open this page in a browser on this machine:\n  {url}")
        if self.opens_browser:
            webbrowser.open(url)


@click.command(
    epilog=epilog(
        "gcsmttr connect --organisation octo-org --stack Gcsmttr",
        "gcsmttr connect --repository octo-org/octo-repo --stack Gcsmttr",
        "gcsmttr connect --organisation octo-org --remove --stack Gcsmttr",
    )
)
@click.option(
    "--organisation", metavar="NAME", type=Name(is_owner, "a login"),
    help="Connect an organisation. You must be one of its owners.",
)  # fmt: skip
@click.option(
    "--user", metavar="NAME", type=Name(is_owner, "a login"),
    help="Connect the repositories of your own account.",
)  # fmt: skip
@click.option(
    "--repository", metavar="OWNER/NAME", type=Name(is_repository, "a repository, OWNER/NAME"),
    help="Connect one repository. The App belongs to its owner.",
)  # fmt: skip
@click.option(
    "--enterprise-server", "server", metavar="URL", type=ServerAddress(), default=None,
    help="The address of GitHub Enterprise Server or of ghe.com. Default: github.com.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the link, and open no browser.")
@click.option(
    "--wait", "minutes", metavar="MINUTES", type=click.IntRange(1, 60), default=20,
    show_default=True, help="How long the command waits for you and for GitHub.",
)  # fmt: skip
@click.option("--remove", is_flag=True, help="Disconnect: forget the App of the account.")
@deployment_command
def connect(  # noqa: PLR0913
    deployment: Deployment,
    output: Output,
    *,
    organisation: str | None,
    user: str | None,
    repository: str | None,
    server: Server | None,
    no_browser: bool,
    minutes: int,
    remove: bool,
) -> ExitStatus:
    """Connect GitHub: create a GitHub App that sends its events to the stack.

    The command opens a page that leads you through three steps: GitHub creates the App, you install
    it, and the stack accepts the first event. The App can read code scanning alerts and the names
    and settings of repositories. It cannot read code or change anything. Its keys are stored in the
    secret GitHubApps of the stack.

    You can interrupt the command. Run it again, and it continues with the same App.
    """
    kind, name = _selected(organisation, user, repository)
    server = server or GITHUB_COM
    if remove:
        return _remove(deployment, output, unseen(server, kind, name))
    public_address.check(deployment.url("WebhookUrl"), server)
    stranger = Client(None, Connection(server, patience=_SHORT))
    token = os.environ.get(TOKEN_VARIABLE)
    signed_in = Client(Token(token), stranger.connection) if token else None
    target = target_of(stranger, kind, name, signed_in=signed_in)
    is_local = deployment.endpoint is not None
    command = next_command.backfill(target, stack=deployment.stack, is_local=is_local)
    with serving() as page, output.waiting(f"Connecting {target.name}"):
        deadline = Deadline(time.monotonic() + 60 * minutes, time.monotonic, page.pause)
        view = View(step=Step.CREATE, target=target, stack=deployment.stack)
        screen = Screen(page, _Terminal(output, not no_browser), view)
        connecting = Connecting(deployment, stranger=stranger, deadline=deadline, now=_now)
        try:
            connected = connecting.run(target, screen, next_command=_line(command))
        except (KeyboardInterrupt, click.Abort):
            output.note("Run the same command again: it continues with the same App.")
            raise
    return _finish(output, target, connected, command)


def _selected(
    organisation: str | None, user: str | None, repository: str | None
) -> tuple[Kind, str]:
    given = {Kind.ORGANISATION: organisation, Kind.USER: user, Kind.REPOSITORY: repository}
    found = [(kind, name) for kind, name in given.items() if name]
    if len(found) != 1:
        raise click.UsageError("Give exactly one of --organisation, --user and --repository.")
    return found[0]


def _finish(
    output: Output, target: Target, connected: Connected, command: tuple[str, ...]
) -> ExitStatus:
    record, line = connected.record, _line(command)
    output.document(
        {
            "connection": record.connection,
            "connectedAt": record.connected_at,
            "app": {"id": record.app_id, "slug": record.app_slug},
            "allRepositories": connected.all_repositories,
            "next": line,
        }
    )
    output.line(f"{target.name} is connected by the App {record.app_slug}.")
    output.note("If a webhook made by hand sends the same alerts, delete it now.")
    root = click.get_current_context().find_root().command
    can_backfill = isinstance(root, click.Group) and command[0] in root.commands
    if can_backfill and output.is_interactive and click.confirm("Backfill now?", err=True):
        ended = root.main(list(command), prog_name="gcsmttr", standalone_mode=False)
        return next(status for status in ExitStatus if status.value == ended)
    output.note(f"Read the alerts that existed before with:\n  {line}")
    return ExitStatus.OK


def _remove(deployment: Deployment, output: Output, target: Target) -> ExitStatus:
    store = AppStore(
        deployment.aws.secretsmanager,
        secret_id=deployment.output("GitHubAppsSecretId"),
        pause=time.sleep,
    )
    removed = removal.remove(deployment, target, store)
    output.document([{"app": one.slug, "deleteAt": one.deletion_url} for one in removed])
    for one in removed:
        output.line(f"The stack has forgotten the App {one.slug}.")
        output.note(
            f"Delete it on GitHub, so that it sends nothing any more:\n  {one.deletion_url}"
        )
    return ExitStatus.OK


def _line(command: tuple[str, ...]) -> str:
    return shlex.join(("gcsmttr", *command))


def _now() -> str:
    return to_text(to_ms(datetime.now(UTC)))
