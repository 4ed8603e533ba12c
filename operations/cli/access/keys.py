"""The commands `gcsmttr keys`: create, list and revoke API keys."""

from datetime import timedelta
from typing import Any

import click

from graphql_api.access.key_store import KEPT_SECONDS, AccessKey
from ingest.names import is_owner
from operations.access import api_keys
from operations.cli.durations import DURATION
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment


def _logins(
    _context: click.Context, _parameter: click.Parameter, logins: tuple[str, ...]
) -> tuple[str, ...]:
    for login in logins:
        if not is_owner(login):
            raise click.BadParameter(f"{login!r} cannot be the login of an organisation.")
    return logins


@click.group(epilog=epilog("gcsmttr keys list --stack Gcsmttr"))
def keys() -> None:
    """Create, list and revoke API keys."""


@keys.command(
    epilog=epilog("gcsmttr keys create ci --organisation acme --expires 90d --stack Gcsmttr")
)
@click.argument("name")
@click.option(
    "--organisation",
    "organisations",
    metavar="LOGIN",
    multiple=True,
    callback=_logins,
    help="Limit the key to this organisation or user. You can repeat the option.",
)
@click.option(
    "--expires",
    "lifetime",
    type=DURATION,
    metavar="DURATION",
    help="How long the key works, such as 12h or 90d. Default: until it is revoked.",
)
@deployment_command
def create(
    deployment: Deployment,
    output: Output,
    name: str,
    organisations: tuple[str, ...],
    lifetime: timedelta | None,
) -> ExitStatus:
    """Create a key and print it once.

    NAME is the person or program that uses the key. Several keys can have the same name. Only the
    hash of a key is stored, so it cannot be shown again.
    """
    created = api_keys.create(deployment, name, organisations=organisations, lifetime=lifetime)
    output.document({"name": name, "key": created.key, "expiresAt": created.expires_at})
    output.line(created.key)
    output.note("Clients send it in the header x-api-key. It is not shown again.")
    if created.expires_at is not None:
        output.note(f"It works until {created.expires_at}.")
    return ExitStatus.OK


def _document(key: AccessKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "organisations": None if key.organisations is None else sorted(key.organisations),
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "revokedAt": key.revoked_at,
        "status": api_keys.status_of(key),
    }


def _row(key: AccessKey) -> tuple[str, ...]:
    organisations = "all" if key.organisations is None else " ".join(sorted(key.organisations))
    expires_at = key.expires_at or "never"
    return key.name, organisations, key.created_at, expires_at, api_keys.status_of(key)


@keys.command("list", epilog=epilog("gcsmttr keys list --stack Gcsmttr"))
@deployment_command
def list_keys(deployment: Deployment, output: Output) -> ExitStatus:
    """List all keys, also revoked and expired ones."""
    found = api_keys.all_of(deployment)
    output.document([_document(one) for one in found])
    if found:
        output.table(
            *("Name", "Organisations", "Created", "Expires", "Status"),
            rows=[_row(one) for one in found],
        )
    else:
        output.note("There are no keys. Create one with: gcsmttr keys create NAME")
    return ExitStatus.OK


@keys.command(
    epilog=epilog(
        "gcsmttr keys revoke ci-dashboard --stack Gcsmttr", found="no valid key has this name."
    )
)
@click.argument("name")
@deployment_command
def revoke(deployment: Deployment, output: Output, name: str) -> ExitStatus:
    """Revoke all keys with a name.

    To rotate a key, create one with another name, change the clients, then revoke the old one.
    """
    revoked = api_keys.revoke(deployment, name)
    output.document({"name": name, "revoked": revoked})
    if not revoked:
        output.note(f"No valid key has the name {name}. List all with: gcsmttr keys list")
        return ExitStatus.FOUND
    output.line(f"Revoked keys: {revoked}. They stop working within {KEPT_SECONDS:.0f} seconds.")
    return ExitStatus.OK
