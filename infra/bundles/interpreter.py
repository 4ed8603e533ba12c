"""The Python that compiles the modules of a bundle: of the runtime's version, not this app's.

Bytecode is valid for one minor version only. uv finds a Python of that version on this machine, or
downloads one into `build/`.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from infra.bundles.errors import BundleError
from infra.paths import ROOT

DOWNLOADED = ROOT / "build" / "pythons"


@cache
def interpreter_of(version: tuple[int, int]) -> str:
    """Return the path of a Python of this minor version.

    Raises:
        BundleError: None is installed, and uv cannot download one.
    """
    if version == sys.version_info[:2]:
        return sys.executable
    wanted = "{}.{}".format(*version)
    found = _uv("python", "find", wanted)
    if found.returncode != 0:
        download = _uv("python", "install", "--quiet", wanted)
        found = _uv("python", "find", wanted)
        if found.returncode != 0:
            raise BundleError(
                f"the bundles need Python {wanted} to compile their modules for Lambda, and it is"
                f" neither installed nor can uv download it. Install Python {wanted}, or set the"
                f" setting python to a version that is installed.\n{download.stderr.strip()}"
            )
    return found.stdout.strip()


def _uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [find_uv_bin(), *arguments, *(("--no-project",) if "find" in arguments else ())],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(ROOT.anchor),
        env={"UV_PYTHON_INSTALL_DIR": str(DOWNLOADED), **os.environ},
    )
