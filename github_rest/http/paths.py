"""The paths of requests: each name in a path is one segment, with any characters."""

from urllib.parse import quote


def segment(name: str) -> str:
    """Return a name as one segment of a path."""
    if name in {"", ".", ".."}:
        raise ValueError(f"{name!r} is not a name")
    return quote(name, safe="")


def repository_path(repository: str | int) -> str:
    """Return the path of a repository in the API, by `owner/name` or its id."""
    if isinstance(repository, int):
        return f"/repositories/{repository}"
    owner, _, name = repository.partition("/")
    return f"/repos/{segment(owner)}/{segment(name)}"
