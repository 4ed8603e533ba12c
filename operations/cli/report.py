"""The command `gcsmttr report`, which writes a report about the remediation of alerts."""

import json
import os
from pathlib import Path

import click

from ingest.names import is_owner, is_repository
from ingest.terms import Severity
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Choices, Name, shared_options
from operations.report.figures import Figures
from operations.report.html import page
from operations.report.markdown import markdown
from operations.report.query import Subject, ask
from operations.report.table import comma_separated

KEY_VARIABLE = "GCSMTTR_KEY"
URL_VARIABLE = "GCSMTTR_URL"
_FORMATS = ("markdown", "html", "csv", "json")


@click.command(
    epilog=epilog(
        "gcsmttr report --organisation octo-org --days 30 --stack Gcsmttr",
        "gcsmttr report --organisation octo-org --format html --output week.html",
    )
)
@click.option(
    "--output", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file instead of stdout.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="markdown", show_default=True,
    help="The form of the report.",
)  # fmt: skip
@click.option(
    "--severity", "severities", multiple=True,
    type=click.Choice([one.name for one in Severity], case_sensitive=False),
    help="Only alerts of this severity. Repeat the option for more.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True,
    help="The days until today.",
)  # fmt: skip
@click.option("--team", metavar="NAME", help="Only the repositories of this team.")
@click.option(
    "--repository", metavar="OWNER/NAME", type=Name(is_repository, "a repository, OWNER/NAME"),
    help="The report is about this repository.",
)  # fmt: skip
@click.option(
    "--organisation", metavar="LOGIN", type=Name(is_owner, "a login"),
    help="The report is about this organisation.",
)  # fmt: skip
@click.option(
    "--url", metavar="URL", envvar=URL_VARIABLE,
    help=f"The address of the API, instead of a stack. Default: the variable {URL_VARIABLE}.",
)  # fmt: skip
@shared_options
def report(  # noqa: PLR0913
    *,
    url: str | None,
    organisation: str | None,
    repository: str | None,
    team: str | None,
    days: int,
    severities: tuple[str, ...],
    form: str,
    file: Path | None,
) -> ExitStatus:
    """Write a report about the remediation of alerts, for a mail, a chat or a spreadsheet.

    The command queries the API with the key in the variable GCSMTTR_KEY. With --url it needs no AWS
    credentials. Markdown and HTML contain the most important figures, a table by severity, the
    repositories with the most overdue alerts, and the oldest overdue alerts; HTML also has charts.
    CSV contains the table by severity, and JSON everything.
    """
    if bool(organisation) == bool(repository):
        raise click.UsageError("Give exactly one of --organisation and --repository.")
    if team and not organisation:
        raise click.UsageError("--team needs --organisation.")
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise click.UsageError(f"Set {KEY_VARIABLE} to an API key; gcsmttr keys create makes one.")
    choices = click.get_current_context().find_object(Choices) or Choices()
    subject = Subject(
        name=organisation or repository or "",
        is_organisation=bool(organisation),
        team=team,
        severities=severities,
    )
    address = url or choices.deployment().url("GraphqlUrl")
    figures = Figures.of(ask(address, key, subject, days=days))
    text = _written(subject, figures, "json" if choices.is_json else form)
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
    return ExitStatus.OK


def _written(subject: Subject, figures: Figures, form: str) -> str:
    if form == "html":
        return page(subject.title, figures)
    if form == "csv":
        return comma_separated(figures)
    if form == "json":
        document = {"subject": subject.title, **figures.to_document()}
        return json.dumps(document, indent=2) + "\n"
    return markdown(subject.title, figures)
