"""The AWS emulator (MiniStack) as a child process: started on a free port, ended without leftovers.

Owns its environment, its folder, its log and its end. Nothing here depends on what is deployed.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from infra.paths import ROOT

_PYTHON = ROOT / ".emulator-venv" / "bin" / "python"
_START_SECONDS = 120
_STOP_SECONDS = 10
_ATTEMPTS = 3


class EmulatorError(Exception):
    """The emulator did not come up; the message says why and where its log is."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: where it listens, what it writes to, which process group it is."""

    endpoint: str
    log: Path
    group: int


@contextmanager
def running_emulator(folder: Path) -> Iterator[Emulator]:
    """An emulator that keeps everything below `folder`, for as long as the context lasts.

    On leaving, it and every process that it started have ended and its temporary files are gone;
    the log stays. Raises EmulatorError when it does not come up.
    """
    log = folder / "logs" / "emulator.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    _end_forgotten(folder)
    process, endpoint = _start(folder, log=log)
    try:
        yield Emulator(endpoint=endpoint, log=log, group=process.pid)
    finally:
        _end(process)
        _remove_leftovers(folder)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(folder: Path, *, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start it; another process can take the port first, so a quick death is tried again."""
    if not _PYTHON.exists():
        raise EmulatorError(f"{_PYTHON} is missing: run `make run`, or infra/local/setup.py")
    for _ in range(_ATTEMPTS):
        port = free_port()
        endpoint = f"http://127.0.0.1:{port}"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(_PYTHON), "-m", "ministack"],
                cwd=_made(folder / "tmp"),
                env=_environment(folder, port=port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _pid_file(folder).write_text(str(process.pid))
        try:
            if _wait_until_healthy(process, endpoint):
                return process, endpoint
        except BaseException:
            _end(process)
            raise
        _end(process)
    raise EmulatorError(f"the AWS emulator did not come up; see {log}")


def _environment(folder: Path, *, port: int) -> dict[str, str]:
    """All that it sees: its Lambdas inherit this, so nothing of the host's environment is in it."""
    return {
        "PATH": os.pathsep.join([str(_PYTHON.parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(_made(folder / "home")),
        "TMPDIR": str(_made(folder / "tmp")),
        "STATE_DIR": str(folder / "tmp" / "state"),
        "S3_DATA_DIR": str(folder / "tmp" / "s3"),
        "LANG": "C.UTF-8",
        "LAMBDA_EXECUTOR": "local",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _wait_until_healthy(process: subprocess.Popen[bytes], endpoint: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _healthy(endpoint):
            return process.poll() is None
        time.sleep(0.1)
    return False


def _healthy(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Terminate it, then kill the rest of its group: Lambda workers stay for 25 s."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_forgotten(folder: Path) -> None:
    """End the emulator that a killed run left behind in this folder.

    Its number is trusted only while the process is one of ours to look at (on Linux) and still
    runs our emulator.
    """
    file = _pid_file(folder)
    with suppress(OSError, ValueError):
        pid = int(file.read_text())
        if str(_PYTHON) in Path(f"/proc/{pid}/cmdline").read_text():
            os.killpg(pid, signal.SIGKILL)
    _remove_leftovers(folder)


def _remove_leftovers(folder: Path) -> None:
    _pid_file(folder).unlink(missing_ok=True)
    for name in ("tmp", "home"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _pid_file(folder: Path) -> Path:
    return folder / "emulator.pid"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
