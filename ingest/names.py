"""The names of organisations and repositories: GitHub compares them case-insensitively.

Owns the form that keys hold and comparisons use (`folded`), and how a repository names its owner.
Displayed names keep GitHub's spelling. Pure.
"""


def folded(name: str) -> str:
    """The name as keys hold it: two spellings of one name are equal in it."""
    return name.lower()


def owner_of(repository: str) -> str:
    """The organisation or user that owns a repository, from `owner/name`; the case is kept."""
    return repository.partition("/")[0]
