"""The names of organisations and repositories in arguments: which can be one, and their keys.

Owns the check of a name and the error for one that cannot exist at GitHub. Pure.
"""

import re

from graphql_api.errors import BadNameError, quoted
from ingest.names import folded
from rollup.overview_row import REPOSITORY, Level

_NAME = "[A-Za-z0-9._-]{1,100}"
_ORGANISATION = re.compile(_NAME)
_REPOSITORY = re.compile(f"{_NAME}/{_NAME}")
_CHARACTERS = "up to 100 letters, digits, dots, hyphens and underscores"


def name_key(level: Level, name: str) -> str | None:
    """Return the key of a name, or None where the name cannot exist at GitHub."""
    form = _REPOSITORY if level is REPOSITORY else _ORGANISATION
    return folded(name) if form.fullmatch(name) else None


def checked_name(level: Level, name: str, argument: str) -> str:
    """Return the key of a name that an argument gives.

    Raises:
        BadNameError: the name cannot exist at GitHub.
    """
    key = name_key(level, name)
    if key is not None:
        return key
    if level is REPOSITORY:
        accepted = f"a repository as owner/name, each of {_CHARACTERS}"
    else:
        accepted = f"the login of an organisation or user: {_CHARACTERS}"
    raise BadNameError(f"{argument} is {quoted(name)}, but must be {accepted}.")
