"""The commands `gcsmttr badges`: create, list and revoke badges."""

from datetime import timedelta
from typing import Any

import click

from graphql_api.badges.badge import DEFAULT_DAYS, LONGEST_LABEL, MOST_DAYS, Badge, Metric
from graphql_api.badges.badge_store import StoredBadge
from graphql_api.badges.endpoint import CACHE_SECONDS
from graphql_api.vocabulary.lists import LONGEST_TEXT
from ingest.names import is_owner, is_repository
from ingest.terms import Severity
from operations.access import badges as of_deployment
from operations.cli.durations import DURATION
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import Name, deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment


def _days(_context: click.Context, _parameter: click.Parameter, window: timedelta) -> int:
    if window % timedelta(days=1) or not 1 <= window.days <= MOST_DAYS:
        raise click.BadParameter(f"Give whole days, 1d to {MOST_DAYS}d.")
    return window.days


def _team(_context: click.Context, _parameter: click.Parameter, team: str | None) -> str | None:
    if team is not None and len(team) > LONGEST_TEXT:
        raise click.BadParameter(f"Give at most {LONGEST_TEXT} characters.")
    return team


def _label(_context: click.Context, _parameter: click.Parameter, label: str | None) -> str | None:
    if label is not None and not (label.isprintable() and 1 <= len(label) <= LONGEST_LABEL):
        raise click.BadParameter(f"Give 1 to {LONGEST_LABEL} printable characters.")
    return label


@click.group(epilog=epilog("gcsmttr badges list --stack Gcsmttr"))
def badges() -> None:
    """Create, list and revoke badges, which show one number to everyone with their address."""


@badges.command(
    epilog=epilog("gcsmttr badges create --repository acme/web --metric median --stack Gcsmttr")
)
@click.option(
    "--organisation", metavar="LOGIN", type=Name(is_owner, "the login of an organisation"),
    help="The organisation whose number is shown.",
)  # fmt: skip
@click.option(
    "--repository", metavar="OWNER/NAME", type=Name(is_repository, "a repository, OWNER/NAME"),
    help="The repository whose number is shown.",
)  # fmt: skip
@click.option(
    "--team", metavar="NAME", callback=_team,
    help="Only this team of the organisation. The deployment needs the setting team.",
)  # fmt: skip
@click.option(
    "--metric", required=True, type=click.Choice([one.value for one in Metric]),
    help="The number.",
)  # fmt: skip
@click.option(
    "--severity", type=click.Choice([one.name for one in Severity], case_sensitive=False),
    help="Only alerts of this severity.",
)  # fmt: skip
@click.option(
    "--window", "days", type=DURATION, default=f"{DEFAULT_DAYS}d", show_default=True,
    metavar="DURATION", callback=_days,
    help="The days until today that count for median, p90 and compliance.",
)  # fmt: skip
@click.option("--label", metavar="TEXT", callback=_label, help="The text on the left.")
@deployment_command
def create(  # noqa: PLR0913, PLR0917  (one for each option)
    deployment: Deployment,
    output: Output,
    organisation: str | None,
    repository: str | None,
    team: str | None,
    metric: str,
    severity: str | None,
    days: int,
    label: str | None,
) -> ExitStatus:
    """Create a badge and print its addresses once.

    Everyone with the address reads this number, and nothing else. Only the hash of the token in it
    is stored, so the address cannot be shown again.
    """
    subject = organisation or repository
    if subject is None or (organisation and repository):
        raise click.UsageError("Give either --organisation or --repository.")
    if team is not None and not organisation:
        raise click.UsageError("Give --team together with --organisation.")
    created = of_deployment.create(
        deployment,
        Badge(
            metric=Metric(metric),
            subject=subject,
            team=team,
            severity=None if severity is None else Severity[severity],
            days=days,
            label=label,
        ),
    )
    output.document(
        {"svg": created.svg_url, "json": created.json_url, "markdown": created.markdown}
    )
    for line in (created.svg_url, created.json_url, created.markdown):
        output.line(line)
    output.note("Everyone with an address can read the number. It is not shown again.")
    return ExitStatus.OK


def _document(stored: StoredBadge) -> dict[str, Any]:
    badge = stored.badge
    return {
        "id": stored.id,
        "subject": badge.subject,
        "team": badge.team,
        "metric": badge.metric.value,
        "severity": badge.severity,
        "days": badge.days,
        "label": badge.label,
        "createdAt": stored.created_at,
        "revokedAt": stored.revoked_at,
    }


def _row(stored: StoredBadge) -> tuple[str, ...]:
    badge = stored.badge
    status = "valid" if stored.revoked_at is None else "revoked"
    limits = (badge.team or "all", badge.severity or "all", f"{badge.days}d")
    return stored.id, badge.subject, badge.metric.value, *limits, stored.created_at, status


@badges.command("list", epilog=epilog("gcsmttr badges list --stack Gcsmttr"))
@deployment_command
def list_badges(deployment: Deployment, output: Output) -> ExitStatus:
    """List all badges, also revoked ones."""
    found = of_deployment.all_of(deployment)
    output.document([_document(one) for one in found])
    if found:
        output.table(
            *("Id", "Subject", "Metric", "Team", "Severity", "Window", "Created", "Status"),
            rows=[_row(one) for one in found],
        )
    else:
        output.note("There are no badges. Create one with: gcsmttr badges create")
    return ExitStatus.OK


@badges.command(
    epilog=epilog(
        "gcsmttr badges revoke 0123456789ab --stack Gcsmttr", found="no valid badge has this id."
    )
)
@click.argument("badge_id", metavar="ID")
@deployment_command
def revoke(deployment: Deployment, output: Output, badge_id: str) -> ExitStatus:
    """Revoke the badge with an id, which `gcsmttr badges list` prints."""
    revoked = of_deployment.revoke(deployment, badge_id)
    output.document({"id": badge_id, "revoked": revoked})
    if not revoked:
        output.note(f"No valid badge has the id {badge_id}. List all with: gcsmttr badges list")
        return ExitStatus.FOUND
    output.line(f"Revoked. Caches can show the badge for {CACHE_SECONDS} more seconds.")
    return ExitStatus.OK
