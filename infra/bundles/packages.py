"""The third-party packages of a bundle: prebuilt wheels, without what no function reads.

Owns the choice of the wheels for Lambda or for this machine, and what is removed from them. Needs
no Docker, since nothing is compiled from C or Rust here.
"""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from uv import find_uv_bin

from infra.bundles import compilation
from infra.bundles.bundle import Bundle
from infra.bundles.compilation import compile_modules
from infra.bundles.errors import BundleError
from infra.bundles.folders import Built, build_once, digest_of
from infra.config import Config

UNUSED = (
    "**/tests",
    "**/*.pyi",
    "**/py.typed",
    "*.dist-info",
    ".lock",
    "bin",
    "boto3/data",
    "boto3/examples",
    "botocore/data/*/*/examples-1.json",
    "aws_lambda_powertools/event_handler",
    "strawberry/cli",
)
"""What wheels contain, or uv leaves behind, and no function reads."""
USED = ("httpx2-*.dist-info", "httpcore2-*.dist-info")
"""What matches a pattern above, but is read: these read their own versions."""


def build_packages(bundle: Bundle, config: Config, *, root: Path) -> Built:
    """Return the folder with the packages of a bundle, built unless it exists.

    Raises:
        BundleError: uv cannot install the packages.
    """
    lock = root / "requirements" / "bundles" / f"{bundle.name}.txt"
    wheels = wheel_options(config)
    digest = digest_of(
        lock.read_bytes(),
        *(Path(recipe).read_bytes() for recipe in (__file__, compilation.__file__)),
        repr((wheels, config.python, bundle.services, sysconfig.get_platform())),
    )

    def fill(folder: Path) -> None:
        _install(lock, wheels, folder)
        _prune(folder, bundle.services)
        compile_modules([folder], bundle=folder, python=config.python)

    return build_once(config.bundle_dir / "packages" / f"{bundle.name}-{digest[:16]}", digest, fill)


def wheel_options(config: Config) -> tuple[str, ...]:
    """Return the options by which uv chooses wheels: of this machine (none), or of Lambda's.

    Lambda's Python 3.11 runs on Amazon Linux 2 (glibc 2.26), newer ones on Amazon Linux 2023 (glibc
    2.34). uv does not offer glibc 2.26, so that Python 3.11 gets wheels for 2.17 or older.
    """
    if config.target.wheels_for_host:
        return ()
    glibc = "2_17" if config.python == (3, 11) else "2_34"
    version = "{}.{}".format(*config.python)
    return ("--python-platform", f"aarch64-manylinux_{glibc}", "--python-version", version)


def _install(lock: Path, wheels: tuple[str, ...], folder: Path) -> None:
    command = [
        *(find_uv_bin(), "pip", "install", "--quiet", "--system-certs"),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *("--python", sys.executable, *wheels, "--target", str(folder), "-r", str(lock)),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        raise BundleError(f"uv cannot install {lock}:\n{done.stderr.strip()}")


def _prune(folder: Path, services: Iterable[str]) -> None:
    used = {path for pattern in USED for path in folder.glob(pattern)}
    unused = [path for pattern in UNUSED for path in folder.glob(pattern) if path not in used]
    descriptions = (folder / "botocore" / "data").glob("*/")
    unused += [path for path in descriptions if path.name not in services]
    for path in unused:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
