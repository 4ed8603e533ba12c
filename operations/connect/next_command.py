"""The command to run after the connection: it reads the alerts that existed before. Pure."""

from github_rest.servers import GITHUB_COM
from operations.connect.target import Target


def backfill(target: Target, *, stack: str, is_local: bool) -> tuple[str, ...]:
    """Return the words of the command line, after `gcsmttr`."""
    where = ("--local",) if is_local else ("--stack", stack)
    is_public = target.server == GITHUB_COM
    server = () if is_public else ("--api-url", target.server.api_url)
    return ("backfill", f"--{target.kind.value}", target.name, *server, *where)
