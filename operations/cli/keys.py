"""The commands `gcsmttr keys`: create, list and revoke API keys."""

import click

from graphql_api.access.key_store import KEPT_SECONDS
from operations import api_keys
from operations.cli.exit_status import ExitStatus
from operations.cli.help_text import epilog
from operations.cli.options import deployment_command
from operations.cli.output import Output
from operations.deployment import Deployment


@click.group(epilog=epilog("gcsmttr keys list --stack Gcsmttr"))
def keys() -> None:
    """Create, list and revoke API keys."""


@keys.command(epilog=epilog("gcsmttr keys create ci-dashboard --stack Gcsmttr"))
@click.argument("name")
@deployment_command
def create(deployment: Deployment, output: Output, name: str) -> ExitStatus:
    """Create a key and print it once.

    NAME is the person or program that uses the key. Several keys can have the same name. Only the
    hash of a key is stored, so it cannot be shown again.
    """
    key = api_keys.create(deployment, name)
    output.document({"name": name, "key": key})
    output.line(key)
    output.note("Clients send it in the header x-api-key. It is not shown again.")
    return ExitStatus.OK


@keys.command("list", epilog=epilog("gcsmttr keys list --stack Gcsmttr"))
@deployment_command
def list_keys(deployment: Deployment, output: Output) -> ExitStatus:
    """List all keys, also revoked ones."""
    found = api_keys.all_of(deployment)
    output.document(
        [
            {"name": one.name, "createdAt": one.created_at, "revokedAt": one.revoked_at}
            for one in found
        ]
    )
    if found:
        rows = [(one.name, one.created_at, one.revoked_at or "valid") for one in found]
        output.table("Name", "Created", "Revoked", rows=rows)
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

    To rotate a key, create a new one, change the clients, then revoke the old one.
    """
    revoked = api_keys.revoke(deployment, name)
    output.document({"name": name, "revoked": revoked})
    if not revoked:
        output.note(f"No valid key has the name {name}. List all with: gcsmttr keys list")
        return ExitStatus.FOUND
    output.line(f"Revoked keys: {revoked}. They stop working within {KEPT_SECONDS:.0f} seconds.")
    return ExitStatus.OK
