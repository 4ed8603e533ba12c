"""The project's modules that some handlers import, directly or indirectly.

Reads sources with grimp, as the import linter does, and never imports them. Third-party packages
belong to the requirement files. An import of a missing module is left to mypy: grimp ignores it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

from infra.bundles.errors import MissingModuleError


def import_closure(
    handlers: Iterable[str], packages: Iterable[str], *, root: Path
) -> frozenset[Path]:
    """Return the files that importing the handler modules can load, relative to `root`.

    Includes imports inside functions and the `__init__` modules of the packages.

    Args:
        handlers: The names of modules.
        packages: The names of the top-level packages that imports are followed into.
        root: The folder of these packages; it must be on Python's path.

    Raises:
        MissingModuleError: A handler module does not exist.
    """
    graph = grimp.build_graph(*packages, cache_dir=None)
    missing = sorted(set(handlers) - graph.modules)
    if missing:
        raise MissingModuleError(f"a function needs {', '.join(missing)}, which does not exist")
    found: set[str] = set()
    waiting = set(handlers)
    while waiting:
        name = waiting.pop()
        found.add(name)
        imported = graph.find_modules_directly_imported_by(name)
        waiting |= {*imported, *_packages_of(name)} - found
    return frozenset(_file_of(name, root=root) for name in found)


def _packages_of(name: str) -> Iterator[str]:
    """Yield `a` and `a.b` for the module `a.b.c`: importing it imports them first."""
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts)))


def _file_of(name: str, *, root: Path) -> Path:
    stem = Path(*name.split("."))
    package = stem / "__init__.py"
    return package if (root / package).is_file() else stem.with_suffix(".py")
