"""Bytecode for Lambda: modules are compiled when a bundle is built, not when a function starts."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from infra.bundles.errors import BundleError
from infra.bundles.interpreter import interpreter_of

OPTIONS = ("--invalidation-mode", "unchecked-hash")
"""Python never compares this bytecode with its source: Lambda's file system is read-only."""


def compile_modules(parts: Iterable[Path], *, bundle: Path, python: tuple[int, int]) -> None:
    """Write the bytecode of all modules below `parts`, which are folders of `bundle`.

    Raises:
        BundleError: A module has a syntax that this Python version does not support, or there is
            no Python of this version.
    """
    command = [
        *(interpreter_of(python), "-I", "-m", "compileall", "-qq", *OPTIONS),
        *("-s", str(bundle), "-p", "/var/task", *map(str, parts)),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        version = "{}.{}".format(*python)
        raise BundleError(
            f"{bundle} contains a module that Python {version} cannot compile\n{done.stderr}"
        )
