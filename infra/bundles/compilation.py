"""Bytecode for Lambda: modules are compiled when a bundle is built, not when a function starts."""

import compileall
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

from infra.bundles.errors import BundleError


def compile_modules(part: Path, *, bundle: Path) -> None:
    """Write the bytecode of all modules below `part`, a folder of `bundle`.

    Python never compares this bytecode with its source, since Lambda's file system is read-only.

    Raises:
        BundleError: A module has a syntax that the running Python does not support.
    """
    compiled = compileall.compile_dir(
        part,
        quiet=2,
        stripdir=bundle,
        prependdir="/var/task",
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise BundleError(f"{part} contains a module that Python {sys.version} cannot compile")
