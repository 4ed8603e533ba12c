"""Which of the project's modules some modules need: their imports, followed to the end.

Reads sources only and never imports them. Third-party packages are the requirement files' matter.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGES = ("ingest", "rollup", "graphql_api")


class MissingModuleError(Exception):
    """A module of the project that is asked for, or imported, does not exist."""


def import_closure(modules: Iterable[str], *, root: Path) -> frozenset[Path]:
    """The files, relative to `root`, that importing `modules` can load, packages included.

    Imports inside functions count, since they run sooner or later. Raises MissingModuleError.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = _file_of(name, root=root)
        if path is None:
            raise MissingModuleError(f"{name} is needed by a function but is not in {root}")
        found[name] = path
        parent = name.rpartition(".")[0]
        waiting += [parent] if parent else []
        waiting += _imports(ast.parse((root / path).read_bytes()), name, path, root=root)
    return frozenset(found.values())


def _file_of(name: str, *, root: Path) -> Path | None:
    stem = Path(*name.split("."))
    candidates = (stem / "__init__.py", stem.with_suffix(".py"))
    return next((path for path in candidates if (root / path).is_file()), None)


def _imports(tree: ast.Module, name: str, path: Path, *, root: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            ancestors = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*(ancestors if node.level else []), *filter(None, [node.module])])
            if _is_ours(source):
                yield source
                members = (f"{source}.{alias.name}" for alias in node.names)
                yield from (member for member in members if _file_of(member, root=root))


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES
