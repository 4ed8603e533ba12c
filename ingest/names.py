"""The names of organisations, repositories and alerts. GitHub compares names case-insensitively.

Owns which names are valid, the form that keys and comparisons use (`folded`), the owner in a
repository's name, and the public id of an alert. Displayed names keep GitHub's spelling. Pure.
"""

import re

LONGEST_NAME = 100
"""The longest name of an owner, and of a repository without its owner, in characters.

GitHub allows 39 and 100. The limit keeps every key far below the 1,024 and 2,048 bytes that
DynamoDB accepts.
"""
LARGEST_ALERT_NUMBER = 2**31 - 1
"""The largest number of an alert: the API reports it as GraphQL's `Int`, which has 32 bits."""

# A valid name never contains a separator of a key.
_NAME = f"[A-Za-z0-9._-]{{1,{LONGEST_NAME}}}"
_OWNER = re.compile(_NAME)
_REPOSITORY = re.compile(f"{_NAME}/{_NAME}")


def is_owner(text: str) -> bool:
    """Return whether the text is a valid login of an organisation or a user."""
    return _OWNER.fullmatch(text) is not None


def is_repository(text: str) -> bool:
    """Return whether the text is a valid name of a repository, `owner/name`."""
    return _REPOSITORY.fullmatch(text) is not None


def folded(name: str) -> str:
    """Return the name in lower case, as keys contain it: all spellings of a name are equal."""
    return name.lower()


def owner_of(repository: str) -> str:
    """Return the owner in `owner/name`, an organisation or a user, in the given spelling."""
    return repository.partition("/")[0]


def alert_id(repository: str, number: int) -> str:
    """Return the public id of an alert, `owner/name/number`, in the given spelling."""
    return f"{repository}/{number}"


def parse_alert_id(text: str) -> tuple[str, int] | None:
    """Return the folded repository and the number in a public id, or None if it is not one.

    The repository can be a name that is not valid, and the number can be out of range.
    """
    repository, _, number = folded(text).rpartition("/")
    if not repository or not (number.isascii() and number.isdecimal()):
        return None
    return repository, int(number)
