"""How the process starts: quickly, as long as it loads its modules within `quick`.

Owns two measures, each a part of a cold start. What packages load and no query needs is loaded
where it is used after all. And the garbage collector stands still: loading modules and building the
schema makes many objects and hardly any garbage, through which it would go again and again.
"""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

UNUSED = frozenset(
    {
        "asyncio.sslproto",
        "aws_lambda_powertools",
        "botocore.monitoring",
        "botocore.vendored.six",
        "configparser",
        "difflib",
        "jmespath.functions",
        "jmespath.parser",
        "strawberry.federation",
        "zipfile",
    }
)


class Later(PathFinder):
    """Finds the unused modules, for a loader that waits until something is looked up in them."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where an unused module is and how it is loaded, or None for any other."""
        found = super().find_spec(fullname, path, target) if fullname in UNUSED else None
        if found is not None and found.loader is not None:
            found.loader = LazyLoader(found.loader)
        return found


@contextmanager
def quick() -> Iterator[None]:
    """Load what is imported within, and nothing that no query needs.

    What is there at the end stays: the collector never looks at it again. Whatever happens within,
    modules are loaded and garbage is collected as ever afterwards.
    """
    gc.disable()
    sys.meta_path.insert(0, Later)
    try:
        yield
        gc.freeze()
    finally:
        sys.meta_path.remove(Later)
        gc.enable()
