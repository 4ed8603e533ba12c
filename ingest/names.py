"""The names of organisations and repositories: GitHub compares them case-insensitively.

Owns which names can exist, the form that keys hold and comparisons use (`folded`), and how a
repository names its owner. Displayed names keep GitHub's spelling. Pure.
"""

import re

LONGEST_NAME = 100
"""Characters of an owner, and of a repository without its owner. GitHub allows 39 and 100; this
keeps every key far below DynamoDB's 1,024 and 2,048 bytes."""

# No name can look like a key's separator.
_NAME = f"[A-Za-z0-9._-]{{1,{LONGEST_NAME}}}"
_OWNER = re.compile(_NAME)
_REPOSITORY = re.compile(f"{_NAME}/{_NAME}")


def is_owner(text: str) -> bool:
    """Whether an organisation or a user can have this login."""
    return _OWNER.fullmatch(text) is not None


def is_repository(text: str) -> bool:
    """Whether a repository can have this name, `owner/name`."""
    return _REPOSITORY.fullmatch(text) is not None


def folded(name: str) -> str:
    """The name as keys hold it: two spellings of one name are equal in it."""
    return name.lower()


def owner_of(repository: str) -> str:
    """The organisation or user that owns a repository, from `owner/name`; the case is kept."""
    return repository.partition("/")[0]
