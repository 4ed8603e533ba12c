"""The names of organisations and repositories in arguments.

Owns the check that GitHub can have such a name, and the error if not. Pure.
"""

from graphql_api.vocabulary.errors import BadNameError, quoted
from ingest.names import LONGEST_NAME, folded, is_owner, is_repository
from rollup.rows.overview_row import REPOSITORY, Level

_CHARACTERS = f"up to {LONGEST_NAME} letters, digits, dots, hyphens and underscores"


def name_key(level: Level, name: str) -> str | None:
    """Return the key of a name, or None if the name is not valid on GitHub."""
    is_valid = is_repository if level is REPOSITORY else is_owner
    return folded(name) if is_valid(name) else None


def checked_name(level: Level, name: str, argument: str) -> str:
    """Return the key of a name in an argument.

    Raises:
        BadNameError: The name is not valid on GitHub.
    """
    key = name_key(level, name)
    if key is not None:
        return key
    if level is REPOSITORY:
        accepted = f"a repository as owner/name, each of {_CHARACTERS}"
    else:
        accepted = f"the login of an organisation or user: {_CHARACTERS}"
    raise BadNameError(f"{argument} is {quoted(name)}, but must be {accepted}.")
